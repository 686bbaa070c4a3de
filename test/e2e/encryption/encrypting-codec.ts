// A codec as users write them: AES-GCM, with the workflow or activity that a value is of as what must agree.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { payloadRecord } from '../../../sdk/common/converter/payload.js';
import type { PayloadCodec } from '../../../sdk/common/converter/payload-codec.js';
import type { SerializationContext } from '../../../sdk/common/converter/serialization-context.js';

const ENCODING = 'binary/encrypted';
const IV_BYTES = 12;
const TAG_BYTES = 16;

export function encryptingCodec(key: Buffer): PayloadCodec {
  return {
    encode: async (payloads, context) =>
      payloads.map((payload) => {
        const { metadata, data } = payloadRecord(payload);
        const plain = JSON.stringify({
          encoding: Buffer.from(metadata.encoding ?? []).toString('utf8'),
          data: Buffer.from(data).toString('base64'),
        });
        return { metadata: { encoding: Buffer.from(ENCODING) }, data: encrypt(key, plain, context) };
      }),
    decode: async (payloads, context) =>
      payloads.map((payload) => {
        const { metadata, data } = payloadRecord(payload);
        const encoding = Buffer.from(metadata.encoding ?? []).toString('utf8');
        if (encoding !== ENCODING) throw new Error(`a payload of encoding '${encoding}' was not encrypted`);
        const plain = JSON.parse(decrypt(key, Buffer.from(data), context)) as { encoding: string; data: string };
        return {
          metadata: { encoding: Buffer.from(plain.encoding) },
          data: Buffer.from(plain.data, 'base64'),
        };
      }),
  };
}

function encrypt(key: Buffer, plain: string, context: SerializationContext | undefined): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(nameOf(context));
  const data = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), data]);
}

function decrypt(key: Buffer, bytes: Buffer, context: SerializationContext | undefined): string {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES)).setAAD(nameOf(context));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
}

function nameOf(context: SerializationContext | undefined): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(context ?? {}).sort()));
}
