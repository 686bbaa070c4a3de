import { createHash } from 'node:crypto';
import type { Payload } from '../common/converter/payload.js';

/** Of the metadata: four bytes, big-endian. */
const LENGTH_BYTES = 4;

/** A payload as one piece: the length of its metadata, the metadata as JSON with base64, the data. */
export function bytesOfPayload({ metadata, data }: Payload): Buffer {
  const entries = Object.entries(metadata ?? {}).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  const head = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, data ?? new Uint8Array()]);
}

/** Undoes `bytesOfPayload`. */
export function payloadOfBytes(bytes: Buffer): Payload {
  const dataAt = LENGTH_BYTES + bytes.readUInt32BE(0);
  const head: Record<string, string> = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, dataAt));
  const entries = Object.entries(head).map(([key, value]) => [key, new Uint8Array(Buffer.from(value, 'base64'))]);
  return { metadata: Object.fromEntries(entries), data: new Uint8Array(bytes.subarray(dataAt)) };
}

/** The name that the content has: storing it twice is storing it once. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
