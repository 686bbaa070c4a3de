/**
 * Sends once answers are listened for, in the order of the calls: who need not wait doesn't pass those that still do.
 * `listen` gives undefined where answers are listened for already.
 */
export function sendInOrder<T, R>(
  listen: () => Promise<void> | undefined,
  send: (what: T) => Promise<R>,
): (what: T) => Promise<R> {
  /** Settles when whoever waits last has begun to send. */
  let last: Promise<void> | undefined;
  return (what) => {
    const listening = listen();
    if (listening === undefined && last === undefined) return send(what);
    // Only the beginning is waited for: the sender keeps the order from there on.
    const begun = Promise.all([last, listening]).then(() => ({ sent: send(what) }));
    const turn = begun.then(
      () => undefined,
      () => undefined,
    );
    last = turn;
    void turn.then(() => {
      if (last === turn) last = undefined;
    });
    return begun.then(({ sent }) => sent);
  };
}
