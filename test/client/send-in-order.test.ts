import { expect, test } from 'vitest';
import { sendInOrder } from '../../sdk/client/send-in-order.js';

test('a request that need not wait does not pass one that still does', async () => {
  let begin = () => {};
  let listening: Promise<void> | undefined = new Promise((resolve) => {
    begin = resolve;
  });
  const sent: string[] = [];
  const send = sendInOrder(
    () => listening,
    async (what: string) => void sent.push(what),
  );
  const start = send('start');
  // Answers are listened for from here on, and the start has not been told yet.
  begin();
  listening = undefined;
  const wait = send('wait');
  await Promise.all([start, wait]);
  expect(sent).toEqual(['start', 'wait']);
  await send('later');
  expect(sent).toEqual(['start', 'wait', 'later']);
});

test('one that can not be sent holds up nobody behind it', async () => {
  let listening: Promise<void> | undefined = Promise.reject(new Error('away'));
  const sent: string[] = [];
  const send = sendInOrder(
    () => listening,
    async (what: string) => void sent.push(what),
  );
  const lost = send('lost');
  listening = undefined;
  const next = send('next');
  await expect(lost).rejects.toThrow('away');
  await next;
  expect(sent).toEqual(['next']);
});
