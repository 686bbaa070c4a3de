import type { Payload as PayloadRecord } from '../../../schemas/generated/messages.js';
import { identifyAcrossRealms, isUint8Array } from '../cross-realm.js';
import { decode, encode, encodingTypes, METADATA_ENCODING_KEY } from '../encoding.js';
import { PayloadConverterError, ValueError } from '../errors.js';
import { isReference } from '../storage/claim.js';
import { ExternalStorageNotConfiguredError } from '../storage/errors.js';
import { type Payload, payloadRecord } from './payload.js';
import type { SerializationContext } from './serialization-context.js';

/** Turns values into payloads and back. It is synchronous, since workflow code uses it inside the sandbox. */
export interface PayloadConverter {
  /** Throws a ValueError for a value that can't be encoded. */
  toPayload<T>(value: T, context?: SerializationContext): Payload;
  fromPayload<T>(payload: Payload, context?: SerializationContext): T;
}

/** A converter of some values, chosen among others by the payload's `encoding`. */
export interface PayloadConverterWithEncoding {
  /** Undefined means that this converter doesn't take the value, and the next is asked. */
  toPayload<T>(value: T, context?: SerializationContext): Payload | undefined;
  fromPayload<T>(payload: Payload, context?: SerializationContext): T;
  readonly encodingType: string;
}

/** Tries converters in order. */
export class CompositePayloadConverter implements PayloadConverter {
  readonly converters: readonly PayloadConverterWithEncoding[];
  readonly converterByEncoding: ReadonlyMap<string, PayloadConverterWithEncoding>;

  constructor(...converters: PayloadConverterWithEncoding[]) {
    if (converters.length === 0)
      throw new PayloadConverterError('Must provide at least one PayloadConverterWithEncoding');
    this.converters = converters;
    this.converterByEncoding = new Map(converters.map((converter) => [converter.encodingType, converter]));
  }

  /** A RawValue is encoded already. */
  toPayload<T>(value: T, context?: SerializationContext): PayloadRecord {
    if (value instanceof RawValue) return payloadRecord(value.payload);
    for (const converter of this.converters) {
      const payload = converter.toPayload(value, context);
      if (payload !== undefined) return payloadRecord(payload);
    }
    throw new ValueError(`Unable to convert a ${typeof value} to payload`);
  }

  fromPayload<T>(payload: Payload, context?: SerializationContext): T {
    const encoding = payload.metadata?.[METADATA_ENCODING_KEY];
    if (encoding === undefined) throw new ValueError("Missing payload metadata entry 'encoding'");
    // Where external storage is configured, it has put the payload in the reference's place before.
    if (isReference(payload)) throw new ExternalStorageNotConfiguredError();
    const name = decode(encoding);
    const converter = this.converterByEncoding.get(name);
    if (converter === undefined) {
      throw new ValueError(`Unknown encoding: ${name}; known are ${[...this.converterByEncoding.keys()].join(', ')}`);
    }
    return converter.fromPayload(payload, context);
  }
}

/** Encodes undefined, as no data. */
export class UndefinedPayloadConverter implements PayloadConverterWithEncoding {
  readonly encodingType: string = encodingTypes.METADATA_ENCODING_NULL;

  toPayload(value: unknown): Payload | undefined {
    return value === undefined ? payloadOf(this.encodingType, new Uint8Array(0)) : undefined;
  }

  fromPayload<T>(_payload: Payload): T {
    return undefined as T;
  }
}

/** Encodes a Uint8Array as it is. */
export class BinaryPayloadConverter implements PayloadConverterWithEncoding {
  readonly encodingType: string = encodingTypes.METADATA_ENCODING_RAW;

  toPayload(value: unknown): Payload | undefined {
    return isUint8Array(value) ? payloadOf(this.encodingType, value) : undefined;
  }

  fromPayload<T>(payload: Payload): T {
    // A copy, so that the array is of this realm and doesn't hold on to the record that it came in.
    return new Uint8Array(payload.data ?? []) as T;
  }
}

/** Encodes whatever JSON can. */
export class JsonPayloadConverter implements PayloadConverterWithEncoding {
  readonly encodingType: string = encodingTypes.METADATA_ENCODING_JSON;

  toPayload(value: unknown): Payload | undefined {
    let json: string | undefined;
    try {
      json = JSON.stringify(value);
    } catch (error) {
      throw new PayloadConverterError(
        `Unable to convert a ${typeof value} to JSON: ${(error as Error).message}`,
        error,
      );
    }
    // Functions and symbols have no JSON.
    return json === undefined ? undefined : payloadOf(this.encodingType, encode(json));
  }

  fromPayload<T>(payload: Payload): T {
    const { data } = payload;
    if (data == null || data.length === 0) throw new ValueError('Got a json/plain payload without data');
    return JSON.parse(decode(data)) as T;
  }
}

/** The converter in force unless the data converter names another. */
export class DefaultPayloadConverter extends CompositePayloadConverter {
  constructor() {
    super(new UndefinedPayloadConverter(), new BinaryPayloadConverter(), new JsonPayloadConverter());
  }
}

export const defaultPayloadConverter: DefaultPayloadConverter = new DefaultPayloadConverter();

declare const rawValueBrand: unique symbol;

/**
 * A value that passes by the user's payload converter: it is encoded here, or came as a payload that nobody decoded.
 * Codecs apply to it as to any other.
 */
export class RawValue<T = unknown> {
  declare readonly [rawValueBrand]: T;
  readonly payload: Payload;

  constructor(value: T, payloadConverter: PayloadConverter = defaultPayloadConverter, context?: SerializationContext) {
    this.payload = payloadConverter.toPayload(value, context);
  }

  static fromPayload(payload: Payload): RawValue {
    return new RawValue(payload, { toPayload: () => payload, fromPayload: <T>() => payload as T });
  }
}
identifyAcrossRealms(RawValue, 'RawValue');

function payloadOf(encodingType: string, data: Uint8Array): PayloadRecord {
  return { metadata: { [METADATA_ENCODING_KEY]: encode(encodingType) }, data };
}
