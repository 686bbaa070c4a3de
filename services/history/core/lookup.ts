import type { CommandHeader, Reply } from '../../../schemas/generated/messages.js';
import type { Decision } from './input.js';
import { type ActivityState, currentRun, type PartitionState, type RunState } from './state.js';

/** The run that a command means: the named one, or the workflow's latest. */
export function runOf(state: PartitionState, header: CommandHeader): RunState | undefined {
  const run = header.runId === null ? currentRun(state, header.workflowId) : state.runs.get(header.runId);
  return run?.workflowId === header.workflowId ? run : undefined;
}

/** As `runOf`, but only a run of the chain that the command means, if it names one. */
export function runOfChain(
  state: PartitionState,
  { header, firstExecutionRunId }: { readonly header: CommandHeader; readonly firstExecutionRunId: string | null },
): RunState | undefined {
  const run = runOf(state, header);
  return firstExecutionRunId === null || run?.firstExecutionRunId === firstExecutionRunId ? run : undefined;
}

/** Runs before the current one that are looked at for a request that comes again. */
const MAX_RUNS_BEFORE = 8;
/** Requests come again within seconds of an owner's change; runs that ended longer ago need not be fetched from the store. */
const COMES_AGAIN_WITHIN_MS = 10 * 60_000;

/**
 * The earlier run of the workflow that took up this very request (H6): its answer was lost, the workflow has gone on by
 * continuing as new, and the request, which names no run, comes again.
 */
export function takenUpBefore(
  state: PartitionState,
  header: CommandHeader,
  current: RunState,
  isTakenUp: (run: RunState) => boolean,
  now: number,
): RunState | undefined {
  if (header.runId !== null) return undefined;
  let later: RunState | undefined = current;
  for (let count = 0; later !== undefined && count < MAX_RUNS_BEFORE; count++) {
    const { continuedExecutionRunId }: RunState['start'] = later.start;
    if (continuedExecutionRunId === null || later.startedAt + COMES_AGAIN_WITHIN_MS < now) return undefined;
    later = state.runs.get(continuedExecutionRunId);
    if (later !== undefined && isTakenUp(later)) return later;
  }
  return undefined;
}

/** The activity attempt that a worker speaks of, unless it is over. */
export function attemptOf(
  state: PartitionState,
  attempt: { readonly header: CommandHeader; readonly scheduledEventId: number; readonly attempt: number },
): { readonly run: RunState; readonly activity: ActivityState } | undefined {
  const run = runOf(state, attempt.header);
  const activity = run?.activities.get(attempt.scheduledEventId);
  if (run === undefined || activity === undefined) return undefined;
  // While it waits for its next attempt, `attempt` already counts that one, which no worker has been given yet.
  if (activity.attempt !== attempt.attempt || activity.nextAttemptAt !== null) return undefined;
  return { run, activity };
}

/** Answers a command without changing anything. */
export function answer(header: CommandHeader, reply: Reply): Decision {
  return { events: [], effects: header.replyTo === null ? [] : [{ kind: 'reply', to: header.replyTo, reply }] };
}

export function accept(header: CommandHeader, runId: string): Decision {
  return answer(header, { type: 'CommandAccepted', requestId: header.requestId, workflowId: header.workflowId, runId });
}

type RejectionCode = Extract<Reply, { type: 'CommandRejected' }>['code'];

export function reject(header: CommandHeader, code: RejectionCode, message: string, run?: RunState): Decision {
  return answer(header, rejection(header, code, message, run));
}

export function rejection(
  { requestId, workflowId }: Pick<CommandHeader, 'requestId' | 'workflowId'>,
  code: RejectionCode,
  message: string,
  run?: RunState,
): Reply {
  const workflowStatus = run?.status ?? null;
  return { type: 'CommandRejected', requestId, workflowId, runId: run?.runId ?? null, code, message, workflowStatus };
}

export function rejectNotFound(header: CommandHeader, run: RunState | undefined): Decision {
  return answer(header, notFound(header, run));
}

/** The answer to who wants something of a run that is closed, or of none. */
export function notFound(
  header: Pick<CommandHeader, 'requestId' | 'workflowId' | 'runId'>,
  run: RunState | undefined,
): Reply {
  const { workflowId, runId } = header;
  const which = runId === null ? '' : ` with run id '${runId}'`;
  const message =
    run === undefined
      ? `no workflow '${workflowId}'${which} is known in this namespace`
      : `workflow '${workflowId}' is already closed (${run.status})`;
  return rejection(header, 'WORKFLOW_NOT_FOUND', message, run);
}
