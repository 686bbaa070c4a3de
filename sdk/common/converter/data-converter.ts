import { MAX_PAYLOAD_BYTES } from '../../../services/platform/limits.js';
import type { ExternalStorage } from '../storage/external-storage.js';
import { defaultFailureConverter, type FailureConverter } from './failure-converter.js';
import type { PayloadCodec } from './payload-codec.js';
import { defaultPayloadConverter, type PayloadConverter } from './payload-converter.js';

/** How user data is encoded. Client and workers of a workflow need the same one. */
export interface DataConverter {
  /** Module that exports `payloadConverter`; it is bundled with the workflows too. */
  readonly payloadConverterPath?: string;
  /** Module that exports `failureConverter`, likewise. */
  readonly failureConverterPath?: string;
  /** Run outside the sandbox on every payload: encode in this order, decode in the reverse one. */
  readonly payloadCodecs?: readonly PayloadCodec[];
  /** Keeps large payloads outside of Kafka, as the codecs made them. Default: none, and values have a limit of 2 MiB. */
  readonly externalStorage?: ExternalStorage;
}

/** A DataConverter whose modules are loaded. */
export interface LoadedDataConverter {
  readonly payloadConverter: PayloadConverter;
  readonly failureConverter: FailureConverter;
  /** The user's codecs in order, and last of them external storage if there is one: whoever runs them has run both. */
  readonly payloadCodecs: readonly PayloadCodec[];
  /** Largest value before its codecs, in bytes; Infinity where external storage takes what is too large for a record. */
  readonly maxValueBytes: number;
}

export const defaultDataConverter: LoadedDataConverter = {
  payloadConverter: defaultPayloadConverter,
  failureConverter: defaultFailureConverter,
  payloadCodecs: [],
  maxValueBytes: MAX_PAYLOAD_BYTES,
};
