// Signals and cancellations that a workflow sends to another one: what it is told of them. Each is answered once; what
// comes again is dropped.
import type {
  RecordExternalWorkflowCancelRequested,
  RecordExternalWorkflowSignaled,
} from '../../../schemas/generated/messages.js';
import { Emission, nothing } from './emission.js';
import type { Decision } from './input.js';
import type { InitiatedEvent, PartitionState, RunState } from './state.js';

type Answer = RecordExternalWorkflowSignaled | RecordExternalWorkflowCancelRequested;

export function recordExternalSignaled(
  state: PartitionState,
  command: RecordExternalWorkflowSignaled,
  now: number,
): Decision {
  const run = asker(state, command, 'SignalExternalWorkflowExecutionInitiated');
  if (run === undefined) return nothing;
  const emission = new Emission(run, now);
  const { failedCause: cause } = command;
  if (cause === null) emission.emit('ExternalWorkflowExecutionSignaled', targetOf(command));
  else emission.emit('SignalExternalWorkflowExecutionFailed', { ...targetOf(command), cause });
  emission.scheduleWorkflowTask(run);
  return emission.decision();
}

export function recordExternalCancelRequested(
  state: PartitionState,
  command: RecordExternalWorkflowCancelRequested,
  now: number,
): Decision {
  const run = asker(state, command, 'RequestCancelExternalWorkflowExecutionInitiated');
  if (run === undefined) return nothing;
  const emission = new Emission(run, now);
  const { failedCause: cause } = command;
  if (cause === null) emission.emit('ExternalWorkflowExecutionCancelRequested', targetOf(command));
  else emission.emit('RequestCancelExternalWorkflowExecutionFailed', { ...targetOf(command), cause });
  emission.scheduleWorkflowTask(run);
  return emission.decision();
}

/** The run that still waits for the answer. */
function asker(
  state: PartitionState,
  { header, initiatedEventId }: Answer,
  type: InitiatedEvent['type'],
): RunState | undefined {
  const run = header.runId === null ? undefined : state.runs.get(header.runId);
  return run?.outgoing.get(initiatedEventId)?.event.type === type ? run : undefined;
}

function targetOf({ initiatedEventId, targetWorkflowId, targetRunId }: Answer) {
  return { initiatedEventId, targetWorkflowId, targetRunId };
}
