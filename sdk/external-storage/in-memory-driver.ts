import type { Payload } from '../common/converter/payload.js';
import {
  type StorageDriver,
  StorageDriverClaim,
  type StorageDriverRetrieveContext,
  type StorageDriverStoreContext,
} from '../common/storage/external-storage.js';
import { bytesOfPayload, digestOf, payloadOfBytes } from './stored-payload.js';

/** Keeps payloads in the process, for tests whose client and worker share one. */
export class InMemoryStorageDriver implements StorageDriver {
  readonly type = 'millrace.memory';
  readonly name: string;
  readonly #stored = new Map<string, Buffer>();

  constructor({ name = 'memory' }: { readonly name?: string } = {}) {
    this.name = name;
  }

  /** How many payloads are kept. */
  get size(): number {
    return this.#stored.size;
  }

  async store(_context: StorageDriverStoreContext, payloads: Payload[]): Promise<StorageDriverClaim[]> {
    return payloads.map((payload) => {
      const bytes = bytesOfPayload(payload);
      const digest = digestOf(bytes);
      this.#stored.set(digest, bytes);
      return new StorageDriverClaim({ digest });
    });
  }

  async retrieve(_context: StorageDriverRetrieveContext, claims: StorageDriverClaim[]): Promise<Payload[]> {
    return claims.map(({ claimData: { digest = '' } }) => {
      const bytes = this.#stored.get(digest);
      if (bytes === undefined) throw new Error(`there is no payload '${digest}' in this process`);
      return payloadOfBytes(bytes);
    });
  }
}
