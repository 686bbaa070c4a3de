import { MAX_QUARANTINED_RUNS } from '../../services/platform/limits.js';

/** Offences after which a run stays in quarantine for the worker's life. */
const LASTING_OFFENCES = 2;

/**
 * The runs whose code hung, or brought its thread down. They are kept to a thread of their own, so that they don't take
 * the time of the others again at each retry. A first offence is forgiven once the run has done a task: where memory
 * ran out it may have been the last of many, and code may have been held up by a machine that was.
 */
export class Quarantine {
  /** Offences by run, the latest offender last. */
  readonly #offences = new Map<string, number>();
  readonly #inside = new Set<string>();

  has(runId: string): boolean {
    return this.#inside.has(runId);
  }

  take(runId: string): void {
    const offences = (this.#offences.get(runId) ?? 0) + 1;
    this.#offences.delete(runId);
    this.#offences.set(runId, offences);
    this.#inside.add(runId);
    const [oldest] = this.#offences.keys();
    if (this.#offences.size > MAX_QUARANTINED_RUNS && oldest !== undefined) this.forget(oldest);
  }

  /** The run has done a task. */
  forgive(runId: string): void {
    if ((this.#offences.get(runId) ?? 0) < LASTING_OFFENCES) this.#inside.delete(runId);
  }

  forget(runId: string): void {
    this.#offences.delete(runId);
    this.#inside.delete(runId);
  }
}
