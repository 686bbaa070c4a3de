// The state of a partition: the fold of `apply` over its history (H3), and nothing else. Only apply.ts writes it.
import type {
  Failure,
  HistoryEvent,
  Payload,
  ReplyAddress,
  RetryPolicy,
  UpdateRequest,
} from '../../../schemas/generated/messages.js';
import { MAX_FORGOTTEN_RUNS } from '../../platform/limits.js';

export type ClosedStatus = 'COMPLETED' | 'FAILED' | 'CANCELLED' | 'TERMINATED' | 'TIMED_OUT' | 'CONTINUED_AS_NEW';
export type RunStatus = 'RUNNING' | ClosedStatus;

export type CloseEvent = Extract<
  HistoryEvent,
  {
    type:
      | 'WorkflowExecutionCompleted'
      | 'WorkflowExecutionFailed'
      | 'WorkflowExecutionCanceled'
      | 'WorkflowExecutionTerminated'
      | 'WorkflowExecutionTimedOut'
      | 'WorkflowExecutionContinuedAsNew';
  }
>;

export type StartedEvent = Extract<HistoryEvent, { type: 'WorkflowExecutionStarted' }>;

/** An event by which a run asks another workflow for something. */
export type InitiatedEvent = Extract<
  HistoryEvent,
  {
    type:
      | 'StartChildWorkflowExecutionInitiated'
      | 'SignalExternalWorkflowExecutionInitiated'
      | 'RequestCancelExternalWorkflowExecutionInitiated';
  }
>;

export interface PartitionState {
  readonly partition: number;
  ownerEpoch: number;
  /** Time of the latest event; `now` never runs behind it (H7). */
  lastEventTime: number;
  readonly runs: RunTable;
  /** Run id of the latest run of each workflow id. */
  readonly currentRuns: CurrentRuns;
  /** Run ids of the closed runs, in the order in which they closed. */
  readonly closedRuns: ClosedRuns;
}

/** Runs by run id. A Map is one; the service has another, which keeps few of them in memory (H8). */
export interface RunTable {
  readonly size: number;
  has(runId: string): boolean;
  /** The run, which may be changed in place until the input at hand is decided and its events are folded in. */
  get(runId: string): RunState | undefined;
  set(runId: string, run: RunState): unknown;
  delete(runId: string): boolean;
  /** Every run there is at the call and not deleted meanwhile, whatever else changes. Some may come twice. */
  keys(): Iterable<string>;
  values(): Iterable<RunState>;
}

export interface CurrentRuns {
  get(workflowId: string): string | undefined;
  set(workflowId: string, runId: string): unknown;
  delete(workflowId: string): boolean;
}

/** Iterated oldest first, and deleted from in that order only. An iterator goes on over what is added meanwhile. */
export interface ClosedRuns extends Iterable<string> {
  readonly size: number;
  add(runId: string): unknown;
  delete(runId: string): boolean;
}

export type RunTables = Pick<PartitionState, 'runs' | 'currentRuns' | 'closedRuns'>;

export interface RunState {
  readonly workflowId: string;
  readonly runId: string;
  readonly firstExecutionRunId: string;
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly startRequestId: string;
  readonly startedAt: number;
  /** When the run or execution time-out passes, or null. */
  expiresAt: number | null;
  readonly workflowTaskTimeoutMs: number;
  memo: Readonly<Record<string, Payload>>;
  searchAttributes: Readonly<Record<string, Payload>>;
  /**
   * The event that started it, without what may change (memo, search attributes) and, where no further attempt may ask
   * for them, without its arguments.
   */
  start: StartedEvent;
  status: RunStatus;
  /** Whether it is open and stands still until it is told to go on. */
  paused: boolean;
  /** While its first workflow task waits for its time: when that is. */
  startsAt: number | null;
  nextEventId: number;
  nextSequence: number;
  historyBytes: number;
  /** Last event that a completed workflow task has seen. */
  seenEventId: number;
  /** Last event that workflow code has to be told of. Beyond seenEventId it calls for a workflow task. */
  lastInboundEventId: number;
  workflowTask: WorkflowTaskState | null;
  /** Last event seen by the worker whose answer is being folded: between WorkflowTaskStarted and its outcome. */
  answeredSeenEventId: number | null;
  readonly activities: Map<number, ActivityState>;
  readonly timers: Map<string, TimerState>;
  /** Activities and timers that ended when the code could not know it yet, and may still ask to cancel them. */
  readonly endedUnseen: Map<string, EndedUnseen>;
  /** Children that have not ended, by the event that asked for them. A closed run keeps those that it had then. */
  readonly children: Map<number, ChildState>;
  /** What it has asked of other workflows and was not answered, by the event that did. */
  readonly outgoing: Map<number, OutgoingRequest>;
  /**
   * Ids of the signals and cancel requests that the run has had, and of the last that those before it in its chain had
   * (H6). Kept after its end, so that one sent again is known.
   */
  readonly signalRequestIds: Set<string>;
  /** Updates by id, in the order in which they were asked for; of refused ones the last. Kept after its end. */
  readonly updates: Map<string, UpdateState>;
  cancelRequested: boolean;
  closed: Closure | null;
}

