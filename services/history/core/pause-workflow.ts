// A paused run stands still: no workflow task and no attempt of an activity is put on its queue. What is out already may
// still be answered, what comes in is gathered, and time goes on: timers fire and time-outs pass.
import type { PauseWorkflow, UnpauseWorkflow } from '../../../schemas/generated/messages.js';
import { dispatchAttempt } from './activity-task.js';
import { Emission } from './emission.js';
import type { Decision } from './input.js';
import { accept, rejectNotFound, runOf } from './lookup.js';
import type { PartitionState } from './state.js';

/** Lets the run stand still. One that does already stays so. */
export function pauseWorkflow(state: PartitionState, command: PauseWorkflow, now: number): Decision {
  const { header, reason } = command;
  const run = runOf(state, header);
  if (run?.status !== 'RUNNING') return rejectNotFound(header, run);
  if (run.paused) return accept(header, run.runId);
  const emission = new Emission(run, now);
  const { identity, requestId, replyTo } = header;
  emission.emit('WorkflowExecutionPaused', { reason, identity, requestId, replyTo });
  return emission.decision();
}

/** Lets the run go on: what was held back is put on its queue. */
export function unpauseWorkflow(state: PartitionState, command: UnpauseWorkflow, now: number): Decision {
  const { header, reason } = command;
  const run = runOf(state, header);
  if (run?.status !== 'RUNNING') return rejectNotFound(header, run);
  if (!run.paused) return accept(header, run.runId);
  const emission = new Emission(run, now);
  const { identity, requestId, replyTo } = header;
  emission.emit('WorkflowExecutionUnpaused', { reason, identity, requestId, replyTo });
  for (const activity of run.activities.values()) if (activity.dispatches === 0) dispatchAttempt(emission, activity);
  // Also where nothing has come in: a worker may have asked for a further task, of which there is no other trace.
  emission.scheduleWorkflowTask({ ...run, paused: false });
  return emission.decision();
}
