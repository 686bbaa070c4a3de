import type {
  ActivityTask,
  Command,
  HistoryEvent,
  QueryTask,
  Reply,
  ReplyAddress,
  UpdateRequest,
} from '../../../schemas/generated/messages.js';
import type { RunEvent } from './apply.js';

export type ResetCommand = Extract<Command, { type: 'ResetWorkflow' }>;

/** What the loop feeds into `decide`. */
export type Input =
  | { readonly kind: 'command'; readonly command: Command }
  /** A reset, with the numbered events of the run that it means; none where they are not at hand, the run being closed. */
  | { readonly kind: 'reset'; readonly command: ResetCommand; readonly history: readonly RunEvent[] }
  /** Something of the run is due at or before now: a timer, a time-out, a retry. */
  | { readonly kind: 'timer-due'; readonly runId: string }
  /** The events of all that is due would pass the batch limit: do less of it, and leave out what is large. */
  | { readonly kind: 'timer-due-in-brief'; readonly runId: string }
  /** The events of this command would pass the batch limit: refuse it by name instead. */
  | { readonly kind: 'too-large'; readonly command: Command; readonly bytes: number; readonly limitBytes: number };

/**
 * What `decide` answers. The events are one atomic batch. The effects stand on no event: they may be lost with the
 * process, and their askers ask again. Both leave only after every event decided before them is acknowledged (H5).
 */
export interface Decision {
  readonly events: readonly HistoryEvent[];
  readonly effects: readonly Effect[];
}

/** What the loop does outside the log. */
export type Effect =
  /** Put a WorkflowTask on its queue; the loop adds the events firstEventId to seenEventId. */
  | ({ readonly kind: 'dispatch-workflow-task' } & WorkflowTaskDispatch)
  | { readonly kind: 'dispatch-activity-task'; readonly task: ActivityTask }
  /** Put the query on its queue once `mayAnswer` says so: the answer is to account for the run's events so far. */
  | { readonly kind: 'dispatch-query'; readonly task: QueryTask; readonly afterEventId: number }
  /** Send a command to another workflow, in whichever partition it lives. */
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'reply'; readonly to: ReplyAddress; readonly reply: Reply }
  /** Answer with `closedReply` once the run is closed. */
  | { readonly kind: 'await-close'; readonly to: ReplyAddress; readonly requestId: string; readonly runId: string }
  /** Answer with `updateReply` once it has something to say. */
  | {
      readonly kind: 'await-update';
      readonly to: ReplyAddress;
      readonly requestId: string;
      readonly workflowId: string;
      readonly runId: string;
      readonly updateId: string;
      readonly stage: 'ACCEPTED' | 'COMPLETED';
    }
  /** Answer with the run's events from firstEventId on (open run), or with where they stand (closed run). */
  | {
      readonly kind: 'send-history';
      readonly to: ReplyAddress;
      readonly requestId: string;
      readonly runId: string;
      readonly firstEventId: number;
    };

export interface WorkflowTaskDispatch {
  readonly workflowId: string;
  readonly runId: string;
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly scheduledEventId: number;
  readonly attempt: number;
  readonly firstEventId: number;
  readonly seenEventId: number;
  readonly startToCloseTimeoutMs: number;
  readonly updates: readonly UpdateRequest[];
}
