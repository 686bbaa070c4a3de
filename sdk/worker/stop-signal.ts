import { type ActivityCancellationDetails, notCancelled } from '../activity/cancellation.js';
import { CancelledFailure } from '../common/failure/failure.js';

/** What asks one attempt of a local activity to stop, and why. */
export class StopSignal {
  readonly #controller = new AbortController();
  readonly #cancelled: AbortSignal;
  readonly #listener = () => this.#stop({ cancelRequested: true }, 'CANCELLED');
  details: ActivityCancellationDetails | undefined;

  constructor(cancelled: AbortSignal) {
    this.#cancelled = cancelled;
    if (cancelled.aborted) this.#listener();
    else cancelled.addEventListener('abort', this.#listener, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  timeOut(): void {
    this.#stop({ timedOut: true }, 'TIMED_OUT');
  }

  close(): void {
    this.#cancelled.removeEventListener('abort', this.#listener);
  }

  #stop(why: Partial<ActivityCancellationDetails>, reason: string): void {
    this.details = { ...notCancelled, ...this.details, ...why };
    this.#controller.abort(new CancelledFailure(reason));
  }
}
