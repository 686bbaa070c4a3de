// What the host tells a run, and what the run answers: data only, so that it can be recorded, compared and replayed.
import type {
  ActivityFailureInfo,
  Failure,
  Payload,
  RetryPolicy,
  UpdateRequest,
  WorkflowCommand,
  WorkflowExecutionSignaled,
  WorkflowExecutionStarted,
} from '../../schemas/generated/messages.js';

/** What may happen to a run, by name. A new job doesn't compile until `jobs.ts` handles it. */
export interface JobTypes {
  initializeWorkflow: { readonly started: WorkflowExecutionStarted };
  /** History has the patch's marker: where the code asks for it, it took the new way. */
  notifyHasPatch: { readonly patchId: string };
  /** The run was reset: from here on it draws other numbers than the run whose history it began with. */
  updateRandomSeed: { readonly seed: string };
  signalWorkflow: Pick<WorkflowExecutionSignaled, 'signalName' | 'input' | 'headers'>;
  doUpdate: UpdateRequest & {
    /** False on replay: history has it as accepted. */
    readonly runValidator: boolean;
  };
  cancelWorkflow: { readonly reason: string };
  fireTimer: { readonly seq: number };
  completeActivity: { readonly seq: number; readonly result: Payload | null };
  failActivity: { readonly seq: number; readonly failure: Failure };
  resolveLocalActivity: LocalActivityResolution;
  startChildWorkflow: { readonly seq: number; readonly runId: string };
  failChildWorkflowStart: { readonly seq: number; readonly cause: string; readonly message: string };
  completeChildWorkflow: { readonly seq: number; readonly result: Payload | null };
  failChildWorkflow: { readonly seq: number; readonly failure: Failure };
  /** Another workflow has the signal, or can't be found. */
  resolveSignal: { readonly seq: number; readonly failedCause: string | null };
  /** Another workflow was asked to cancel, or can't be found. */
  resolveCancellation: { readonly seq: number; readonly failedCause: string | null };
}

export type Job = { [K in keyof JobTypes]: { readonly type: K } & JobTypes[K] }[keyof JobTypes];

/** A local activity that the code waits for, from its attempt on. */
export interface LocalActivityRequest {
  readonly seq: number;
  /** The first attempt to make, from 1; a later one after a durable wait. */
  readonly attempt: number;
  readonly activityId: string;
  readonly activityType: string;
  readonly input: readonly Payload[];
  readonly headers: Readonly<Record<string, Payload>>;
  /** When the code first asked for it. */
  readonly scheduledAt: number;
  readonly scheduleToCloseTimeoutMs: number | null;
  readonly scheduleToStartTimeoutMs: number | null;
  readonly startToCloseTimeoutMs: number | null;
  /** Null means the default one. */
  readonly retryPolicy: RetryPolicy | null;
  /** Longest wait before a retry that the worker sits out itself. */
  readonly localRetryThresholdMs: number;
}

/** What became of a local activity: a result, a failure, or a wait that is too long for a worker to sit out. */
export interface LocalActivityResolution {
  readonly seq: number;
  /** The time that the code sees when it is told. */
  readonly completedAt: number;
  readonly result: Payload | null;
  readonly failure: Failure | null;
  readonly retryState: ActivityFailureInfo['retryState'];
  /** Wait before the attempt `nextAttempt`, in milliseconds; null when the activity is over. */
  readonly backoffMs: number | null;
  readonly nextAttempt: number;
}

/** One step of a run: the jobs of one workflow task, under one time. */
export interface Activation {
  /** What the code sees as now, in milliseconds. */
  readonly now: number;
  /** Whether the code has been through this before: its log lines are dropped and its commands compared. */
  readonly isReplaying: boolean;
  /** Last event that the run has been told of. */
  readonly historyLength: number;
  /** Encoded size of those events. */
  readonly historySize: number;
  /** Updates accepted so far. */
  readonly acceptedUpdates: number;
  /** The start's facts and patches first, then signals, then updates, then the others, each in the order of their events. */
  readonly jobs: readonly Job[];
}

type Attributes = { readonly [K in keyof WorkflowCommand]-?: NonNullable<WorkflowCommand[K]> };

export type CommandKind = keyof Attributes;

/** A command as the code gave it. */
export type RunCommand = {
  [K in CommandKind]: {
    readonly kind: K;
    readonly attributes: Attributes[K];
    /** The sequence number of its timer, activity, child and so on; 0 for a command that ends the run. */
    readonly seq: number;
    /** Where the code gave it. Caught only on replay: a live run has nothing to be compared with. */
    readonly origin: Error | undefined;
  };
}[CommandKind];

export type RunCommandOf<K extends CommandKind> = Extract<RunCommand, { readonly kind: K }>;

/** What an activation came to. */
export type Conclusion =
  | {
      readonly kind: 'commands';
      readonly commands: readonly RunCommand[];
      /** Local activities to run, and those to cancel, by their sequence numbers. */
      readonly localActivities: readonly LocalActivityRequest[];
      readonly cancelledLocalActivities: readonly number[];
    }
  | { readonly kind: 'task-failure'; readonly cause: TaskFailureCause; readonly failure: Failure };

export type TaskFailureCause = 'WORKFLOW_WORKER_UNHANDLED_FAILURE' | 'WORKFLOW_TYPE_NOT_REGISTERED';

/** What a query came to. */
export type QueryAnswer =
  | { readonly kind: 'answered'; readonly result: Payload }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'unknown'; readonly failure: Failure };
