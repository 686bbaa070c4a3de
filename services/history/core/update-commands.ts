// What a worker answers to the updates that its workflow task carried.
import type { UpdateRequest, WorkflowCommand } from '../../../schemas/generated/messages.js';
import type { Emission } from './emission.js';
import { refused } from './failures.js';
import type { RunState } from './state.js';
import type { CommandScope } from './workflow-commands.js';

type Attributes<K extends keyof WorkflowCommand> = NonNullable<WorkflowCommand[K]>;

export const emitUpdateCommand = {
  acceptUpdate(emission: Emission, scope: CommandScope, { updateId }: Attributes<'acceptUpdate'>): void {
    const update = requestOf(scope.run, updateId);
    if (update === undefined) return;
    const { workflowTaskCompletedEventId } = scope;
    const identity = scope.run.updates.get(updateId)?.identity ?? '';
    const eventId = emission.emit('WorkflowExecutionUpdateAccepted', {
      update,
      identity,
      workflowTaskCompletedEventId,
    });
    scope.acceptedUpdates.set(updateId, eventId);
  },
  rejectUpdate(emission: Emission, _scope: CommandScope, { updateId, failure }: Attributes<'rejectUpdate'>): void {
    emission.progress('WorkflowExecutionUpdateRejected', { updateId, failure });
  },
  completeUpdate(emission: Emission, scope: CommandScope, command: Attributes<'completeUpdate'>): void {
    const { updateId, result, failure } = command;
    const acceptedEventId =
      scope.acceptedUpdates.get(updateId) ?? scope.run.updates.get(updateId)?.acceptedEventId ?? 0;
    const { workflowTaskCompletedEventId } = scope;
    const body = { updateId, acceptedEventId, result, failure, workflowTaskCompletedEventId };
    emission.emit('WorkflowExecutionUpdateCompleted', body);
  },
};

/** Refuses the updates that the worker was told of and says nothing about: it is none of the SDKs that know them. */
export function rejectUnanswered(emission: Emission, run: RunState, commands: readonly WorkflowCommand[]): void {
  const answered = new Set(commands.map(({ acceptUpdate, rejectUpdate }) => (acceptUpdate ?? rejectUpdate)?.updateId));
  for (const updateId of run.workflowTask?.updateIds ?? []) {
    if (answered.has(updateId)) continue;
    const failure = refused('the worker has not answered the update: does its SDK know updates?');
    emission.progress('WorkflowExecutionUpdateRejected', { updateId, failure });
  }
}

/** Tells what is wrong with a task's commands about updates, one after another. */
export function createUpdateCheck(run: RunState): (command: WorkflowCommand) => string | undefined {
  const waiting = new Set(run.workflowTask?.updateIds);
  const accepted = new Set<string>();
  for (const { updateId, stage } of run.updates.values()) if (stage === 'ACCEPTED') accepted.add(updateId);
  return ({ acceptUpdate, rejectUpdate, completeUpdate }) => {
    const answered = acceptUpdate ?? rejectUpdate;
    if (answered !== null && !waiting.delete(answered.updateId)) {
      return `update '${answered.updateId}' does not wait for an answer of this task`;
    }
    if (acceptUpdate !== null) accepted.add(acceptUpdate.updateId);
    if (completeUpdate === null) return undefined;
    if (completeUpdate.result !== null && completeUpdate.failure !== null) {
      return `update '${completeUpdate.updateId}' has both a result and a failure`;
    }
    return accepted.delete(completeUpdate.updateId)
      ? undefined
      : `update '${completeUpdate.updateId}' is not under way`;
  };
}

function requestOf(run: RunState, updateId: string): UpdateRequest | undefined {
  return run.updates.get(updateId)?.request ?? undefined;
}
