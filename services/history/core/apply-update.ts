import { MAX_REMEMBERED_REJECTIONS } from '../../platform/limits.js';
import type { Appliers } from './apply.js';
import { invariant } from './invariant.js';
import { isWokenBySignals, type RunState, type UpdateState } from './state.js';

export const applyToUpdates: Appliers<
  | 'WorkflowExecutionUpdateAdmitted'
  | 'WorkflowExecutionUpdateAccepted'
  | 'WorkflowExecutionUpdateRejected'
  | 'WorkflowExecutionUpdateCompleted'
> = {
  WorkflowExecutionUpdateAdmitted(run, { update, identity, requestId }) {
    const { updateId } = update;
    const before = run.updates.get(updateId);
    invariant(before === undefined || before.stage === 'REJECTED', `update '${updateId}' of ${run.runId} comes twice`);
    // One that came with the start waits with it, as a signal does.
    if (requestId !== run.startRequestId && isWokenBySignals(run)) run.startsAt = null;
    // Taken off first, so that it stands behind those that came before it.
    run.updates.delete(updateId);
    const outcome = { result: null, failure: null };
    run.updates.set(updateId, {
      updateId,
      requestId,
      identity,
      stage: 'ADMITTED',
      request: update,
      acceptedEventId: 0,
      ...outcome,
    });
  },
  WorkflowExecutionUpdateAccepted(run, { header, update, identity }) {
    // A run that was made by a reset begins with updates that were admitted in the run before.
    const before = run.updates.get(update.updateId) ?? freshUpdate(update.updateId, identity);
    invariant(before.stage === 'ADMITTED', `update '${update.updateId}' of ${run.runId} is accepted twice`);
    run.updates.set(update.updateId, { ...before, stage: 'ACCEPTED', request: null, acceptedEventId: header.eventId });
  },
  WorkflowExecutionUpdateRejected(run, { updateId, failure }) {
    const before = run.updates.get(updateId);
    invariant(before?.stage === 'ADMITTED', `update '${updateId}' of ${run.runId} is refused and doesn't wait`);
    run.updates.set(updateId, { ...before, stage: 'REJECTED', request: null, failure });
    forgetRejections(run);
  },
  WorkflowExecutionUpdateCompleted(run, { updateId, result, failure }) {
    const before = run.updates.get(updateId);
    invariant(before?.stage === 'ACCEPTED', `update '${updateId}' of ${run.runId} ends and is not under way`);
    run.updates.set(updateId, { ...before, stage: 'COMPLETED', result, failure });
  },
};

/** Those that no worker has accepted are asked for in vain: whoever waits is told that the run is closed. */
export function dropAdmitted(run: RunState): void {
  for (const { updateId, stage } of run.updates.values()) if (stage === 'ADMITTED') run.updates.delete(updateId);
}

function freshUpdate(updateId: string, identity: string): UpdateState {
  return {
    updateId,
    requestId: '',
    identity,
    stage: 'ADMITTED',
    request: null,
    acceptedEventId: 0,
    result: null,
    failure: null,
  };
}

/** Keeps the last few: enough to answer a request that is sent again. */
function forgetRejections(run: RunState): void {
  const rejected = [...run.updates.values()].filter(({ stage }) => stage === 'REJECTED');
  for (const { updateId } of rejected.slice(0, -MAX_REMEMBERED_REJECTIONS)) run.updates.delete(updateId);
}
