import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadDataConverter } from '../../sdk/client/load-data-converter.js';
import { decodePayloads, encodePayloads } from '../../sdk/common/converter/payload-codec.js';
import {
  decode,
  defaultPayloadConverter,
  ExternalStorage,
  type ExternalStorageOptions,
  type PayloadCodec,
  type StorageDriver,
  StorageDriverClaim,
} from '../../sdk/common/index.js';
import { FileSystemStorageDriver, InMemoryStorageDriver } from '../../sdk/external-storage/index.js';

const small = defaultPayloadConverter.toPayload('small');
const large = defaultPayloadConverter.toPayload('x'.repeat(300 * 1024));

const codecsOf = (options: ExternalStorageOptions): readonly PayloadCodec[] =>
  loadDataConverter({ externalStorage: new ExternalStorage(options) }).payloadCodecs;

/** A driver that does as it is told in the part that is replaced. */
const driverLike = (part: Partial<StorageDriver>): StorageDriver =>
  Object.assign(new InMemoryStorageDriver({ name: part.name ?? 'odd' }), part);

describe('external storage [common.external-storage]', () => {
  it('takes payloads from the threshold on, 256 KiB unless said otherwise, and leaves a claim', async () => {
    const driver = new InMemoryStorageDriver();
    const codecs = codecsOf({ drivers: [driver] });
    const encoded = await encodePayloads(codecs, [small, large]);
    expect(encoded[0]).toEqual(small);
    expect(JSON.parse(decode(encoded[1]?.data ?? new Uint8Array()))).toMatchObject({ driverName: 'memory' });
    expect(driver.size).toBe(1);
    expect(await decodePayloads(codecs, encoded)).toEqual([small, large]);
  });

  it('with a threshold of 0 takes all', async () => {
    const driver = new InMemoryStorageDriver();
    const codecs = codecsOf({ drivers: [driver], payloadSizeThreshold: 0 });
    expect(await decodePayloads(codecs, await encodePayloads(codecs, [small, large]))).toEqual([small, large]);
    expect(driver.size).toBe(2);
  });

  it('stores what the codecs made, and gives it back to them', async () => {
    const driver = new InMemoryStorageDriver();
    const externalStorage = new ExternalStorage({ drivers: [driver] });
    const hexadecimal: PayloadCodec = {
      encode: async (payloads) =>
        payloads.map(({ data }) => ({ data: Buffer.from(Buffer.from(data ?? []).toString('hex')) })),
      decode: async (payloads) =>
        payloads.map(({ data }) => ({ data: Buffer.from(Buffer.from(data ?? []).toString(), 'hex') })),
    };
    const { payloadCodecs } = loadDataConverter({ payloadCodecs: [hexadecimal], externalStorage });
    const plain = { metadata: {}, data: Buffer.alloc(200 * 1024, 1) };
    const encoded = await encodePayloads(payloadCodecs, [plain]);
    expect(driver.size).toBe(1);
    expect(await decodePayloads(payloadCodecs, encoded)).toEqual([plain]);
  });

  it('lets a selector choose among drivers, told of the workflow, or keep a payload', async () => {
    const [near, far] = [new InMemoryStorageDriver({ name: 'near' }), new InMemoryStorageDriver({ name: 'far' })];
    const [codec] = codecsOf({
      drivers: [near, far],
      payloadSizeThreshold: 0,
      driverSelector: ({ target }, { data }) =>
        (data?.length ?? 0) < 10 ? null : target?.workflowId === 'local' ? near : far,
    });
    const contextOf = (workflowId: string) => ({ type: 'workflow', namespace: 'n', workflowId }) as const;
    const local = await codec?.encode([small, large], contextOf('local'));
    await codec?.encode([small, large], contextOf('remote'));
    expect([near.size, far.size]).toEqual([1, 1]);
    expect(local?.[0]).toEqual(small);
    expect(await codec?.decode(local ?? [])).toEqual([small, large]);
  });

  it('tells which driver failed, and aborts the others', async () => {
    let aborted: unknown;
    const failing = driverLike({ name: 'failing', store: () => Promise.reject(new Error('no route')) });
    const waiting = driverLike({
      name: 'waiting',
      store: ({ abortSignal }) =>
        new Promise((_, reject) => {
          abortSignal?.addEventListener('abort', () => {
            aborted = abortSignal.reason;
            reject(abortSignal.reason);
          });
        }),
    });
    const codecs = codecsOf({
      drivers: [failing, waiting],
      driverSelector: (_context, { data }) => (data?.length === large.data.length ? failing : waiting),
      payloadSizeThreshold: 0,
    });
    const storing = encodePayloads(codecs, [large, small]);
    await expect(storing).rejects.toThrow("[TMPRL1107] storage driver 'failing' failed to store: no route");
    expect(aborted).toMatchObject({ message: 'no route' });
  });

  it('refuses a driver that gives back too few, and a claim of a driver that it lacks', async () => {
    const forgetful = driverLike({ store: async () => [] });
    await expect(encodePayloads(codecsOf({ drivers: [forgetful] }), [large])).rejects.toThrow('gave back 0 for 1');
    const [claim] = await encodePayloads(codecsOf({ drivers: [new InMemoryStorageDriver()] }), [large]);
    const others = codecsOf({ drivers: [driverLike({ name: 'other' })] });
    await expect(decodePayloads(others, claim ? [claim] : [])).rejects.toThrow(
      "[TMPRL1106] there is no storage driver 'memory' among dataConverter.externalStorage's (other)",
    );
  });

  it.each<[string, ExternalStorageOptions]>([
    ['at least one driver', { drivers: [] }],
    ['non-empty string', { drivers: [driverLike({ name: '' })] }],
    ["Duplicate storage driver name: 'odd'", { drivers: [driverLike({}), driverLike({})] }],
    ['driverSelector is required', { drivers: [driverLike({}), driverLike({ name: 'b' })] }],
    ['from 0, not -1', { drivers: [driverLike({})], payloadSizeThreshold: -1 }],
    ['from 0, not NaN', { drivers: [driverLike({})], payloadSizeThreshold: Number.NaN }],
  ])('is set up with %s', (message, options) => {
    expect(() => new ExternalStorage(options)).toThrow(message);
  });

  it('lifts the limit of a value', () => {
    expect(loadDataConverter({}).maxValueBytes).toBe(2 * 1024 * 1024);
    const externalStorage = new ExternalStorage({ drivers: [new InMemoryStorageDriver()] });
    expect(loadDataConverter({ externalStorage }).maxValueBytes).toBe(Number.POSITIVE_INFINITY);
  });
});

