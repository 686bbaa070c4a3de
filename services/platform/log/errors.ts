/** What can go wrong with the log, and whether the same call may succeed later. */
export const logErrors = {
  LOG_FENCED: { retryable: false },
  LOG_UNAVAILABLE: { retryable: true },
  BATCH_TOO_LARGE: { retryable: false },
  UNKNOWN_TOPIC: { retryable: true },
  UNAUTHORIZED: { retryable: false },
} as const;

export type LogErrorCode = keyof typeof logErrors;

/** An error of the log; `message` says what to do next. */
export class LogError extends Error {
  readonly code: LogErrorCode;
  readonly retryable: boolean;

  constructor(code: LogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LogError';
    this.code = code;
    this.retryable = logErrors[code].retryable;
  }
}
