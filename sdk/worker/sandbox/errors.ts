/** What `runTask` rejects with, and whether the same call may succeed later. */
export const executorErrors = {
  /** Bytes that are neither a WorkflowTask nor a QueryTask of a schema known here. */
  TASK_UNREADABLE: { retryable: false },
  /** The run's history could not be read. */
  HISTORY_UNAVAILABLE: { retryable: true },
  /** The run is over, and its history is past its retention: nobody needs the task any more. */
  HISTORY_EXPIRED: { retryable: false },
  /** The executor was closed; Kafka delivers the task again. */
  EXECUTOR_CLOSED: { retryable: false },
  /** The sandbox ends again and again without having done anything. */
  SANDBOX_CRASHED: { retryable: false },
} as const satisfies Record<string, { readonly retryable: boolean }>;

export type ExecutorErrorCode = keyof typeof executorErrors;

export class WorkflowExecutorError extends Error {
  readonly code: ExecutorErrorCode;
  readonly retryable: boolean;

  constructor(code: ExecutorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'WorkflowExecutorError';
    this.code = code;
    this.retryable = executorErrors[code].retryable;
  }
}
