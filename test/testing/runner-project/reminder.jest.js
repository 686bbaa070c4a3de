import { expect, test } from '@jest/globals';
import { expected, remind } from './reminder.js';

test('a month goes by', async () => {
  expect(await remind()).toBe(expected);
}, 60_000);
