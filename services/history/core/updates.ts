// Updates: asked for, taken to a worker, and answered. An update is known by its id within its run, so that one asked
// for twice happens once, and whoever asks late is told what came of it. Those who wait are kept in memory only.
import type {
  AwaitUpdate,
  CommandHeader,
  Failure,
  Reply,
  UpdateRequest,
  UpdateWorkflow,
} from '../../../schemas/generated/messages.js';
import {
  MAX_ID_LENGTH,
  MAX_IN_FLIGHT_UPDATE_BYTES,
  MAX_IN_FLIGHT_UPDATES,
  MAX_TASK_UPDATE_BYTES,
  MAX_UPDATES,
} from '../../platform/limits.js';
import { Emission } from './emission.js';
import { acceptedUpdateUnfinished } from './failures.js';
import type { Decision, Effect } from './input.js';
import { notFound, reject, rejection, rejectNotFound, runOf, runOfChain, takenUpBefore } from './lookup.js';
import { asTold } from './signal-workflow.js';
import type { PartitionState, RunState, UpdateState } from './state.js';

type UpdateWait = Extract<Effect, { kind: 'await-update' }>;
type Stage = UpdateWait['stage'];

/** Takes an update in, for the next workflow task, or waits for the one of its id. */
export function updateWorkflow(state: PartitionState, command: UpdateWorkflow, now: number): Decision {
  const { header, update, waitForStage } = command;
  const problem = updateProblem(update);
  if (problem !== undefined) return reject(header, 'INVALID_ARGUMENT', problem);
  const run = runOfChain(state, command);
  if (run === undefined) return rejectNotFound(header, run);
  const { updateId } = update;
  const isMine = (earlier: RunState) => earlier.updates.get(updateId)?.requestId === header.requestId;
  const known = isKnown(run, update, header) ? run : takenUpBefore(state, header, run, isMine, now);
  if (known !== undefined) return awaiting(header, known, updateId, waitForStage);
  if (run.status !== 'RUNNING') return rejectNotFound(header, run);
  const refusal = tooManyUpdates(run, update);
  if (refusal !== undefined) return reject(header, 'TOO_LARGE', refusal, run);
  const emission = new Emission(run, now);
  admitUpdate(emission, header, update);
  emission.scheduleWorkflowTask(asTold(run));
  return { events: emission.events, effects: awaiting(header, run, updateId, waitForStage).effects };
}

/** Waits for an update that was asked for before. */
export function awaitUpdate(state: PartitionState, { header, updateId, waitForStage }: AwaitUpdate): Decision {
  const run = runOf(state, header);
  if (run === undefined) return rejectNotFound(header, run);
  if (!run.updates.has(updateId)) return reject(header, 'UPDATE_NOT_FOUND', unknownUpdate(run, updateId), run);
  return awaiting(header, run, updateId, waitForStage);
}

/** Records that the update was asked for: a worker is told of it with the next workflow task. */
export function admitUpdate(emission: Emission, { identity, requestId }: CommandHeader, update: UpdateRequest): void {
  emission.progress('WorkflowExecutionUpdateAdmitted', { update, identity, requestId });
}

/** Answers once the update has come far enough. */
export function awaiting(
  { replyTo, requestId }: CommandHeader,
  { workflowId, runId }: Pick<RunState, 'workflowId' | 'runId'>,
  updateId: string,
  stage: Stage,
): Decision {
  if (replyTo === null) return { events: [], effects: [] };
  return {
    events: [],
    effects: [{ kind: 'await-update', to: replyTo, requestId, workflowId, runId, updateId, stage }],
  };
}

/** Whether the update was asked for already. One that was refused may be asked for anew, but not by the same request. */
export function isKnown(run: RunState, { updateId }: UpdateRequest, { requestId }: CommandHeader): boolean {
  const known = run.updates.get(updateId);
  return known !== undefined && (known.stage !== 'REJECTED' || known.requestId === requestId);
}

