// External storage as the last of the codecs: what they made of a payload is stored, and given back to them. So whoever
// runs a data converter's codecs, client or worker, has done external storage as well.
import type { Payload } from '../converter/payload.js';
import type { PayloadCodec } from '../converter/payload-codec.js';
import type { SerializationContext } from '../converter/serialization-context.js';
import { ValueError } from '../errors.js';
import { decodeReference, encodeReference, isReference } from './claim.js';
import { ExternalStorageDriverNotFoundError, ExternalStorageDriverOperationFailedError } from './errors.js';
import type { ExternalStorage, StorageDriver } from './external-storage.js';

/** The payloads of one call that one driver has to do with, by their place in the call. */
type Share<T> = Map<StorageDriver, Array<{ readonly index: number; readonly item: T }>>;

/**
 * The codec. Errors: ExternalStorageDriverNotFoundError [TMPRL1106], ExternalStorageDriverOperationFailedError
 * [TMPRL1107], ValueError for a driver that gives back too few or too many.
 */
export function claimCheck(storage: ExternalStorage): PayloadCodec {
  return {
    encode: (payloads, target) => store(storage, payloads, target),
    decode: (payloads) => retrieve(storage, payloads),
  };
}

async function store(storage: ExternalStorage, payloads: Payload[], target?: SerializationContext): Promise<Payload[]> {
  const abort = new AbortController();
  const context = { abortSignal: abort.signal, ...(target && { target }) };
  const shares: Share<Payload> = new Map();
  for (const [index, payload] of payloads.entries()) {
    if (sizeOf(payload) < storage.payloadSizeThreshold) continue;
    const driver = storage.driverSelector(context, payload);
    if (driver === null) continue;
    assign(shares, registered(storage, driver.name), index, payload);
  }
  return replace(payloads, shares, 'store', abort, async (driver, items) => {
    const claims = await driver.store(context, items);
    return claims.map((claim) => encodeReference({ driverName: driver.name, claim }));
  });
}

async function retrieve(storage: ExternalStorage, payloads: Payload[]): Promise<Payload[]> {
  const abort = new AbortController();
  const shares: Share<ReturnType<typeof decodeReference>> = new Map();
  for (const [index, payload] of payloads.entries()) {
    if (!isReference(payload)) continue;
    const reference = decodeReference(payload);
    assign(shares, registered(storage, reference.driverName), index, reference);
  }
  return replace(payloads, shares, 'retrieve', abort, (driver, items) =>
    driver.retrieve(
      { abortSignal: abort.signal },
      items.map(({ claim }) => claim),
    ),
  );
}

/** Puts what the drivers give in the places of what they were given; the others are aborted when one fails. */
async function replace<T>(
  payloads: readonly Payload[],
  shares: Share<T>,
  operation: 'store' | 'retrieve',
  abort: AbortController,
  run: (driver: StorageDriver, items: T[]) => Promise<Payload[]>,
): Promise<Payload[]> {
  const result = [...payloads];
  const runs = [...shares].map(async ([driver, share]) => {
    try {
      const items = share.map(({ item }) => item);
      const replacements = await run(driver, items);
      if (replacements.length !== items.length) {
        throw new ValueError(`it gave back ${replacements.length} for ${items.length} payloads`);
      }
      for (const [place, replacement] of replacements.entries()) result[share[place]?.index ?? 0] = replacement;
    } catch (cause) {
      abort.abort(cause);
      throw new ExternalStorageDriverOperationFailedError(driver.name, operation, cause);
    }
  });
  // All of them, so that none is under way any more when the call has failed.
  const settled = await Promise.allSettled(runs);
  const failed = settled.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return result;
}

function assign<T>(shares: Share<T>, driver: StorageDriver, index: number, item: T): void {
  const share = shares.get(driver) ?? [];
  share.push({ index, item });
  shares.set(driver, share);
}

function registered({ driversByName }: ExternalStorage, name: string): StorageDriver {
  const driver = driversByName.get(name);
  if (driver === undefined) throw new ExternalStorageDriverNotFoundError(name, [...driversByName.keys()]);
  return driver;
}

function sizeOf({ metadata, data }: Payload): number {
  const entries = Object.entries(metadata ?? {});
  return entries.reduce((sum, [key, value]) => sum + key.length + value.length, data?.length ?? 0);
}
