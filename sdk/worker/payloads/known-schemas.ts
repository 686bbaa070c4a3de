import type { Codec } from '../../../services/platform/codec/codec.js';
import { CodecError } from '../../../services/platform/codec/errors.js';
import { schemaIdOf } from '../../../services/platform/codec/reading.js';

/** Says records in schemas that the sandbox knows. */
export type Translate = (records: readonly Uint8Array[]) => Promise<readonly Uint8Array[]>;

/**
 * The sandbox knows the schemas of its start, and a history may have been written in others: by a service before an
 * upgrade, or by one after it. Such records are read here, where schemas are learned, and written in today's shape. Those
 * that a reader may skip are left out when they are of a type that this worker doesn't have.
 */
export function translatorTo(known: ReadonlySet<number>, codec: Pick<Codec, 'encode' | 'decodeLearning'>): Translate {
  return async (records) => {
    if (records.every((record) => known.has(schemaIdOf(record)))) return records;
    const translated = await Promise.all(
      records.map((record) => (known.has(schemaIdOf(record)) ? record : inTodaysShape(record, codec))),
    );
    return translated.filter((record) => record !== undefined);
  };
}

async function inTodaysShape(
  record: Uint8Array,
  codec: Pick<Codec, 'encode' | 'decodeLearning'>,
): Promise<Uint8Array | undefined> {
  try {
    return codec.encode(await codec.decodeLearning(record));
  } catch (error) {
    if (error instanceof CodecError && error.facts.skippable === true) return undefined;
    throw error;
  }
}
