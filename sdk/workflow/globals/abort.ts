import { CancellationScope } from '../cancellation-scope.js';
import { currentRun } from '../current-run.js';
import { DOMException } from './dom-exception.js';
import { setTimeout } from './timers.js';

interface AbortEvent {
  readonly type: 'abort';
  readonly target: AbortSignal;
}

type Listener = ((event: AbortEvent) => void) | { handleEvent(event: AbortEvent): void };

// The host's own would call listeners outside of any run, and throw what they throw into the worker.
let aborting: (signal: AbortSignal, reason: unknown) => void;
let creating = false;

export class AbortSignal {
  static {
    aborting = (signal, reason) => signal.#abort(reason);
  }

  onabort: ((event: AbortEvent) => void) | null = null;
  readonly #listeners = new Map<Listener, boolean>();
  #aborted = false;
  #reason: unknown;

  constructor() {
    if (!creating) throw new TypeError('Illegal constructor');
    creating = false;
  }

  static abort(reason?: unknown): AbortSignal {
    const signal = createSignal();
    aborting(signal, reason ?? new DOMException('This operation was aborted', 'AbortError'));
    return signal;
  }

  /** Aborts after a durable timer. */
  static timeout(ms: number): AbortSignal {
    const signal = createSignal();
    setTimeout(
      () => aborting(signal, new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
      ms,
    );
    return signal;
  }

  static any(signals: Iterable<AbortSignal>): AbortSignal {
    const signal = createSignal();
    for (const source of signals) {
      if (source.aborted) aborting(signal, source.reason);
      else source.addEventListener('abort', () => aborting(signal, source.reason), { once: true });
    }
    return signal;
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }

  addEventListener(type: string, listener: Listener | null, options?: { readonly once?: boolean } | boolean): void {
    if (type !== 'abort' || listener === null || this.#listeners.has(listener)) return;
    this.#listeners.set(listener, typeof options === 'object' && options.once === true);
  }

  removeEventListener(type: string, listener: Listener | null): void {
    if (type === 'abort' && listener !== null) this.#listeners.delete(listener);
  }

  #abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    const event: AbortEvent = { type: 'abort', target: this };
    if (this.onabort !== null) call(this.onabort, event);
    for (const [listener, once] of [...this.#listeners]) {
      if (once) this.#listeners.delete(listener);
      call(listener, event);
    }
  }
}

export class AbortController {
  readonly signal: AbortSignal = createSignal();

  abort(reason?: unknown): void {
    aborting(this.signal, reason ?? new DOMException('This operation was aborted', 'AbortError'));
  }
}

function createSignal(): AbortSignal {
  creating = true;
  return new AbortSignal();
}

/** One listener's error must not keep the others from being called; it fails the task as an unhandled rejection. */
function call(listener: Listener, event: AbortEvent): void {
  const scope = CancellationScope.current() ?? currentRun().rootScope;
  void scope.run(async () => {
    if (typeof listener === 'function') listener.call(event.target, event);
    else listener.handleEvent(event);
  });
}
