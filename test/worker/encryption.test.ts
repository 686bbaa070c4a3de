import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { temporal } from 'millrace/proto';
import { expect, test } from 'vitest';
import { Client, historyToJSON } from '../../sdk/client/index.js';
import { decode, encode, METADATA_ENCODING_KEY, type Payload, type PayloadCodec } from '../../sdk/common/index.js';
import { Worker } from '../../sdk/worker/index.js';
import { openMemoryPlatform } from './memory-platform.js';

const ENCODING = 'binary/encrypted';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** As programs for Temporal write it: the whole payload is encrypted, its metadata too. */
class EncryptionCodec implements PayloadCodec {
  readonly #key = randomBytes(32);

  async encode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => ({
      metadata: { [METADATA_ENCODING_KEY]: encode(ENCODING) },
      data: this.#encrypt(temporal.api.common.v1.Payload.encode(payload).finish()),
    }));
  }

  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => {
      const encoding = payload.metadata?.[METADATA_ENCODING_KEY];
      if (encoding === undefined || decode(encoding) !== ENCODING || payload.data == null) return payload;
      return temporal.api.common.v1.Payload.decode(this.#decrypt(payload.data));
    });
  }

  #encrypt(data: Uint8Array): Uint8Array {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv);
    return Buffer.concat([iv, cipher.update(data), cipher.final(), cipher.getAuthTag()]);
  }

  #decrypt(data: Uint8Array): Uint8Array {
    const decipher = createDecipheriv('aes-256-gcm', this.#key, data.subarray(0, IV_BYTES));
    decipher.setAuthTag(data.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(data.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
  }
}

test('an encryption codec leaves nothing readable in the history [common.payload-codecs common.payload-message]', async () => {
  const platform = await openMemoryPlatform();
  const dataConverter = { payloadCodecs: [new EncryptionCodec()] };
  const client = new Client({ connection: platform.connect(), dataConverter });
  const worker = await Worker.create({
    connection: platform.connect(),
    taskQueue: 'secrets',
    workflowsPath: fileURLToPath(new URL('./fixtures/workflows.ts', import.meta.url)),
    activities: { greet: async (name: string) => `hello ${name}` },
    dataConverter,
  });
  await worker.runUntil(async () => {
    const options = { workflowId: 'secret-1', taskQueue: 'secrets', args: ['Ada'], memo: { owner: 'Ada' } };
    const handle = await client.workflow.start('hello', options);
    expect(await handle.result()).toBe('hello Ada');
    expect((await handle.describe()).memo).toEqual({ owner: 'Ada' });
    const history = JSON.stringify(historyToJSON(await handle.fetchHistory()));
    expect(history).toContain(Buffer.from(ENCODING).toString('base64'));
    for (const text of ['"Ada"', '"hello Ada"']) {
      expect(history).not.toContain(Buffer.from(text).toString('base64'));
    }
  });
  await platform.close();
});
