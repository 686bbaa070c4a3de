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
}

/** A DataConverter whose modules are loaded. */
export interface LoadedDataConverter {
  readonly payloadConverter: PayloadConverter;
  readonly failureConverter: FailureConverter;
  readonly payloadCodecs: readonly PayloadCodec[];
}

export const defaultDataConverter: LoadedDataConverter = {
  payloadConverter: defaultPayloadConverter,
  failureConverter: defaultFailureConverter,
  payloadCodecs: [],
};
