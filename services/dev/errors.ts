/** What can go wrong with the embedded Kafka and registry, and whether the same call may succeed later. */
export const clusterErrors = {
  NO_WAY_TO_RUN: { retryable: false },
  DOWNLOAD_FAILED: { retryable: true },
  PROCESS_FAILED: { retryable: true },
  NOT_READY: { retryable: true },
} as const;

export type ClusterErrorCode = keyof typeof clusterErrors;

/** An error of the embedded cluster; `message` says what to do next. */
export class ClusterError extends Error {
  readonly code: ClusterErrorCode;
  readonly retryable: boolean;

  constructor(code: ClusterErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ClusterError';
    this.code = code;
    this.retryable = clusterErrors[code].retryable;
  }
}
