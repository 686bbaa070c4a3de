// Payloads as files of a folder that all clients and workers mount. A file's name is its content's digest, so that a
// payload stored twice is one file, and one that was damaged is noticed. Files are never removed: whoever runs the folder
// removes those older than the longest history.
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Payload } from '../common/converter/payload.js';
import {
  type StorageDriver,
  StorageDriverClaim,
  type StorageDriverRetrieveContext,
  type StorageDriverStoreContext,
} from '../common/storage/external-storage.js';
import { bytesOfPayload, digestOf, payloadOfBytes } from './stored-payload.js';

export interface FileSystemStorageDriverOptions {
  /** The folder; it is made when it isn't there. */
  readonly directory: string;
  /** Default: `file-system`. */
  readonly name?: string;
}

export class FileSystemStorageDriver implements StorageDriver {
  readonly type = 'millrace.file-system';
  readonly name: string;
  readonly #directory: string;

  constructor({ directory, name = 'file-system' }: FileSystemStorageDriverOptions) {
    this.name = name;
    this.#directory = directory;
  }

  /** Resolves once the files are on disk. One after the other: a call has few, and they are large. */
  async store({ abortSignal }: StorageDriverStoreContext, payloads: Payload[]): Promise<StorageDriverClaim[]> {
    const claims: StorageDriverClaim[] = [];
    for (const payload of payloads) {
      abortSignal?.throwIfAborted();
      const bytes = bytesOfPayload(payload);
      const digest = digestOf(bytes);
      await this.#write(this.#pathOf(digest), bytes);
      claims.push(new StorageDriverClaim({ digest }));
    }
    return claims;
  }

  /** Rejects for a file that is missing, or whose content isn't what was stored. */
  async retrieve({ abortSignal }: StorageDriverRetrieveContext, claims: StorageDriverClaim[]): Promise<Payload[]> {
    const payloads: Payload[] = [];
    for (const { claimData } of claims) {
      abortSignal?.throwIfAborted();
      const digest = claimData.digest ?? '';
      const bytes = await readFile(this.#pathOf(digest));
      if (digestOf(bytes) !== digest) throw new Error(`the file of payload ${digest} is damaged`);
      payloads.push(payloadOfBytes(bytes));
    }
    return payloads;
  }

  /** Written beside and renamed, so that nobody reads half a file. */
  async #write(path: string, bytes: Uint8Array): Promise<void> {
    const exists = await stat(path).catch(() => undefined);
    if (exists?.size === bytes.length) return;
    await mkdir(dirname(path), { recursive: true });
    const draft = `${path}.${randomUUID()}`;
    const file = await open(draft, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  }

  /** In a folder of their first two letters, since some file systems are slow with very many entries. */
  #pathOf(digest: string): string {
    if (!/^[0-9a-f]{64}$/.test(digest)) throw new Error(`'${digest}' is no digest of a stored payload`);
    return join(this.#directory, digest.slice(0, 2), digest);
  }
}
