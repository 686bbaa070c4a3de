// Loaded by clients and workers, and bundled with the workflows: it must not need more than the sandbox has.
import {
  BinaryPayloadConverter,
  CompositePayloadConverter,
  decode,
  encode,
  JsonPayloadConverter,
  METADATA_ENCODING_KEY,
  type Payload,
  type PayloadConverterWithEncoding,
  UndefinedPayloadConverter,
} from 'millrace/common';

/** JSON has no integers of any size. */
const bigintConverter: PayloadConverterWithEncoding = {
  encodingType: 'text/bigint',
  toPayload(value: unknown): Payload | undefined {
    if (typeof value !== 'bigint') return undefined;
    return { metadata: { [METADATA_ENCODING_KEY]: encode(this.encodingType) }, data: encode(value.toString()) };
  },
  fromPayload<T>({ data }: Payload): T {
    return BigInt(decode(data ?? new Uint8Array())) as T;
  },
};

export const payloadConverter = new CompositePayloadConverter(
  new UndefinedPayloadConverter(),
  new BinaryPayloadConverter(),
  bigintConverter,
  new JsonPayloadConverter(),
);
