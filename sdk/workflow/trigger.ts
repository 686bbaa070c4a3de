import { CancellationScope } from './cancellation-scope.js';

/** A promise to be settled from outside, by a signal handler for example. It rejects when its scope is cancelled. */
export class Trigger<T> implements PromiseLike<T> {
  readonly resolve: (value: T | PromiseLike<T>) => void;
  readonly reject: (reason?: unknown) => void;
  // Named so that a Trigger can be awaited.
  // biome-ignore lint/suspicious/noThenProperty: being awaited is what it is for
  readonly then: <R = T, E = never>(
    onfulfilled?: ((value: T) => R | PromiseLike<R>) | null,
    onrejected?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ) => PromiseLike<R | E>;

  constructor() {
    let settle: Pick<Trigger<T>, 'resolve' | 'reject'> = { resolve: () => {}, reject: () => {} };
    const promise = new Promise<T>((resolve, reject) => {
      settle = { resolve, reject };
    });
    // One that nobody awaits must not fail the task when the workflow is cancelled.
    promise.catch(() => {});
    const scope = CancellationScope.current();
    const forget = scope.cancellable ? scope.onCancel((error) => settle.reject(error)) : () => {};
    this.resolve = (value) => {
      forget();
      settle.resolve(value);
    };
    this.reject = (reason) => {
      forget();
      settle.reject(reason);
    };
    // biome-ignore lint/suspicious/noThenProperty: as above
    this.then = promise.then.bind(promise) as Trigger<T>['then'];
  }
}
