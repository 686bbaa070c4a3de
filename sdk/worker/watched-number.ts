/** Where a number is watched. Temporal gives an rxjs Observable; this is the part of one that needs no dependency. */
export interface Watchable {
  /** Calls with the number now, and with each further one, until `unsubscribe`. */
  subscribe(observer: ((value: number) => void) | { next?(value: number): void }): { unsubscribe(): void };
}

export interface WatchedNumber extends Watchable {
  readonly value: number;
  set(value: number): void;
}

export function watchedNumber(): WatchedNumber {
  const observers = new Set<(value: number) => void>();
  let current = 0;
  return {
    get value() {
      return current;
    },
    set(value) {
      if (value === current) return;
      current = value;
      for (const observe of [...observers]) observe(value);
    },
    subscribe(observer) {
      const observe = (value: number) => (typeof observer === 'function' ? observer(value) : observer.next?.(value));
      observers.add(observe);
      observe(current);
      return { unsubscribe: () => void observers.delete(observe) };
    },
  };
}
