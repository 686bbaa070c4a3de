// The partition's lists of ids, of which the local store has what memory has no room for (H8).
import { createHash } from 'node:crypto';
import { invariant } from './core/invariant.js';
import type { ClosedRuns, CurrentRuns } from './core/state.js';
import type { BufferedStore } from './run-store.js';

/** Longer ids are stored under their hash: a key has a bound. */
const LONGEST_KEY = 200;

/** Ids of closed runs that are stored together. */
const CHUNK = 4_096;

/** The key of an id in the store. Two ids may share one only if they share a hash, which nobody can bring about. */
export function storeKey(prefix: string, id: string): string {
  return prefix + (id.length <= LONGEST_KEY ? id : createHash('sha256').update(id).digest('base64'));
}

/** Of runs in memory, the workflow id's latest run is known in memory; of the others, in the store. */
export class StoredCurrentRuns implements CurrentRuns {
  readonly #store: BufferedStore;
  readonly #inMemory = new Map<string, string>();
  #isStored = false;

  constructor(store: BufferedStore) {
    this.#store = store;
  }

  get(workflowId: string): string | undefined {
    const runId = this.#inMemory.get(workflowId);
    if (runId !== undefined || !this.#isStored) return runId;
    return this.#store.get(storeKey('w', workflowId))?.toString('utf8');
  }

  set(workflowId: string, runId: string): void {
    this.#inMemory.set(workflowId, runId);
  }

  delete(workflowId: string): boolean {
    const existed = this.get(workflowId) !== undefined;
    this.#inMemory.delete(workflowId);
    if (this.#isStored) this.#store.remove(storeKey('w', workflowId));
    return existed;
  }

  /** The run leaves memory. */
  release(workflowId: string, runId: string): void {
    if (this.#inMemory.get(workflowId) !== runId) return;
    this.#inMemory.delete(workflowId);
    this.#isStored = true;
    this.#store.put(storeKey('w', workflowId), Buffer.from(runId, 'utf8'));
  }
}

/** A line of ids, whose first and last chunks are in memory. */
export class StoredClosedRuns implements ClosedRuns {
  readonly #store: BufferedStore;
  /** Places in the line since its beginning: of the oldest id, and of the next one. */
  #first = 0;
  #next = 0;
  #last: string[] = [];
  #read: { readonly chunk: number; readonly ids: readonly string[] } | undefined;

  constructor(store: BufferedStore) {
    this.#store = store;
  }

  get size(): number {
    return this.#next - this.#first;
  }

  add(runId: string): void {
    this.#last.push(runId);
    this.#next += 1;
    if (this.#last.length < CHUNK) return;
    this.#store.put(chunkKey(this.#next / CHUNK - 1), Buffer.from(JSON.stringify(this.#last), 'utf8'));
    this.#last = [];
  }

  delete(runId: string): boolean {
    invariant(this.size > 0 && this.#at(this.#first) === runId, `run ${runId} is forgotten out of turn`);
    this.#first += 1;
    if (this.#first % CHUNK === 0) this.#store.remove(chunkKey(this.#first / CHUNK - 1));
    return true;
  }

  *[Symbol.iterator](): Iterator<string> {
    for (let place = this.#first; place < this.#next; place = Math.max(place + 1, this.#first)) yield this.#at(place);
  }

  #at(place: number): string {
    const chunk = Math.floor(place / CHUNK);
    const ids = chunk === Math.floor(this.#next / CHUNK) ? this.#last : this.#readChunk(chunk);
    const runId = ids[place % CHUNK];
    invariant(runId !== undefined, `closed run ${place} is not in the store`);
    return runId;
  }

  #readChunk(chunk: number): readonly string[] {
    if (this.#read?.chunk !== chunk) {
      const bytes = this.#store.get(chunkKey(chunk));
      this.#read = { chunk, ids: bytes === undefined ? [] : (JSON.parse(bytes.toString('utf8')) as string[]) };
    }
    return this.#read.ids;
  }
}

function chunkKey(chunk: number): string {
  return `c${chunk}`;
}
