import type { Failure, Payload as PayloadRecord } from '../../../schemas/generated/messages.js';
import { type Payload, payloadRecord } from './payload.js';
import type { SerializationContext } from './serialization-context.js';

/** Transforms encoded payloads, to encrypt or compress them, say. It runs outside the sandbox and may be asynchronous. */
export interface PayloadCodec {
  encode(payloads: Payload[], context?: SerializationContext): Promise<Payload[]>;
  decode(payloads: Payload[], context?: SerializationContext): Promise<Payload[]>;
}

type Transform = (payloads: readonly PayloadRecord[]) => Promise<PayloadRecord[]>;

/** Runs the codecs in order. */
export async function encodePayloads(
  codecs: readonly PayloadCodec[],
  payloads: readonly PayloadRecord[],
): Promise<PayloadRecord[]> {
  if (payloads.length === 0) return [];
  let result: Payload[] = [...payloads];
  for (const codec of codecs) result = await codec.encode(result);
  return result.map(payloadRecord);
}

/** Runs the codecs in reverse order. */
export async function decodePayloads(
  codecs: readonly PayloadCodec[],
  payloads: readonly PayloadRecord[],
): Promise<PayloadRecord[]> {
  if (payloads.length === 0) return [];
  let result: Payload[] = [...payloads];
  for (const codec of codecs.toReversed()) result = await codec.decode(result);
  return result.map(payloadRecord);
}

export function encodeOptionalPayload(
  codecs: readonly PayloadCodec[],
  payload: PayloadRecord | null,
): Promise<PayloadRecord | null> {
  return mapOptional(payload, (payloads) => encodePayloads(codecs, payloads));
}

export function decodeOptionalPayload(
  codecs: readonly PayloadCodec[],
  payload: PayloadRecord | null,
): Promise<PayloadRecord | null> {
  return mapOptional(payload, (payloads) => decodePayloads(codecs, payloads));
}

export function encodePayloadMap(
  codecs: readonly PayloadCodec[],
  map: Readonly<Record<string, PayloadRecord>>,
): Promise<Record<string, PayloadRecord>> {
  return mapValues(map, (payloads) => encodePayloads(codecs, payloads));
}

export function decodePayloadMap(
  codecs: readonly PayloadCodec[],
  map: Readonly<Record<string, PayloadRecord>>,
): Promise<Record<string, PayloadRecord>> {
  return mapValues(map, (payloads) => decodePayloads(codecs, payloads));
}

/** Runs the codecs over every payload of a failure and of its causes. */
export function encodeFailure(codecs: readonly PayloadCodec[], failure: Failure): Promise<Failure> {
  return codecs.length === 0
    ? Promise.resolve(failure)
    : mapFailure(failure, (payloads) => encodePayloads(codecs, payloads));
}

/** Undoes `encodeFailure`. */
export function decodeFailure(codecs: readonly PayloadCodec[], failure: Failure): Promise<Failure> {
  return codecs.length === 0
    ? Promise.resolve(failure)
    : mapFailure(failure, (payloads) => decodePayloads(codecs, payloads));
}

async function mapFailure(failure: Failure, transform: Transform): Promise<Failure> {
  const { encodedAttributes, cause, applicationInfo, timeoutInfo, canceledInfo } = failure;
  return {
    ...failure,
    encodedAttributes: await mapOptional(encodedAttributes, transform),
    cause: cause && (await mapFailure(cause, transform)),
    applicationInfo: applicationInfo && { ...applicationInfo, details: await transform(applicationInfo.details) },
    timeoutInfo: timeoutInfo && {
      ...timeoutInfo,
      lastHeartbeatDetails: await transform(timeoutInfo.lastHeartbeatDetails),
    },
    canceledInfo: canceledInfo && { ...canceledInfo, details: await transform(canceledInfo.details) },
  };
}

async function mapOptional(payload: PayloadRecord | null, transform: Transform): Promise<PayloadRecord | null> {
  if (payload === null) return null;
  const [result] = await transform([payload]);
  return result ?? null;
}

async function mapValues(
  map: Readonly<Record<string, PayloadRecord>>,
  transform: Transform,
): Promise<Record<string, PayloadRecord>> {
  const payloads = await transform(Object.values(map));
  return Object.fromEntries(
    Object.keys(map).flatMap((key, i) => (payloads[i] === undefined ? [] : [[key, payloads[i]]])),
  );
}
