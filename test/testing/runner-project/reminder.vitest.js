import { expect, test } from 'vitest';
import { expected, remind } from './reminder.js';

test('a month goes by', async () => {
  expect(await remind()).toBe(expected);
});
