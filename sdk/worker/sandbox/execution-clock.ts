// Tells the worker's thread when the sandbox is inside workflow code, and for which task, without a message.

const ENTRIES = 0;
const TASK = 1;

export class ExecutionClock {
  readonly buffer: SharedArrayBuffer;
  readonly #cells: Int32Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(8)) {
    this.buffer = buffer;
    this.#cells = new Int32Array(buffer);
  }

  /** Workflow code of the task is entered. */
  begin(taskId: number): void {
    Atomics.store(this.#cells, TASK, taskId);
    Atomics.add(this.#cells, ENTRIES, 1);
  }

  end(): void {
    Atomics.add(this.#cells, ENTRIES, 1);
  }

  /** The entry under way; undefined while no workflow code runs. */
  read(): { readonly entry: number; readonly taskId: number } | undefined {
    const entry = Atomics.load(this.#cells, ENTRIES);
    // Entered and left an odd and an even number of times.
    return entry % 2 === 0 ? undefined : { entry, taskId: Atomics.load(this.#cells, TASK) };
  }
}