it('a claim without external storage to take it to is told by its code [common.external-storage-missing]', async () => {
  const [claim] = await encodePayloads(codecsOf({ drivers: [new InMemoryStorageDriver()] }), [large]);
  const { payloadCodecs, payloadConverter } = loadDataConverter({});
  const [decoded] = await decodePayloads(payloadCodecs, claim ? [claim] : []);
  expect(() => payloadConverter.fromPayload(decoded ?? {})).toThrow(
    expect.objectContaining({
      name: 'ExternalStorageNotConfiguredError',
      message: expect.stringContaining('[TMPRL1105]'),
    }),
  );
});

describe('the file-system driver [common.external-storage]', () => {
  let directory: string;
  let driver: FileSystemStorageDriver;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-payloads-'));
    driver = new FileSystemStorageDriver({ directory });
  });
  afterEach(() => rm(directory, { recursive: true }));

  const files = async () => {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  };

  it('keeps payloads over a restart, and one file for the same payload', async () => {
    const [claim, same] = await driver.store({}, [large, large]);
    if (claim === undefined) throw new Error('no claim');
    expect(same).toEqual(claim);
    expect(await files()).toHaveLength(1);
    const other = new FileSystemStorageDriver({ directory });
    expect(await other.retrieve({}, [claim])).toEqual([large]);
  });

  it('keeps metadata of any bytes, and payloads without data', async () => {
    const payloads = [{ metadata: { key: Uint8Array.of(0, 255) }, data: Uint8Array.of(1) }, { metadata: {} }];
    const claims = await driver.store({}, payloads);
    expect(await driver.retrieve({}, claims)).toEqual([payloads[0], { metadata: {}, data: new Uint8Array() }]);
  });

  it('refuses a damaged file, a missing one, and a claim that leads elsewhere', async () => {
    const claims = await driver.store({}, [large]);
    const [file = ''] = await files();
    await writeFile(file, (await readFile(file)).fill(0, 100, 200));
    await expect(driver.retrieve({}, claims)).rejects.toThrow('damaged');
    await rm(file);
    await expect(driver.retrieve({}, claims)).rejects.toMatchObject({ code: 'ENOENT' });
    const elsewhere = new StorageDriverClaim({ digest: '../../secret' });
    await expect(driver.retrieve({}, [elsewhere])).rejects.toThrow('no digest');
  });
});