export function updateProblem({ updateId, updateName }: UpdateRequest): string | undefined {
  if (updateId === '') return 'the update id is empty: give it one';
  if (updateId.length > MAX_ID_LENGTH) return `the update id is longer than ${MAX_ID_LENGTH} characters`;
  if (updateName === '') return 'the update name is empty: name the update that is meant';
  if (updateName.length > MAX_ID_LENGTH) return `the update name is longer than ${MAX_ID_LENGTH} characters`;
  return undefined;
}

/** Why the run takes in no such update now, or undefined. */
export function tooManyUpdates(run: RunState, update: UpdateRequest): string | undefined {
  let inFlight = 0;
  let all = 0;
  let bytes = sizeOf(update);
  for (const { stage, request } of run.updates.values()) {
    if (stage === 'ADMITTED' || stage === 'ACCEPTED') inFlight += 1;
    if (stage !== 'REJECTED') all += 1;
    if (request !== null) bytes += sizeOf(request);
  }
  if (all >= MAX_UPDATES) return `a run takes ${MAX_UPDATES} updates: let the workflow continue as new before that`;
  if (inFlight >= MAX_IN_FLIGHT_UPDATES) {
    return `${MAX_IN_FLIGHT_UPDATES} updates of this run are in flight, the most there may be: wait for some of them`;
  }
  if (bytes > MAX_IN_FLIGHT_UPDATE_BYTES) {
    return `the arguments of updates that wait for a worker would take ${bytes} bytes, and ${MAX_IN_FLIGHT_UPDATE_BYTES} is the most: wait for some of them`;
  }
  return undefined;
}

/** The updates that a workflow task carries: those that wait, in their order, as many as fit but at least one. */
export function updatesForTask(run: RunState): string[] {
  const updateIds: string[] = [];
  let bytes = 0;
  for (const { updateId, request } of run.updates.values()) {
    if (request === null) continue;
    bytes += sizeOf(request);
    if (updateIds.length > 0 && bytes > MAX_TASK_UPDATE_BYTES) break;
    updateIds.push(updateId);
  }
  return updateIds;
}

/** Whether an update waits that the pending workflow task doesn't carry. */
export function hasUndelivered({ updates, workflowTask }: RunState): boolean {
  for (const { updateId, stage } of updates.values()) {
    if (stage === 'ADMITTED' && !workflowTask?.updateIds.includes(updateId)) return true;
  }
  return false;
}

/** The answer to one who waits for an update, or undefined while there is none. */
export function updateReply(
  run: RunState,
  wait: Pick<UpdateWait, 'requestId' | 'updateId' | 'stage'>,
): Reply | undefined {
  const { requestId, updateId } = wait;
  const { workflowId, runId } = run;
  const update = run.updates.get(updateId);
  const base = { type: 'UpdateAnswered', requestId, workflowId, runId, updateId, result: null, failure: null } as const;
  const outcome = update === undefined ? undefined : outcomeOf(run, update);
  if (outcome !== undefined) return { ...base, stage: 'COMPLETED', ...outcome };
  if (update?.stage === 'ACCEPTED') return wait.stage === 'ACCEPTED' ? { ...base, stage: 'ACCEPTED' } : undefined;
  if (run.closed !== null) return notFound({ requestId, workflowId, runId }, run);
  if (update !== undefined) return undefined;
  return rejection({ requestId, workflowId }, 'UPDATE_NOT_FOUND', unknownUpdate(run, updateId), run);
}

function outcomeOf(
  run: RunState,
  { stage, result, failure }: UpdateState,
): { readonly result: UpdateState['result']; readonly failure: Failure | null } | undefined {
  if (stage === 'COMPLETED' || stage === 'REJECTED') return { result, failure };
  // Its handler was under way when the run ended.
  if (stage === 'ACCEPTED' && run.closed !== null) return { result: null, failure: acceptedUpdateUnfinished() };
  return undefined;
}

function unknownUpdate({ workflowId, runId }: RunState, updateId: string): string {
  return `run '${runId}' of workflow '${workflowId}' knows no update '${updateId}'`;
}

function sizeOf({ input, headers }: UpdateRequest): number {
  let bytes = 0;
  for (const { data, metadata } of [...input, ...Object.values(headers)]) {
    bytes += data.length;
    for (const value of Object.values(metadata)) bytes += value.length;
  }
  return bytes;
}
