import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { defaultsOf } from '../../schemas/generated/defaults.js';
import type { Message, SignalWorkflow } from '../../schemas/generated/messages.js';
import { codecFromSnapshot } from '../../services/platform/codec/avro-codec.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import { messageNames, randomFrom, sampleMessage } from './samples.js';

const codec = createLocalCodec();

/** A signal with one argument, the field under test replaced. */
function signal(changed: Record<string, unknown> = {}): Message {
  return {
    ...defaultsOf.SignalWorkflow,
    type: 'SignalWorkflow',
    header: { requestId: 'r', workflowId: 'w', runId: null, identity: 'me', sentAt: 1, replyTo: null },
    signalName: 'paid',
    input: [{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('1') }],
    headers: {},
    ...changed,
  } as Message;
}

describe.each(messageNames)('%s', (name) => {
  it('decodes to what was encoded, for values of many seeds', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const message = sampleMessage(name, randomFrom(seed));
      expect(codec.decode(codec.encode(message)), `seed ${seed}`).toStrictEqual(message);
    }
  });

  it('refuses each of its bytes cut short', () => {
    const bytes = codec.encode(sampleMessage(name, randomFrom(7)));
    const step = Math.max(1, Math.floor(bytes.length / 100));
    for (let length = 0; length < bytes.length; length += step) {
      expect(() => codec.decode(bytes.subarray(0, length))).toThrow(expect.objectContaining({ code: 'NOT_A_MESSAGE' }));
    }
  });

  it('decodes altered bytes to a message or refuses them, without spending time on counts they claim', () => {
    const random = randomFrom(11);
    const original = codec.encode(sampleMessage(name, random));
    for (let round = 0; round < 200; round++) {
      const bytes = Buffer.from(original);
      for (let i = 5; i < bytes.length; i++) if (random() < 0.2) bytes[i] = Math.floor(random() * 256);
      try {
        codec.decode(bytes);
      } catch (error) {
        expect(error).toMatchObject({ code: 'NOT_A_MESSAGE', retryable: false });
      }
    }
  });
});

describe('bytes', () => {
  it('may be any Uint8Array, of another realm too', () => {
    const foreign = runInNewContext(
      '({ metadata: { encoding: new Uint8Array([106]) }, data: new Uint8Array([0, 1, 2, 3]).subarray(1, 3) })',
    );
    expect(foreign.data).not.toBeInstanceOf(Uint8Array);
    expect(codec.decode(codec.encode(signal({ input: [foreign] })))).toMatchObject({
      input: [{ metadata: { encoding: Buffer.from([106]) }, data: Buffer.from([1, 2]) }],
    });
  });

  it('decode to Buffers that outlive the value they came in', () => {
    const bytes = codec.encode(signal());
    const decoded = codec.decode(bytes);
    bytes.fill(0);
    const data = (decoded as SignalWorkflow).input[0]?.data;
    expect(data).toBeInstanceOf(Buffer);
    expect(data).toStrictEqual(Buffer.from('1'));
  });

  it('larger than the scratch buffer are written in full', () => {
    const data = Buffer.alloc(3_000_000, 7);
    const decoded = codec.decode(codec.encode(signal({ input: [{ metadata: {}, data }] })));
    expect((decoded as SignalWorkflow).input[0]?.data.length).toBe(data.length);
    expect(data.equals((decoded as SignalWorkflow).input[0]?.data ?? data.subarray(1))).toBe(true);
  });
});

describe('a decoded message', () => {
  it('is made of plain objects and survives structuredClone and spreading', () => {
    const decoded = codec.decode(codec.encode(signal()));
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect(Object.hasOwn(decoded, 'type')).toBe(true);
    const clone = { ...structuredClone(decoded) };
    expect(codec.encode(clone)).toStrictEqual(codec.encode(signal()));
  });

  it("keeps a map's key __proto__ as a key", () => {
    const headers = {};
    Object.defineProperty(headers, '__proto__', { value: { metadata: {}, data: Buffer.of(1) }, enumerable: true });
    const decoded = codec.decode(codec.encode(signal({ headers })));
    expect(Object.keys((decoded as { headers: object }).headers)).toStrictEqual(['__proto__']);
  });

  it('can be read from a view that is not a Buffer', () => {
    const bytes = codec.encode(signal());
    const padded = new Uint8Array(bytes.length + 3);
    padded.set(bytes, 3);
    expect(codec.decode(padded.subarray(3))).toStrictEqual(signal());
  });
});

