/** FNV-1a, 32 bits: the same number for the same text in every process, which is all that is asked of it. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}

/** An id as a service would give one, derived from the idempotency key: a repeated request gets the same answer. */
export function idFor(prefix: string, idempotencyKey: string): string {
  return `${prefix}_${hash(`${prefix}/${idempotencyKey}`).toString(36).padStart(7, '0')}`;
}
