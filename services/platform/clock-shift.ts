/** How far a clock is ahead of the machine's, in whole milliseconds: in memory that other threads can look at. */
export class ClockShift {
  readonly buffer: SharedArrayBuffer;
  readonly #ms: BigInt64Array;

  /** Without the buffer of another one it is a shift of its own, of none so far. */
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(8)) {
    this.buffer = buffer;
    this.#ms = new BigInt64Array(buffer);
  }

  get ms(): number {
    return Number(Atomics.load(this.#ms, 0));
  }

  grow(ms: number): void {
    Atomics.add(this.#ms, 0, BigInt(ms));
  }
}
