import { SHARDS } from './limits.js';

/** Murmur2 as Kafka's default partitioner computes it, over a string's UTF-8 bytes; 32 bits, signed. */
export function murmur2(text: string): number {
  const data = Buffer.from(text, 'utf8');
  const m = 0x5bd1e995;
  let h = 0x9747b28c ^ data.length;
  let i = 0;
  for (; i + 4 <= data.length; i += 4) {
    let k = Math.imul(data.readInt32LE(i), m);
    k ^= k >>> 24;
    k = Math.imul(k, m);
    h = Math.imul(h, m) ^ k;
  }
  const rest = data.length - i;
  if (rest >= 3) h ^= (data[i + 2] ?? 0) << 16;
  if (rest >= 2) h ^= (data[i + 1] ?? 0) << 8;
  if (rest >= 1) h = Math.imul(h ^ (data[i] ?? 0), m);
  h ^= h >>> 13;
  h = Math.imul(h, m);
  return h ^ (h >>> 15);
}

/** The shard of a workflow id, from 0 to SHARDS - 1. */
export function shardOf(workflowId: string): number {
  return (murmur2(workflowId) & 0x7fffffff) % SHARDS;
}

/** The partition of `commands` and `history` that a workflow id lives in. */
export function partitionOf(workflowId: string, partitions: number): number {
  return shardOf(workflowId) % partitions;
}
