import { currentRun } from './current-run.js';

/** Numbers in [0, 1), the same ones for the same seed: sfc32, seeded by four FNV-like hashes of the text. */
export function createRandom(seed: string): () => number {
  let [a, b, c, d] = hash(seed);
  const next = () => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // The first outputs of seeds that differ in a bit still resemble each other.
  for (let round = 0; round < 12; round++) next();
  return next;
}

/** A source of random numbers that a replay repeats. Its numbers depend on nobody else's use of randomness. */
export interface WorkflowRandomStream {
  /** A number from 0 to below 1. */
  random(): number;
  /** A UUID of version 4. */
  uuid4(): string;
  /** Fills the array with random bytes, and returns it. */
  fill(bytes: Uint8Array): Uint8Array;
}

/**
 * The run's stream of that name: the same numbers in every replay, whatever other streams are asked. Library code that
 * takes its numbers from a stream of its own can be changed without changing what the workflow's own code draws.
 */
export function getRandomStream(name: string): WorkflowRandomStream {
  if (typeof name !== 'string' || name === '')
    throw new TypeError('a random stream is named by a string that is not empty');
  const run = currentRun();
  const known = run.randomStreams.get(name);
  if (known !== undefined) return known;
  const random = createRandom(`${run.seed}/${name}`);
  const stream = streamOf(() => run.draw(random));
  run.randomStreams.set(name, stream);
  return stream;
}

/** The stream that Math.random and uuid4 draw from. */
export const workflowRandom: WorkflowRandomStream = {
  random: () => currentRun().random(),
  uuid4: () => uuid4(),
  fill: (bytes) => fill(bytes, currentRun().random),
};

function streamOf(random: () => number): WorkflowRandomStream {
  return { random, uuid4: () => uuidOf(random), fill: (bytes) => fill(bytes, random) };
}

function fill(bytes: Uint8Array, random: () => number): Uint8Array {
  for (let index = 0; index < bytes.length; index++) bytes[index] = Math.floor(random() * 256);
  return bytes;
}

/** A UUID of version 4 that a replay makes again. */
export function uuid4(): string {
  return uuidOf(currentRun().random);
}

function uuidOf(random: () => number): string {
  const bytes = Array.from(fill(new Uint8Array(16), random), (byte, index) => {
    if (index === 6) return (byte & 0x0f) | 0x40;
    return index === 8 ? (byte & 0x3f) | 0x80 : byte;
  });
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function randomBytes(count: number): number[] {
  const { random } = currentRun();
  return Array.from({ length: count }, () => Math.floor(random() * 256));
}

function hash(text: string): [number, number, number, number] {
  const words: [number, number, number, number] = [1779033703, 3144134277, 1013904242, 2773480762];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    words[0] = words[1] ^ Math.imul(words[0] ^ code, 597399067);
    words[1] = words[2] ^ Math.imul(words[1] ^ code, 2869860233);
    words[2] = words[3] ^ Math.imul(words[2] ^ code, 951274213);
    words[3] = words[0] ^ Math.imul(words[3] ^ code, 2716044179);
  }
  return words;
}
