import type { Workload } from './workload.js';

/** How long it took until everything went on after each fault, while the fault lasted and once it was mended. */
export class Figures {
  readonly #workload: Workload;
  readonly #lines: string[] = [];

  constructor(workload: Workload) {
    this.#workload = workload;
  }

  /** Makes a fault, waits until every partition goes on, mends the fault, and waits again. */
  async of(fault: string, make: () => Promise<() => Promise<void>>): Promise<void> {
    const mend = await make();
    const during = await this.#workload.progress();
    await mend();
    const after = await this.#workload.progress();
    this.#lines.push(
      `${fault}: every partition went on after ${seconds(during)}, once it was mended after ${seconds(after)}`,
    );
  }

  print(): void {
    console.info(this.#lines.join('\n'));
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
