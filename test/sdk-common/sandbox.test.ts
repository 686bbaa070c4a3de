import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import type * as common from '../../sdk/common/index.js';
import { ApplicationFailure, CancelledFailure, defaultPayloadConverter } from '../../sdk/common/index.js';

/** The common part as the sandbox has it: a realm of its own with the text codecs and nothing else. */
async function loadInSandbox(): Promise<{ sandboxed: typeof common; run: (code: string) => unknown }> {
  const entry = new URL('../../sdk/common/index.ts', import.meta.url).pathname;
  const bundle = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'common',
    platform: 'neutral',
    mainFields: ['main'],
  });
  const context = createContext({ TextEncoder, TextDecoder });
  const run = (code: string): unknown => runInContext(code, context);
  run(bundle.outputFiles[0]?.text ?? '');
  return { sandboxed: run('common') as typeof common, run };
}

/** As above, with `code` as the module that is bundled; its exports are `entry`'s. */
async function evaluateInSandbox(code: string): Promise<(expression: string) => unknown> {
  const bundle = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'entry',
    platform: 'neutral',
    mainFields: ['main'],
  });
  const context = createContext({ TextEncoder, TextDecoder, atob });
  runInContext(bundle.outputFiles[0]?.text ?? '', context);
  return (expression) => runInContext(expression, context);
}

describe('the common part in the sandbox', () => {
  let sandboxed: typeof common;
  let run: (code: string) => unknown;
  beforeAll(async () => {
    ({ sandboxed, run } = await loadInSandbox());
  });

  it('loads without any node module or global', () => {
    expect(run('typeof process + typeof Buffer + typeof require')).toBe('undefinedundefinedundefined');
    expect(sandboxed.ApplicationFailure).not.toBe(ApplicationFailure);
  });

  it('tells failures of the other realm by instanceof, both ways [common.failure-instanceof]', () => {
    expect(sandboxed.ApplicationFailure.create({ message: 'm' })).toBeInstanceOf(ApplicationFailure);
    expect(new CancelledFailure('c')).toBeInstanceOf(sandboxed.CancelledFailure);
    expect(new CancelledFailure('c')).not.toBeInstanceOf(sandboxed.ApplicationFailure);
    expect(run('new Error("plain")')).not.toBeInstanceOf(ApplicationFailure);
  });

  it('makes failures from errors of the other realm', () => {
    const failure = sandboxed.defaultFailureConverter.errorToFailure(
      new ApplicationFailure('m', 'T', true, [1], new RangeError('host')),
      sandboxed.defaultPayloadConverter,
    );
    expect(failure).toMatchObject({ applicationInfo: { failureType: 'T' }, cause: { message: 'host' } });
    expect(ApplicationFailure.fromError(run('new RangeError("r")'))).toMatchObject({
      type: 'RangeError',
      message: 'r',
    });
  });

  it('encodes protobuf messages, with nothing but atob beside the text codecs [common.protobuf-json]', async () => {
    const run = await evaluateInSandbox(`
      import * as protobuf from 'protobufjs/light.js';
      import { ProtobufJsonPayloadConverter } from '../../sdk/common/lib/protobufs.ts';
      const fields = { name: { type: 'string', id: 1 }, raw: { type: 'bytes', id: 2 } };
      const root = protobuf.Root.fromJSON({ nested: { Item: { fields } } });
      const converter = new ProtobufJsonPayloadConverter(root);
      const item = root.lookupType('Item').create({ name: 'pen', raw: new Uint8Array([250, 255]) });
      const payload = converter.toPayload(item);
      export const json = new TextDecoder().decode(payload.data);
      export const raw = [...converter.fromPayload(payload).raw];`);
    expect(run('typeof Buffer')).toBe('undefined');
    expect(run('entry.json')).toBe('{"name":"pen","raw":"+v8="}');
    expect(run('[...entry.raw].join()')).toBe('250,255');
  });

  it('decodes values into its own realm, and takes bytes of the other', () => {
    const fromHost = defaultPayloadConverter.toPayload({ a: [1] });
    Object.assign(run('globalThis') as object, { decoded: sandboxed.defaultPayloadConverter.fromPayload(fromHost) });
    expect(run('decoded instanceof Object && decoded.a instanceof Array')).toBe(true);
    const bytes = sandboxed.defaultPayloadConverter.toPayload(Buffer.from([1, 2]));
    Object.assign(run('globalThis') as object, { bytes: sandboxed.defaultPayloadConverter.fromPayload(bytes) });
    expect(run('bytes instanceof Uint8Array && bytes.length')).toBe(2);
    expect(defaultPayloadConverter.fromPayload(defaultPayloadConverter.toPayload(run('new Uint8Array([3])')))).toEqual(
      new Uint8Array([3]),
    );
  });
});
