import assert from 'node:assert';
import { condition, defineSignal, setHandler } from 'millrace/workflow';

export async function expectSeven(value: number): Promise<number> {
  assert.strictEqual(value, 7);
  return value;
}

export const number = defineSignal<[value: number]>('number');

export async function expectSevenBySignal(): Promise<void> {
  setHandler(number, (value) => assert.strictEqual(value, 7));
  await condition(() => false);
}
