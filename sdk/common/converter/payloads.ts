import type { Payload } from '../../../schemas/generated/messages.js';
import { MAX_PAYLOAD_BYTES } from '../../../services/platform/limits.js';
import { PayloadConverterError, PayloadTooLargeError } from '../errors.js';
import { payloadRecord } from './payload.js';
import type { PayloadConverter } from './payload-converter.js';

/** Encodes one value. Throws a ValueError for a value that can't be encoded. */
export function toPayload(converter: PayloadConverter, value: unknown): Payload {
  return payloadRecord(converter.toPayload(value));
}

/** Encodes values; undefined when there are none. */
export function toPayloads(converter: PayloadConverter, ...values: unknown[]): Payload[] | undefined {
  return values.length === 0 ? undefined : values.map((value) => toPayload(converter, value));
}

/** Encodes the values of a record. */
export function mapToPayloads<K extends string>(
  converter: PayloadConverter,
  map: Readonly<Record<K, unknown>>,
): Record<K, Payload> {
  const entries = Object.entries(map).map(([key, value]) => [key, toPayload(converter, value)]);
  return Object.fromEntries(entries) as Record<K, Payload>;
}

/** Decodes the payload at an index; undefined when there is none, so that a function may gain arguments later. */
export function fromPayloadsAtIndex<T>(
  converter: PayloadConverter,
  index: number,
  payloads?: readonly Payload[] | null,
): T {
  const payload = payloads?.[index];
  return payload === undefined ? (undefined as T) : converter.fromPayload<T>(payload);
}

/** Decodes all payloads. */
export function arrayFromPayloads(converter: PayloadConverter, payloads?: readonly Payload[] | null): unknown[] {
  return (payloads ?? []).map((payload) => converter.fromPayload(payload));
}

/** Decodes the values of a record. */
export function mapFromPayloads<K extends string, T = unknown>(
  converter: PayloadConverter,
  map?: Readonly<Record<K, Payload>> | null,
): Record<K, T> | undefined {
  if (map == null) return undefined;
  const entries = Object.entries<Payload>(map).map(([key, payload]) => [key, converter.fromPayload<T>(payload)]);
  return Object.fromEntries(entries) as Record<K, T>;
}

/** The limit of a value before its codecs, in this realm; the host's data converters have their own. */
let maxValueBytesOfRealm = MAX_PAYLOAD_BYTES;

/** Sets what values of this realm may take. For the sandbox, all of whose runs have one data converter. */
export function setMaxValueBytes(bytes: number): void {
  maxValueBytesOfRealm = bytes;
}

/**
 * Encodes the arguments of a call. `call` says which one in the error, as in `workflow 'order'`.
 * Throws a PayloadConverterError that names the argument, or a PayloadTooLargeError.
 */
export function encodeArguments(
  converter: PayloadConverter,
  call: string,
  args: readonly unknown[],
  maxValueBytes?: number,
): Payload[] {
  return args.map((arg, index) => encodeValue(converter, `argument ${index} of ${call}`, arg, maxValueBytes));
}

/** As `encodeArguments`, for one value. */
export function encodeValue(
  converter: PayloadConverter,
  what: string,
  value: unknown,
  maxValueBytes = maxValueBytesOfRealm,
): Payload {
  let payload: Payload;
  try {
    payload = toPayload(converter, value);
  } catch (error) {
    throw new PayloadConverterError(`${what} can't be encoded: ${(error as Error).message}`, error);
  }
  checkPayloadSize(what, payload, maxValueBytes);
  return payload;
}

/** Throws a PayloadTooLargeError for a payload over the limit. */
export function checkPayloadSize(what: string, payload: Payload, limitBytes = MAX_PAYLOAD_BYTES): void {
  if (payload.data.length > limitBytes) {
    throw new PayloadTooLargeError(what, payload.data.length, limitBytes);
  }
}