export interface WorkflowTaskState {
  readonly scheduledEventId: number;
  readonly attempt: number;
  readonly dispatchedAt: number;
  /** How often this attempt was put on the queue. */
  readonly dispatches: number;
  /** While it waits for its next attempt: when that is due. */
  readonly retryAt: number | null;
  readonly lastFailure: Failure | null;
  /** Updates that the current attempt carries. */
  readonly updateIds: readonly string[];
}

export interface UpdateState {
  readonly updateId: string;
  /** The request that asked for it, and who sent that. */
  readonly requestId: string;
  readonly identity: string;
  readonly stage: 'ADMITTED' | 'ACCEPTED' | 'COMPLETED' | 'REJECTED';
  /** ADMITTED: what a worker is to be told. */
  readonly request: UpdateRequest | null;
  readonly acceptedEventId: number;
  readonly result: Payload | null;
  readonly failure: Failure | null;
}

export interface ActivityState {
  readonly scheduledEventId: number;
  readonly activityId: string;
  readonly activityType: string;
  readonly taskQueue: string;
  readonly input: readonly Payload[];
  readonly headers: Readonly<Record<string, Payload>>;
  readonly scheduleToCloseTimeoutMs: number | null;
  readonly scheduleToStartTimeoutMs: number | null;
  readonly startToCloseTimeoutMs: number | null;
  readonly heartbeatTimeoutMs: number | null;
  readonly retryPolicy: RetryPolicy;
  readonly scheduledAt: number;
  attempt: number;
  attemptScheduledAt: number;
  dispatchedAt: number;
  dispatches: number;
  /** When the current attempt was claimed; null before that. */
  claimedAt: number | null;
  heartbeatAt: number | null;
  heartbeatDetails: readonly Payload[];
  identity: string;
  worker: ReplyAddress | null;
  lastFailure: Failure | null;
  /** While it waits for its next attempt: when that is due. */
  nextAttemptAt: number | null;
  cancelRequested: boolean;
}

export interface TimerState {
  readonly timerId: string;
  readonly startedEventId: number;
  readonly fireAt: number;
}

export interface ChildState {
  readonly initiatedEventId: number;
  readonly workflowId: string;
  /** The first run of its chain. */
  readonly runId: string;
  readonly workflowType: string;
  readonly parentClosePolicy: 'TERMINATE' | 'ABANDON' | 'REQUEST_CANCEL';
  /** Event id of ChildWorkflowExecutionStarted; 0 before that. */
  readonly startedEventId: number;
}

export interface OutgoingRequest {
  readonly event: InitiatedEvent;
  readonly dispatchedAt: number;
  /** How often it was sent. */
  readonly dispatches: number;
}

export interface EndedUnseen {
  readonly firstEventId: number;
  readonly endedEventId: number;
}

export interface Closure {
  readonly event: CloseEvent;
  /** Workers that had an attempt in hand when the run closed. */
  readonly abandoned: readonly ActivityState[];
}

/** Tables that are all in memory. */
export function tablesInMemory(): RunTables {
  return { runs: new Map(), currentRuns: new Map(), closedRuns: new Set() };
}

/** The state of a partition without history. */
export function createPartition(partition: number, tables: RunTables = tablesInMemory()): PartitionState {
  const { runs, currentRuns, closedRuns } = tables;
  return { partition, ownerEpoch: 0, lastEventTime: 0, runs, currentRuns, closedRuns };
}

/** The latest run of a workflow id. */
export function currentRun(state: PartitionState, workflowId: string): RunState | undefined {
  const runId = state.currentRuns.get(workflowId);
  return runId === undefined ? undefined : state.runs.get(runId);
}

/** Whether a signal ends the wait for the first workflow task: one that its starter wanted does, and no other. */
export function isWokenBySignals({ start }: RunState): boolean {
  return start.cronSchedule === null && start.continuedExecutionRunId === null;
}

/** The key of an activity in `endedUnseen`. */
export function activityKey(activityId: string): string {
  return `activity ${activityId}`;
}

/** The key of a timer in `endedUnseen`. */
export function timerKey(timerId: string): string {
  return `timer ${timerId}`;
}

/** Closed runs whose retention has passed, oldest first. As many as are forgotten at once: the rest is left to the next time. */
export function expiredRuns(state: PartitionState, now: number, retentionMs: number): string[] {
  const expired: string[] = [];
  for (const runId of state.closedRuns) {
    const closed = state.runs.get(runId)?.closed ?? null;
    if ((closed !== null && closed.event.header.eventTime + retentionMs > now) || expired.length === MAX_FORGOTTEN_RUNS)
      break;
    expired.push(runId);
  }
  return expired;
}

/** Drops a closed run: its id counts as never used, and it can't be described any more. */
export function forget(state: PartitionState, runId: string): void {
  const run = state.runs.get(runId);
  if (run === undefined || run.closed === null) return;
  state.runs.delete(runId);
  state.closedRuns.delete(runId);
  if (state.currentRuns.get(run.workflowId) === runId) state.currentRuns.delete(run.workflowId);
}
