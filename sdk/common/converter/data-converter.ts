import { ValueError } from '../errors.js';
import { defaultFailureConverter, type FailureConverter } from './failure-converter.js';
import type { PayloadCodec } from './payload-codec.js';
import { defaultPayloadConverter, type PayloadConverter } from './payload-converter.js';

/** How user data is encoded. Client and workers of a workflow need the same one. */
export interface DataConverter {
  /** Module that exports `payloadConverter`. */
  readonly payloadConverterPath?: string;
  /** Module that exports `failureConverter`. */
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

/** Throws a ValueError for what isn't supported yet: converters given by path. */
export function loadDataConverter(dataConverter: DataConverter | undefined): LoadedDataConverter {
  for (const option of ['payloadConverterPath', 'failureConverterPath'] as const) {
    if (dataConverter?.[option] !== undefined) {
      throw new ValueError(`dataConverter.${option} is not supported yet: use payloadCodecs, or leave it out`);
    }
  }
  return { ...defaultDataConverter, payloadCodecs: dataConverter?.payloadCodecs ?? [] };
}
