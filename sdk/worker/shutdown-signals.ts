/** Signals that shut workers down, as in Temporal. */
const signals = ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGUSR2'] as const;

const callbacks = new Set<() => void>();

/**
 * Calls back at the first of the signals, until the function returned is called. A second signal finds no listener and
 * ends the process, as it would without workers: somebody is in a hurry.
 */
export function onShutdownSignal(callback: () => void): () => void {
  if (callbacks.size === 0) for (const signal of signals) process.on(signal, callAll);
  callbacks.add(callback);
  return () => remove(callback);
}

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
