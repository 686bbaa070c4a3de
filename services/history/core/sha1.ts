// SHA-1 in plain arithmetic: the core may not reach for `node:crypto`, and ids need to be spread, not secret.

const BLOCK_BYTES = 64;
/** FIPS 180-4, §4.2.1: the constant of each twenty rounds. */
const roundConstants = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];

/** The 20 bytes of the message's SHA-1 digest (FIPS 180-4). */
export function sha1(message: Uint8Array): Uint8Array {
  const padded = pad(message);
  const view = new DataView(padded.buffer);
  const hash = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  for (let offset = 0; offset < padded.length; offset += BLOCK_BYTES) addBlock(hash, view, offset);
  const digest = new DataView(new ArrayBuffer(20));
  for (const [index, word] of hash.entries()) digest.setUint32(index * 4, word);
  return new Uint8Array(digest.buffer);
}

/** The message, a 1 bit, zeros up to a whole number of blocks, and the message's length in bits as its last 8 bytes. */
function pad(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / BLOCK_BYTES) * BLOCK_BYTES);
  padded.set(message);
  padded[message.length] = 0x80;
  new DataView(padded.buffer).setBigUint64(padded.length - 8, BigInt(message.length) * 8n);
  return padded;
}

function addBlock(hash: Uint32Array, message: DataView, offset: number): void {
  const schedule = new Uint32Array(80);
  const word = (t: number) => schedule[t] ?? 0;
  for (let t = 0; t < 16; t++) schedule[t] = message.getUint32(offset + t * 4);
  for (let t = 16; t < 80; t++) schedule[t] = rotate(word(t - 3) ^ word(t - 8) ^ word(t - 14) ^ word(t - 16), 1);
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = hash;
  for (let t = 0; t < 80; t++) {
    const stage = Math.floor(t / 20);
    const next = (rotate(a, 5) + mix(stage, b, c, d) + e + (roundConstants[stage] ?? 0) + word(t)) >>> 0;
    [a, b, c, d, e] = [next, a, rotate(b, 30), c, d];
  }
  for (const [index, value] of [a, b, c, d, e].entries()) hash[index] = (hash[index] ?? 0) + value;
}

function mix(stage: number, b: number, c: number, d: number): number {
  if (stage === 0) return (b & c) ^ (~b & d);
  if (stage === 2) return (b & c) ^ (b & d) ^ (c & d);
  return b ^ c ^ d;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
