// Where a partition keeps what it has no room for in memory (H8): a cache, empty at each takeover and never read by
// anybody else. Nothing is lost with it; when it fails, the partition is taken over anew (H9).

/** Bytes by key. Synchronous, since the core is. */
export interface RunStore {
  get(key: string): Buffer | undefined;
  /** Writes values, and removes the keys whose value is null. */
  write(changes: ReadonlyMap<string, Buffer | null>): void;
  /** Keys after `key` that begin with `prefix`, in their order, as many as `most`. */
  keysAfter(key: string, prefix: string, most: number): string[];
  /** Removes the store with all that is in it. */
  close(): Promise<void>;
}

/** Opens an empty store. */
export type OpenStore = () => RunStore;

/** Changes that go to the store together: a transaction for each of them would cost more than the writing. */
const BUFFERED_CHANGES = 256;

/** A store whose writes are gathered. It is opened when the first of them is due, so that small partitions have none. */
export class BufferedStore {
  readonly #open: OpenStore;
  readonly #changes = new Map<string, Buffer | null>();
  #store: RunStore | undefined;

  constructor(open: OpenStore) {
    this.#open = open;
  }

  get(key: string): Buffer | undefined {
    const changed = this.#changes.get(key);
    if (changed !== undefined) return changed ?? undefined;
    return this.#store?.get(key);
  }

  put(key: string, value: Buffer): void {
    this.#changes.set(key, value);
    this.#flushWhenFull();
  }

  remove(key: string): void {
    this.#changes.set(key, null);
    this.#flushWhenFull();
  }

  keysAfter(key: string, prefix: string, most: number): string[] {
    this.#flush();
    return this.#store?.keysAfter(key, prefix, most) ?? [];
  }

  async close(): Promise<void> {
    this.#changes.clear();
    await this.#store?.close();
  }

  #flushWhenFull(): void {
    if (this.#changes.size >= BUFFERED_CHANGES) this.#flush();
  }

  #flush(): void {
    if (this.#changes.size === 0) return;
    this.#store ??= this.#open();
    this.#store.write(this.#changes);
    this.#changes.clear();
  }
}

/** A store on the heap. For tests: it saves no memory. */
export function createMemoryStore(): RunStore {
  const values = new Map<string, Buffer>();
  return {
    get: (key) => values.get(key),
    write(changes) {
      for (const [key, value] of changes) {
        if (value === null) values.delete(key);
        else values.set(key, value);
      }
    },
    keysAfter: (key, prefix, most) =>
      [...values.keys()]
        .filter((other) => other > key && other.startsWith(prefix))
        .sort()
        .slice(0, most),
    close: async () => values.clear(),
  };
}
