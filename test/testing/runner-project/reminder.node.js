import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { expected, remind } from './reminder.js';

test('a month goes by', async () => {
  equal(await remind(), expected);
});
