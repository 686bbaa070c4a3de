export interface ShutdownSignals {
  /**
   * Calls back at the first of the signals, until the function returned is called. A second signal finds no listener
   * and ends the process, as it would without workers: somebody is in a hurry.
   */
  watch(callback: () => void): () => void;
}

/** The signals are listened for as long as somebody wants to know. */
export function watchShutdownSignals(signals: readonly NodeJS.Signals[]): ShutdownSignals {
  const callbacks = new Set<() => void>();

  function callAll(): void {
    for (const callback of [...callbacks]) {
      remove(callback);
      callback();
    }
  }

  function remove(callback: () => void): void {
    if (!callbacks.delete(callback) || callbacks.size > 0) return;
    for (const signal of signals) process.off(signal, callAll);
  }

  return {
    watch(callback) {
      if (callbacks.size === 0) for (const signal of signals) process.on(signal, callAll);
      callbacks.add(callback);
      return () => remove(callback);
    },
  };
}
