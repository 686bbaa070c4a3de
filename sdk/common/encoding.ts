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

/** Encodings of the converters that come with the SDK; the names are Temporal's. */
export const encodingTypes = {
  METADATA_ENCODING_NULL: 'binary/null',
  METADATA_ENCODING_RAW: 'binary/plain',
  METADATA_ENCODING_JSON: 'json/plain',
} as const;
