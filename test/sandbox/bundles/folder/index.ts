import assert, { strictEqual } from 'node:assert';
import { hostname } from 'node:os';
import { URL as Address } from 'node:url';
// biome-ignore lint/style/useNodejsImportProtocol: workflows may leave it out
import { TextEncoder as Encoder } from 'util';
import facts from './facts.json' with { type: 'json' };
import { named } from './named.js';

export async function usesStubs(): Promise<unknown> {
  assert.deepStrictEqual({ a: [1] }, { a: [1] });
  assert(true);
  strictEqual(1, 1);
  const thrown: string[] = [];
  for (const fails of [
    () => assert.equal(1, 2),
    () => assert.deepEqual(new Map([[1, { b: 2 }]]), new Map([[1, { b: 3 }]])),
    () => assert.throws(() => {}),
  ]) {
    try {
      fails();
    } catch (error) {
      thrown.push(`${(error as Error).name}: ${(error as Error).message}`);
    }
  }
  const bytes = new Encoder().encode('é').length;
  return { thrown, bytes, host: new Address('http://a.b/c').host, facts, named: named(), hostname: typeof hostname };
}

export default async function anything(): Promise<string> {
  return 'by default';
}
