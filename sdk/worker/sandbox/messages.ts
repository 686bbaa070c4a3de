// What crosses between the worker's thread and the sandbox's: encoded records, strings and numbers. They are posted in
// arrays, since a post costs as much as a small activation.
import type { CodecSnapshot } from '../../../services/platform/codec/codec.js';
import type { LogLevel } from '../../common/logger.js';
import type { Metric, MetricTags } from '../../common/metrics.js';
import type { LocalActivityResolution } from '../../workflow/activation.js';
import type { FailureErrorTypes } from '../../workflow/named-failures.js';
import type { SinkCall } from '../../workflow/sinks.js';
import type { LocalActivityCall } from '../local-activity-runner.js';
import type { QueryOutcome, WorkflowTaskOutcome } from '../workflow-executor.js';
import type { ExecutorErrorCode } from './errors.js';
import type { ReplayOutcome, ReplayTask } from './history-replay.js';

export type TaskOutcome = WorkflowTaskOutcome | QueryOutcome | ReplayOutcome;

export type ToThread =
  | { readonly type: 'task'; readonly taskId: number; readonly bytes: Uint8Array }
  | ({ readonly type: 'replay'; readonly taskId: number } & ReplayTask)
  | { readonly type: 'history'; readonly fetchId: number; readonly events: readonly Uint8Array[] }
  | {
      readonly type: 'no-history';
      readonly fetchId: number;
      readonly code: 'HISTORY_UNAVAILABLE' | 'HISTORY_EXPIRED';
      readonly reason: string;
    }
  | {
      readonly type: 'local-activity-over';
      readonly executionId: number;
      readonly resolution: LocalActivityResolution;
    };

export type FromThread =
  | { readonly type: 'ready' }
  | { readonly type: 'outcome'; readonly taskId: number; readonly outcome: TaskOutcome }
  | { readonly type: 'rejected'; readonly taskId: number; readonly code: ExecutorErrorCode; readonly message: string }
  | ({ readonly type: 'fetch'; readonly fetchId: number } & HistoryRequest)
  | { readonly type: 'run-local-activity'; readonly executionId: number; readonly call: LocalActivityCall }
  | { readonly type: 'cancel-local-activity'; readonly executionId: number }
  | { readonly type: 'sink'; readonly taskId: number; readonly call: SinkCall }
  | { readonly type: 'measure'; readonly metric: Metric; readonly value: number; readonly tags: MetricTags }
  | ({ readonly type: 'log' } & WorkflowLogLine);

export interface HistoryRequest {
  readonly workflowId: string;
  readonly runId: string;
  readonly firstEventId: number;
}

export interface WorkflowLogLine {
  readonly level: LogLevel;
  readonly message: string;
  /** JSON. */
  readonly facts: string;
}

/** What a sandbox is for. */
export interface SandboxData {
  readonly code: string;
  readonly codec: CodecSnapshot;
  readonly namespace: string;
  readonly identity: string;
  /** Bytes of a value before its codecs. */
  readonly maxValueBytes: number;
  /** Errors that end a workflow of a type, by the names of their classes. */
  readonly failureErrorTypes: FailureErrorTypes;
  readonly maxCachedBytes: number;
  /** Undefined for as many as fit. */
  readonly maxCachedRuns: number | undefined;
  /** The activities that the worker has; one named `default` serves every type. */
  readonly activityTypes: readonly string[];
  /** How far the workflows' time is ahead of the machine's; undefined where it is the machine's. */
  readonly clockShift?: SharedArrayBuffer | undefined;
}

/** What the thread is started with. */
export interface ThreadData extends SandboxData {
  readonly runtimeCode: string;
  readonly clock: SharedArrayBuffer;
}

/** Bytes that own their buffer. A clone or transfer of a slice takes the whole buffer along, pooled neighbours too. */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  return Uint8Array.prototype.slice.call(bytes);
}
