// What follows a run's code through its waits. The host's AsyncLocalStorage carries it: one for the whole thread, since
// each makes every promise dearer, and none could ever be given back. A context is a map that is never changed.

export type AsyncContext = ReadonlyMap<object, unknown>;

/** The part of Node's AsyncLocalStorage that is needed. The host gives it: a realm of its own has none. */
export interface ContextStorage {
  getStore(): AsyncContext | undefined;
  run<R>(context: AsyncContext, fn: () => R): R;
  enterWith(context: AsyncContext): void;
}

const nothing: AsyncContext = new Map();

let storage: ContextStorage = { getStore: () => nothing, run: (_context, fn) => fn(), enterWith: () => {} };

export function installContextStorage(installed: ContextStorage): void {
  storage = installed;
}

/** As Node's, and the global of that name. A run's end takes its storages along. */
export class AsyncLocalStorage<T> {
  static bind<A extends unknown[], R>(fn: (...args: A) => R): (...args: A) => R {
    const inContext = AsyncLocalStorage.snapshot();
    return (...args) => inContext(fn, ...args);
  }

  static snapshot(): <A extends unknown[], R>(fn: (...args: A) => R, ...args: A) => R {
    const context = storage.getStore() ?? nothing;
    return (fn, ...args) => storage.run(context, () => fn(...args));
  }

  getStore(): T | undefined {
    return storage.getStore()?.get(this) as T | undefined;
  }

  run<A extends unknown[], R>(store: T, fn: (...args: A) => R, ...args: A): R {
    return storage.run(this.#with(store), () => fn(...args));
  }

  exit<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): R {
    return storage.run(this.#without(), () => fn(...args));
  }

  enterWith(store: T): void {
    storage.enterWith(this.#with(store));
  }

  disable(): void {
    storage.enterWith(this.#without());
  }

  #with(store: T): AsyncContext {
    return new Map(storage.getStore()).set(this, store);
  }

  #without(): AsyncContext {
    const context = new Map(storage.getStore());
    context.delete(this);
    return context;
  }
}
