/** One after the other, in the order in which they ask. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    // Whoever is next begins, however this one ends.
    this.#last = result.catch(() => undefined);
    return result;
  }
}
