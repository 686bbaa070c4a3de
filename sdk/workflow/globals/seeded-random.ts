import { currentRun } from '../current-run.js';
import { randomBytes } from '../random.js';

/** `Math.random`, seeded by the run's id. */
export function seededRandom(): number {
  return currentRun().random();
}

/** `crypto.getRandomValues`. What it makes is for ids, not for secrets: whoever knows the run's id knows it too. */
export function fillRandomly<T extends ArrayBufferView>(view: T): T {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  bytes.set(randomBytes(bytes.length));
  return view;
}
