import { condition, defineQuery, defineSignal, setHandler } from 'millrace/workflow';

export const setDeadline = defineSignal<[number]>('setDeadline');
export const timeLeft = defineQuery<number>('timeLeft');

/** A timer whose deadline may be moved while it runs. */
class UpdatableTimer implements PromiseLike<void> {
  #deadline: number;
  #moved = false;
  readonly #passed: Promise<void>;

  constructor(deadline: number) {
    this.#deadline = deadline;
    this.#passed = this.#run();
  }

  // biome-ignore lint/suspicious/noThenProperty: being awaited is what it is for
  then<R1 = void, R2 = never>(
    done?: (() => R1 | PromiseLike<R1>) | null,
    failed?: (e: unknown) => R2 | PromiseLike<R2>,
  ) {
    return this.#passed.then(done, failed);
  }

  set deadline(value: number) {
    this.#deadline = value;
    this.#moved = true;
  }

  get deadline(): number {
    return this.#deadline;
  }

  async #run(): Promise<void> {
    for (;;) {
      this.#moved = false;
      const wasMoved = await condition(() => this.#moved, Math.max(1, this.#deadline - Date.now()));
      if (!wasMoved) return;
    }
  }
}

export async function waitUntil(deadline: number): Promise<string> {
  const timer = new UpdatableTimer(deadline);
  setHandler(setDeadline, (value) => {
    timer.deadline = value;
  });
  setHandler(timeLeft, () => timer.deadline - Date.now());
  await timer;
  return timer.deadline === deadline ? 'the first deadline has passed' : 'the moved deadline has passed';
}
