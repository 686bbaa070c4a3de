import { afterEach, beforeEach, expect, test } from 'vitest';
import { Family } from './family.js';

let family: Family;
beforeEach(async () => {
  family = await Family.start();
});
afterEach(() => family.duet.close());

test('an external workflow is signalled by its handle [workflow.external-signal]', async () => {
  await family.begin('waitForWord', [], 'other');
  await family.begin('signalsOther', ['other']);
  expect([family.result(), family.result('other')]).toEqual(['signalled', 'heard from afar']);
});

test('an external workflow is cancelled by its handle [workflow.external-cancel]', async () => {
  await family.begin('neverEnds', [], 'other');
  await family.begin('cancelsOther', ['other']);
  expect([family.result(), family.status('other')]).toEqual(['cancelled', 'CANCELLED']);
});

test("signalling and cancelling what isn't there rejects in Temporal's words [workflow.external-not-found]", async () => {
  await family.begin('signalsOther', ['nobody'], 'v');
  await family.begin('cancelsOther', ['nobody']);
  const failure = { name: 'ApplicationFailure', type: 'ExternalWorkflowExecutionNotFound' };
  expect(family.result('v')).toEqual({
    ...failure,
    message: 'Unable to signal external workflow because it was not found',
  });
  expect(family.result()).toEqual({ ...failure, message: 'Unable to cancel external workflow because not found' });
});

test('a signal is taken back when its scope is cancelled before it was sent [workflow.external-signal]', async () => {
  await family.begin('takesSignalBack', ['other']);
  expect(family.result()).toMatchObject({
    name: 'CancelledFailure',
    message: 'Signal was cancelled before being sent',
  });
  expect(family.relations()).toEqual([]);
});
