import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RootDatabase } from 'lmdb';
import type { OpenStore, RunStore } from './run-store.js';

/** Address space that a store may take; of memory and of the disk it takes what it holds. */
const MAP_BYTES = 64 * 1024 ** 3;

/**
 * Stores in LMDB, with their files in `folder`. Undefined where this machine has no build of it. Nothing is synced to the
 * disk, since a store is thrown away after any crash; so that this needs nobody, its files lose their names at once.
 */
export async function lmdbStores(folder: string): Promise<OpenStore | undefined> {
  const lmdb = await import('lmdb').catch(() => undefined);
  if (lmdb === undefined) return undefined;
  return () => {
    const path = mkdtempSync(join(folder, 'millrace-runs-'));
    const unsynced = { noSync: true, noMetaSync: true, overlappingSync: false };
    const options = { encoding: 'binary', compression: true, noReadAhead: true, mapSize: MAP_BYTES } as const;
    const database = lmdb.open<Buffer, string>({ path, ...options, ...unsynced });
    rmSync(path, { recursive: true, force: true });
    return lmdbStore(database);
  };
}

function lmdbStore(database: RootDatabase<Buffer, string>): RunStore {
  return {
    get: (key) => database.get(key),
    write(changes) {
      database.transactionSync(() => {
        for (const [key, value] of changes) {
          if (value === null) database.removeSync(key);
          else database.putSync(key, value);
        }
      });
    },
    keysAfter(key, prefix, most) {
      const range = database.getKeys({ start: key, end: `${prefix}\uffff`, limit: most + 1, snapshot: false });
      const keys = [...range].filter((other) => other !== key && other.startsWith(prefix));
      return keys.slice(0, most);
    },
    close: () => database.close(),
  };
}
