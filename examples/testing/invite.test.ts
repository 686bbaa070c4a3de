// Tests of an activity, without a worker or a workflow.
import { CancelledFailure } from 'millrace/activity';
import { MockActivityEnvironment } from 'millrace/testing';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { invite } from './activities.js';

const mails = vi.spyOn(console, 'log').mockImplementation(() => undefined);
beforeEach(() => mails.mockClear());
afterAll(() => mails.mockRestore());

describe('the invitations', () => {
  test('go on where the attempt before has come to', async () => {
    const env = new MockActivityEnvironment({ attempt: 2, heartbeatDetails: 2 });
    const progress: unknown[] = [];
    env.on('heartbeat', (details: unknown) => progress.push(details));
    expect(await env.run(invite, ['ada', 'ben', 'cleo'])).toBe(1);
    expect(mails.mock.calls).toEqual([['mail to cleo: Try us for two weeks']]);
    expect(progress).toEqual([3]);
  });

  test('stop when they are cancelled', async () => {
    const env = new MockActivityEnvironment();
    env.on('heartbeat', (done: number) => {
      if (done === 1) env.cancel();
    });
    await expect(env.run(invite, ['ada', 'ben', 'cleo'])).rejects.toThrow(CancelledFailure);
    expect(mails).toHaveBeenCalledTimes(1);
  });
});
