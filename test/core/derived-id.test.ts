import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { derivedId } from '../../services/history/core/derived-id.js';
import { sha1 } from '../../services/history/core/sha1.js';

test('an id is the same each time it is worked out, and no other run, event or purpose has it', () => {
  const ids = ['run-1', 'run-2', 'lauf-ä'].flatMap((runId) =>
    [1, 11, 1_000].flatMap((eventId) => ['child', 'next'].map((purpose) => derivedId(runId, eventId, purpose))),
  );
  expect(new Set(ids).size).toBe(ids.length);
  expect(derivedId('run-1', 1, 'child')).toBe(ids[0]);
});

test('ids are UUIDs of version 5', () => {
  for (let eventId = 1; eventId <= 100; eventId++) {
    expect(derivedId('run', eventId, 'child')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  }
});

test.each([0, 1, 55, 56, 63, 64, 119, 120, 1_000])('the digest of %i bytes is SHA-1', (length) => {
  const message = Uint8Array.from({ length }, (_, index) => (index * 31 + 7) & 0xff);
  expect(Buffer.from(sha1(message)).toString('hex')).toBe(createHash('sha1').update(message).digest('hex'));
});
