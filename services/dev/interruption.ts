/** npm passes a Ctrl-C on to a program that has had it from the terminal already: the two are one. */
const SAME_MS = 1_000;

/** Resolves at the first Ctrl-C, request to end, or closing of the terminal. A second one ends the process at once. */
export function interruption(): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        first ??= performance.now();
        if (performance.now() - first > SAME_MS) process.exit(130);
        resolve();
      });
    }
  });
}
