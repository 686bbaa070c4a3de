/** The worker did not come to rest within `shutdownForceTime`. What it had in hand is delivered again elsewhere. */
export class GracefulShutdownPeriodExpiredError extends Error {
  override readonly name = 'GracefulShutdownPeriodExpiredError';
}

/** The promise given to `runUntil` was still pending `promiseCompletionTimeout` after the worker had stopped. */
export class PromiseCompletionTimeoutError extends Error {
  override readonly name = 'PromiseCompletionTimeoutError';
}

/** Both the worker and the promise given to `runUntil` failed. */
export class CombinedWorkerRunError extends Error {
  override readonly name = 'CombinedWorkerRunError';
  declare readonly cause: { readonly workerError: unknown; readonly innerError: unknown };

  constructor(message: string, cause: { readonly workerError: unknown; readonly innerError: unknown }) {
    super(message, { cause });
  }
}

/**
 * A promise was rejected that nobody looked at. Workflow code's are found in its sandbox and fail the workflow's task,
 * so that no worker ends by one: the class is here for programs that look for it.
 */
export class UnhandledRejectionError extends Error {
  override readonly name = 'UnhandledRejectionError';
}

/** The code of a workflow failed where its history says that it went on. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
}