describe('a value that does not fit is refused with its path', () => {
  const header = { requestId: 'r', workflowId: 'w', runId: null, identity: 'me', sentAt: 1, replyTo: null };
  it.each([
    ['a missing field', { signalName: undefined }, 'signalName', 'string'],
    ['a number past 2^52', { header: { ...header, sentAt: 2 ** 52 } }, 'header.sentAt', 'long'],
    ['a number below -2^52', { header: { ...header, sentAt: -(2 ** 52) } }, 'header.sentAt', 'long'],
    ['no number', { header: { ...header, sentAt: Number.NaN } }, 'header.sentAt', 'long'],
    ['a time with a fraction', { header: { ...header, sentAt: 1.5 } }, 'header.sentAt', 'long'],
    ['a bigint', { header: { ...header, sentAt: 1n } }, 'header.sentAt', 'long'],
    ['text for bytes', { input: [{ metadata: {}, data: 'text' }] }, 'input.0.data', 'bytes'],
    ['numbers for bytes', { input: [{ metadata: {}, data: [1, 2] }] }, 'input.0.data', 'bytes'],
    [
      'bytes that are not of single bytes',
      { input: [{ metadata: { a: new Uint16Array(1) }, data: Buffer.of() }] },
      'input.0.metadata.a',
      'bytes',
    ],
    ['null for a record', { header: null }, 'header', 'millrace.command.CommandHeader'],
    [
      'a wrong nullable',
      { header: { ...header, replyTo: { partition: 'x', asker: 'a' } } },
      'header.replyTo.partition',
      'int',
    ],
  ])('%s', (_what, changed, path, type) => {
    expect(() => codec.encode(signal(changed))).toThrow(
      expect.objectContaining({
        code: 'MESSAGE_INVALID',
        facts: { subject: 'millrace.command.SignalWorkflow', path },
        message: `millrace.command.SignalWorkflow can't be encoded: '${path}' is not of type ${type}`,
      }),
    );
  });

  it('a cause chain too deep to write', () => {
    const failure: Record<string, unknown> = { message: '', source: '', stackTrace: '', encodedAttributes: null };
    for (const info of ['application', 'timeout', 'canceled', 'terminated', 'server', 'activity'])
      failure[`${info}Info`] = null;
    let chain: unknown = null;
    for (let depth = 0; depth < 100_000; depth++) chain = { ...failure, cause: chain };
    const message = { type: 'FailActivityTask', header, scheduledEventId: 1, attempt: 1, failure: chain } as Message;
    expect(() => codec.encode(message)).toThrow(expect.objectContaining({ code: 'MESSAGE_INVALID' }));
    expect(codec.decode(codec.encode(signal()))).toStrictEqual(signal());
  });

  it('an unknown type', () => {
    expect(() => codec.encode({ type: 'Nonsense' } as never)).toThrow(
      expect.objectContaining({ code: 'MESSAGE_INVALID' }),
    );
  });
});

describe('bytes that no Millrace writer made are refused', () => {
  const wrongLong = codec.encode({ type: 'PartitionOwnerChanged', partition: 0, ownerEpoch: 0 });
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a long past 2^52', Buffer.concat([wrongLong.subarray(0, -1), Buffer.from('ffffffffffffff1f', 'hex')])],
    ['text', Buffer.from('{"hello":"world"}')],
    ['a prefix alone', Buffer.from([0, 0, 0, 0, 1])],
    ['a half prefix', Buffer.from([0, 0, 0])],
    ['a message with bytes after it', Buffer.concat([codec.encode(signal()), Buffer.from([0])])],
    ['an array of four billion items', Buffer.concat([codec.encode(signal()).subarray(0, 5), Buffer.alloc(300, 0xfe)])],
  ])('%s', (_what, bytes) => {
    expect(() => codec.decode(bytes)).toThrow(expect.objectContaining({ code: 'NOT_A_MESSAGE' }));
  });

  it('a schema id not known is told apart', async () => {
    const bytes = codec.encode(signal());
    bytes.writeUInt32BE(4_000_000_000, 1);
    expect(() => codec.decode(bytes)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_SCHEMA', facts: { schemaId: 4_000_000_000 } }),
    );
    await expect(codec.decodeLearning(bytes)).rejects.toMatchObject({ code: 'UNKNOWN_SCHEMA' });
  });
});

it('a codec made from a snapshot reads and writes as its origin', () => {
  const twin = codecFromSnapshot(structuredClone(codec.snapshot()));
  for (const name of messageNames) {
    const message = sampleMessage(name, randomFrom(3));
    expect(twin.encode(message)).toStrictEqual(codec.encode(message));
    expect(twin.decode(codec.encode(message))).toStrictEqual(message);
  }
});
