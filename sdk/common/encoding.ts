// The text codecs are made at each use: in the sandbox they come with the realm, which may be younger than this module.

/** UTF-8 bytes of a string. */
export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The string that UTF-8 bytes spell. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The payload metadata entry that names the converter. */
export const METADATA_ENCODING_KEY = 'encoding';

/** The payload metadata entry that names the type of a protobuf message. */
export const METADATA_MESSAGE_TYPE_KEY = 'messageType';

/** Encodings of the converters that come with the SDK; the names are Temporal's. */
export const encodingTypes = {
  METADATA_ENCODING_NULL: 'binary/null',
  METADATA_ENCODING_RAW: 'binary/plain',
  METADATA_ENCODING_JSON: 'json/plain',
  METADATA_ENCODING_PROTOBUF_JSON: 'json/protobuf',
  METADATA_ENCODING_PROTOBUF: 'binary/protobuf',
} as const;
export type EncodingType = (typeof encodingTypes)[keyof typeof encodingTypes];

const bytesOf = (ascii: string): Uint8Array => Uint8Array.from(ascii, (char) => char.charCodeAt(0));

/** The encodings as payload metadata carries them. */
export const encodingKeys = {
  METADATA_ENCODING_NULL: bytesOf(encodingTypes.METADATA_ENCODING_NULL),
  METADATA_ENCODING_RAW: bytesOf(encodingTypes.METADATA_ENCODING_RAW),
  METADATA_ENCODING_JSON: bytesOf(encodingTypes.METADATA_ENCODING_JSON),
  METADATA_ENCODING_PROTOBUF_JSON: bytesOf(encodingTypes.METADATA_ENCODING_PROTOBUF_JSON),
  METADATA_ENCODING_PROTOBUF: bytesOf(encodingTypes.METADATA_ENCODING_PROTOBUF),
} as const;
