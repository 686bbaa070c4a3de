/** What is to be given back in the end. */
export class Teardown {
  readonly #steps: Array<() => unknown> = [];

  add(step: () => unknown): void {
    this.#steps.push(step);
  }

  /**
   * Gives back what was opened last first, each thing once and whatever becomes of the others. Rejects in the end with
   * what has failed.
   */
  async run(): Promise<void> {
    const errors: unknown[] = [];
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, 'parts of the environment could not be ended');
  }
}
