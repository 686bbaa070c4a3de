/**
 * Thrown by an activity that some other process will complete. Completing from outside is not supported yet: the
 * worker fails an activity that throws this, without a retry, so that it doesn't wait for a result that can't come.
 */
export class CompleteAsyncError extends Error {
  constructor() {
    super('The activity is completed from outside');
    this.name = 'CompleteAsyncError';
  }
}
