import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultsOf } from '../../schemas/generated/defaults.js';
import type { Command } from '../../schemas/generated/messages.js';
import { type Answer, Requests } from '../../sdk/client/requests.js';
import { systemClock } from '../../services/platform/clock.js';
import { LogError } from '../../services/platform/log/errors.js';
import { silentLogger } from '../../services/platform/logger.js';
import { acceptedBy } from './answers.js';

const header = { workflowId: 'w', runId: null, identity: 'i', sentAt: 0, replyTo: null };
const awaiting: Command = { type: 'AwaitWorkflowResult', header: { ...header, requestId: 'await' } };
const cancelling: Command = {
  ...defaultsOf.RequestCancelWorkflow,
  type: 'RequestCancelWorkflow',
  header: { ...header, requestId: 'cancel' },
  reason: '',
};

/** Requests over a log that takes, refuses or holds what is sent. */
function setUp(send: () => Promise<void> = async () => {}): { requests: Requests; sent: Command[] } {
  const sent: Command[] = [];
  const requests = new Requests({
    send: (command) => {
      sent.push(command);
      return send();
    },
    partitionOf: (workflowId) => workflowId.length,
    namespace: 'ns',
    logger: silentLogger,
    clock: systemClock,
  });
  return { requests, sent };
}

const first = (answer: Answer): Answer => answer;

describe('a request', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('R1, R2: is sent again under its id when the owner of its partition changes, and of no other', async () => {
    const { requests, sent } = setUp();
    const answer = requests.ask(cancelling, first, {});
    await vi.advanceTimersByTimeAsync(0);
    requests.ownerChanged(2);
    requests.ownerChanged(1);
    expect(sent).toEqual([cancelling, cancelling]);
    requests.answered(acceptedBy(cancelling));
    expect(await answer).toMatchObject({ requestId: 'cancel' });
    requests.ownerChanged(1);
    expect(sent).toHaveLength(2);
  });

  it('R3: is asked again every 20 s when it is a wait or a question, and only then', async () => {
    const { requests, sent } = setUp();
    const waits = [requests.ask(awaiting, first, {}), requests.ask(cancelling, first, {})];
    await vi.advanceTimersByTimeAsync(40_000);
    expect(sent.map(({ type }) => type)).toEqual([awaiting, cancelling, awaiting, awaiting].map(({ type }) => type));
    requests.answered(acceptedBy(awaiting));
    requests.answered(acceptedBy(cancelling));
    await Promise.all(waits);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that nobody answers in time says who is missing [client.service-error]', async () => {
    const { requests } = setUp();
    const failed = expect(requests.ask(cancelling, first, { timeoutMs: 500 })).rejects;
    const rejected = failed.toMatchObject({
      code: 'NO_ANSWER',
      retryable: true,
      message: `no history service answered RequestCancelWorkflow for workflow 'w' within 500 ms: is one running for namespace 'ns'?`,
    });
    await vi.advanceTimersByTimeAsync(500);
    await rejected;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that the log never acknowledges says so, with what the log said', async () => {
    const unavailable = new LogError('LOG_UNAVAILABLE', 'no broker at nowhere:9092');
    const { requests, sent } = setUp(() => Promise.reject(unavailable));
    const rejected = expect(requests.ask(awaiting, first, { timeoutMs: 2_500 })).rejects.toMatchObject({
      code: 'NOT_ACKNOWLEDGED',
      cause: unavailable,
    });
    await vi.advanceTimersByTimeAsync(2_500);
    await rejected;
    // Once at first, then after each pause of a second.
    expect(sent).toHaveLength(3);
  });

  it('without a time-out outlives a broker that is away', async () => {
    let away = true;
    const { requests, sent } = setUp(async () => {
      if (away) throw new LogError('LOG_UNAVAILABLE', 'away');
    });
    const answer = requests.ask(cancelling, first, {});
    await vi.advanceTimersByTimeAsync(10_000);
    away = false;
    await vi.advanceTimersByTimeAsync(1_000);
    const tries = sent.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent).toHaveLength(tries);
    requests.answered(acceptedBy(cancelling));
    expect(await answer).toMatchObject({ type: 'CommandAccepted' });
  });

  it('has one send under way at a time, and one more after it when its owner changes meanwhile', async () => {
    const sends: Array<() => void> = [];
    const { requests, sent } = setUp(() => new Promise((resolve) => sends.push(resolve)));
    const answer = requests.ask(awaiting, first, {});
    requests.ownerChanged(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
    sends[0]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toHaveLength(2);
    sends[1]?.();
    requests.answered(acceptedBy(awaiting));
    await answer;
  });

  it('that the log refuses for good fails at once', async () => {
    const refusal = new LogError('BATCH_TOO_LARGE', 'too large');
    const { requests } = setUp(() => Promise.reject(refusal));
    await expect(requests.ask(cancelling, first, {})).rejects.toBe(refusal);
  });

  it('is withdrawn by its signal, and rejected by the close', async () => {
    const { requests } = setUp();
    const withdrawal = new AbortController();
    const withdrawn = requests.ask(awaiting, first, { signal: withdrawal.signal });
    const open = requests.ask(cancelling, first, {});
    withdrawal.abort(new Error('no longer wanted'));
    await expect(withdrawn).rejects.toThrow('no longer wanted');
    requests.close();
    await expect(open).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    await expect(requests.ask(awaiting, first, {})).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    expect(vi.getTimerCount()).toBe(0);
  });
});
