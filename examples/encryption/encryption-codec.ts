import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { decode, encode, METADATA_ENCODING_KEY, type Payload, type PayloadCodec } from 'millrace/common';
import { temporal } from 'millrace/proto';

const ENCODING = 'binary/encrypted';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts whole payloads, with their metadata: AES-GCM with a key of 32 bytes. */
export function encryptionCodec(key: Uint8Array): PayloadCodec {
  const encrypt = (plain: Uint8Array): Uint8Array => {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  };
  const decrypt = (data: Uint8Array): Uint8Array => {
    const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, IV_BYTES));
    decipher.setAuthTag(data.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(data.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
  };
  const { Payload: message } = temporal.api.common.v1;
  return {
    encode: async (payloads: Payload[]) =>
      payloads.map((payload) => ({
        metadata: { [METADATA_ENCODING_KEY]: encode(ENCODING) },
        data: encrypt(message.encode(payload).finish()),
      })),
    decode: async (payloads: Payload[]) =>
      payloads.map((payload) => {
        const encoding = payload.metadata?.[METADATA_ENCODING_KEY];
        // Whatever was written before there was a key.
        if (encoding === undefined || decode(encoding) !== ENCODING || payload.data == null) return payload;
        return message.decode(decrypt(payload.data));
      }),
  };
}
