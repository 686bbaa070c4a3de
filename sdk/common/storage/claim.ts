// A claim in a payload's place: Temporal's message ExternalStorageReference as JSON, so that its tools know it.
import type { Payload as PayloadRecord } from '../../../schemas/generated/messages.js';
import type { Payload } from '../converter/payload.js';
import { isObject } from '../cross-realm.js';
import { decode, encode, encodingTypes, METADATA_ENCODING_KEY, METADATA_MESSAGE_TYPE_KEY } from '../encoding.js';
import { ValueError } from '../errors.js';
import { StorageDriverClaim } from './external-storage.js';

const REFERENCE_TYPE = 'temporal.api.sdk.v1.ExternalStorageReference';

export interface Reference {
  readonly driverName: string;
  readonly claim: StorageDriverClaim;
}

export function isReference({ metadata }: Payload): boolean {
  const messageType = metadata?.[METADATA_MESSAGE_TYPE_KEY];
  return messageType !== undefined && decode(messageType) === REFERENCE_TYPE;
}

export function encodeReference({ driverName, claim: { claimData } }: Reference): PayloadRecord {
  return {
    metadata: {
      [METADATA_ENCODING_KEY]: encode(encodingTypes.METADATA_ENCODING_PROTOBUF_JSON),
      [METADATA_MESSAGE_TYPE_KEY]: encode(REFERENCE_TYPE),
    },
    data: encode(JSON.stringify({ driverName, claimData })),
  };
}

/** Throws a ValueError for what only looks like a reference. */
export function decodeReference({ data }: Payload): Reference {
  const json: unknown = JSON.parse(decode(data ?? new Uint8Array()));
  if (!isObject(json) || typeof json.driverName !== 'string' || !isObject(json.claimData)) {
    throw new ValueError('a reference to external storage names no driver or has no claim');
  }
  const claimData = Object.entries(json.claimData).map(([key, value]) => [key, String(value)]);
  return { driverName: json.driverName, claim: new StorageDriverClaim(Object.fromEntries(claimData)) };
}
