import { type Duration, msOptionalToNumber } from '../common/duration.js';
import { CancelledFailure } from '../common/failure/failure.js';
import { AsyncLocalStorage } from './async-context.js';
import { currentRun } from './current-run.js';
import { cancelTimer, startTimer } from './timers.js';

const storage = new AsyncLocalStorage<CancellationScope>();

export interface CancellationScopeOptions {
  /** Cancels the scope after this time. */
  readonly timeout?: Duration;
  /** Whether cancelling the scope cancels what runs in it, and its child scopes. */
  readonly cancellable: boolean;
  /** Default: the current scope. */
  readonly parent?: CancellationScope;
}

/**
 * Timers, activities and conditions belong to the scope that they are started in and are cancelled with it. Scopes form
 * a tree, whose root is cancelled when the workflow is; one that isn't cancellable shields everything under it.
 */
export class CancellationScope {
  readonly timeout: number | undefined;
  readonly cancellable: boolean;
  readonly parent: CancellationScope | undefined;
  /** Rejects with a CancelledFailure when the scope is asked to cancel, whether or not it is cancellable. */
  readonly cancelRequested: Promise<never>;

  readonly #reject: (error: CancelledFailure) => void;
  /** Called at once and in order, ahead of the code that waits for `cancelRequested`. */
  readonly #listeners = new Set<(error: CancelledFailure) => void>();
  #requested: CancelledFailure | undefined;

  constructor(options?: CancellationScopeOptions) {
    this.timeout = msOptionalToNumber(options?.timeout);
    this.cancellable = options?.cancellable ?? true;
    let rejectRequested: (error: CancelledFailure) => void = () => {};
    this.cancelRequested = new Promise<never>((_, reject) => {
      rejectRequested = reject;
    });
    this.#reject = rejectRequested;
    // Nobody need wait for it.
    this.cancelRequested.catch(() => {});
    this.parent = options?.parent ?? this.enclosing();
    if (this.parent?.cancellable) this.parent.onCancel((error) => this.request(error));
  }

  /** Whether new timers and activities of the scope are cancelled on the spot. */
  get consideredCancelled(): boolean {
    return this.cancellable && this.#requested !== undefined;
  }

  /** Runs a function in the scope. Cancelling the scope doesn't end the function: what it waits for rejects. */
  async run<T>(fn: () => Promise<T>): Promise<T> {
    return storage.run(this, () => this.runWithTimeout(fn));
  }

  /** Asks the scope, and the cancellable ones under it, to cancel. */
  cancel(): void {
    this.request(new CancelledFailure('Cancellation scope cancelled'));
  }

  /** Calls the listener when the scope is asked to cancel, at once if it was; returns what takes it off again. */
  onCancel(listener: (error: CancelledFailure) => void): () => void {
    if (this.#requested !== undefined) listener(this.#requested);
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The scope of the code that is running. */
  static current(): CancellationScope {
    return storage.getStore() ?? currentRun().rootScope;
  }

  static cancellable<T>(fn: () => Promise<T>): Promise<T> {
    return new CancellationScope({ cancellable: true }).run(fn);
  }

  static nonCancellable<T>(fn: () => Promise<T>): Promise<T> {
    return new CancellationScope({ cancellable: false }).run(fn);
  }

  static withTimeout<T>(timeout: Duration, fn: () => Promise<T>): Promise<T> {
    return new CancellationScope({ cancellable: true, timeout }).run(fn);
  }

  protected enclosing(): CancellationScope | undefined {
    return CancellationScope.current();
  }

  protected request(error: CancelledFailure): void {
    if (this.#requested !== undefined) return;
    this.#requested = error;
    this.#reject(error);
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener(error);
  }

  private async runWithTimeout<T>(fn: () => Promise<T>): Promise<T> {
    if (this.timeout === undefined) return fn();
    const run = currentRun();
    const seq = startTimer(run, this.timeout, () => this.cancel());
    const stop = () => void cancelTimer(run, seq);
    const forget = this.onCancel(stop);
    try {
      return await fn();
    } finally {
      forget();
      stop();
    }
  }
}

/** The scope of a whole run. */
export class RootCancellationScope extends CancellationScope {
  override cancel(): void {
    this.request(new CancelledFailure('Workflow cancelled'));
  }

  protected override enclosing(): undefined {
    return undefined;
  }
}
