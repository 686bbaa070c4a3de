import { equal } from 'node:assert/strict';
import { it } from 'mocha';
import { expected, remind } from './reminder.js';

it('a month goes by', async () => {
  equal(await remind(), expected);
}).timeout(60_000);
