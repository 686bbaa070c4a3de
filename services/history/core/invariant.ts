/** A broken invariant (H9): it stays on in production and stops the partition, since state can no longer be trusted. */
export class InvariantBroken extends Error {
  constructor(message: string) {
    super(`broken invariant: ${message}`);
    this.name = 'InvariantBroken';
  }
}

/** Throws InvariantBroken unless the condition holds. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantBroken(message);
}
