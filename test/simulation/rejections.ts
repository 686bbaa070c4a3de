/**
 * What Node finds unhandled while a simulation runs. Workflow code may leave a rejection behind, which its run is told;
 * anybody else must not: that ends the simulation.
 */
export class Rejections {
  #told: (error: unknown) => void = () => undefined;
  readonly unexpected: unknown[] = [];
  readonly #listener = (error: unknown): void => {
    if (isOfWorkflowCode(error)) this.#told(error);
    else this.unexpected.push(error);
  };

  /** Workflow code is entered, of a sandbox that wants to know. */
  expectFor(handler: (error: unknown) => void): void {
    this.#told = handler;
  }

  listen(): void {
    process.on('unhandledRejection', this.#listener);
  }

  stop(): void {
    process.off('unhandledRejection', this.#listener);
  }
}

/** Errors of the sandbox's realm are no errors of this one's. */
function isOfWorkflowCode(error: unknown): boolean {
  return !(error instanceof Error);
}
