// What the host tells a run, and what the run answers: data only, so that it can be recorded, compared and replayed.
import type {
  Failure,
  Payload,
  WorkflowCommand,
  WorkflowExecutionSignaled,
  WorkflowExecutionStarted,
} from '../../schemas/generated/messages.js';

/** What may happen to a run, by name. A new job doesn't compile until `jobs.ts` handles it. */
export interface JobTypes {
  initializeWorkflow: { readonly started: WorkflowExecutionStarted };
  /** History has the patch's marker: where the code asks for it, it took the new way. */
  notifyHasPatch: { readonly patchId: string };
  signalWorkflow: Pick<WorkflowExecutionSignaled, 'signalName' | 'input' | 'headers'>;
  cancelWorkflow: { readonly reason: string };
  fireTimer: { readonly seq: number };
  completeActivity: { readonly seq: number; readonly result: Payload | null };
  failActivity: { readonly seq: number; readonly failure: Failure };
}

export type Job = { [K in keyof JobTypes]: { readonly type: K } & JobTypes[K] }[keyof JobTypes];

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
  /** The start's facts and patches first, then signals, then the others, each in the order of their events. */
  readonly jobs: readonly Job[];
}

type Attributes = { readonly [K in keyof WorkflowCommand]-?: NonNullable<WorkflowCommand[K]> };

export type CommandKind = keyof Attributes;

/** A command as the code gave it. */
export type RunCommand = {
  [K in CommandKind]: {
    readonly kind: K;
    readonly attributes: Attributes[K];
    /** The sequence number of its timer or activity; 0 for a command that ends the run. */
    readonly seq: number;
    /** Where the code gave it. Caught only on replay: a live run has nothing to be compared with. */
    readonly origin: Error | undefined;
  };
}[CommandKind];

export type RunCommandOf<K extends CommandKind> = Extract<RunCommand, { readonly kind: K }>;

/** What an activation came to. */
export type Conclusion =
  | { readonly kind: 'commands'; readonly commands: readonly RunCommand[] }
  | { readonly kind: 'task-failure'; readonly cause: TaskFailureCause; readonly failure: Failure };

export type TaskFailureCause = 'WORKFLOW_WORKER_UNHANDLED_FAILURE' | 'WORKFLOW_TYPE_NOT_REGISTERED';

/** What a query came to. */
export type QueryAnswer =
  | { readonly kind: 'answered'; readonly result: Payload }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'unknown'; readonly failure: Failure };
