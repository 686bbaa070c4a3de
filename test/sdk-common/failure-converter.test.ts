import { describe, expect, it } from 'vitest';
import type { Failure } from '../../schemas/generated/messages.js';
import {
  ActivityFailure,
  ApplicationFailure,
  ApplicationFailureCategory,
  CancelledFailure,
  ChildWorkflowFailure,
  DefaultFailureConverter,
  defaultFailureConverter,
  defaultPayloadConverter,
  RetryState,
  ServerFailure,
  TemporalFailure,
  TerminatedFailure,
  TimeoutFailure,
  TimeoutType,
} from '../../sdk/common/index.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';

const toFailure = (error: unknown): Failure => defaultFailureConverter.errorToFailure(error, defaultPayloadConverter);
const toError = (failure: Failure): TemporalFailure =>
  defaultFailureConverter.failureToError(failure, defaultPayloadConverter);

describe('the failure converter [common.failures]', () => {
  const cause = ApplicationFailure.nonRetryable('declined', 'CardDeclined', { code: 51 }, 'second');

  it.each<[string, TemporalFailure]>([
    ['ApplicationFailure', cause],
    [
      'ChildWorkflowFailure',
      new ChildWorkflowFailure('ns', { workflowId: 'w', runId: 'r' }, 'ship', RetryState.TIMEOUT, cause),
    ],
    ['CancelledFailure', new CancelledFailure('stop', ['detail'])],
    ['TerminatedFailure', new TerminatedFailure('enough')],
    ['TimeoutFailure', new TimeoutFailure('late', { at: 3 }, TimeoutType.HEARTBEAT)],
    ['ServerFailure', new ServerFailure('broken', true)],
    [
      'ActivityFailure',
      new ActivityFailure('Activity task failed', 'charge', '7', RetryState.MAXIMUM_ATTEMPTS_REACHED, '1@host', cause),
    ],
  ])('turns an %s into a record and back, with its cause and stack', (name, error) => {
    const back = toError(toFailure(error));
    expect(back.name).toBe(name);
    expect(Object.getPrototypeOf(back)).toBe(Object.getPrototypeOf(error));
    const { failure, ...fields } = back;
    expect(fields).toEqual({ ...error });
    expect(back.message).toBe(error.message);
    expect(back.stack).toBe(error.stack);
    expect(back.cause?.message).toBe(error.cause?.message);
    expect(failure).toBeDefined();
  });

  it('gives back the record that an error came from, unchanged', () => {
    const failure = toFailure(cause);
    expect(toFailure(toError(failure))).toBe(failure);
  });

  it('makes a plain Error a TemporalFailure with its cause', () => {
    const back = toError(toFailure(new TypeError('outer', { cause: new RangeError('inner') })));
    expect(back).toBeInstanceOf(TemporalFailure);
    expect(back).not.toBeInstanceOf(ApplicationFailure);
    expect([back.message, back.cause?.message]).toEqual(['outer', 'inner']);
  });

  it.each([
    ['text', 'text'],
    [{ code: 1 }, '{"code":1}'],
    [undefined, 'undefined'],
  ])('says that %j is not an Error', (thrown, text) => {
    expect(toFailure(thrown).message).toBe(
      `${text} [A non-Error value was thrown from your code. We recommend throwing Error objects so that we can provide a stack trace.]`,
    );
  });

  it('carries the delay asked for before the next attempt in milliseconds', () => {
    const failure = toFailure(ApplicationFailure.create({ message: 'busy', nextRetryDelay: '3 seconds' }));
    expect(failure.applicationInfo?.nextRetryDelayMs).toBe(3_000);
  });

  it('carries how grave a failure is', () => {
    const failure = toFailure(ApplicationFailure.create({ message: 'sold out', category: 'BENIGN' }));
    expect(failure.applicationInfo?.category).toBe('BENIGN');
    expect(toError(failure)).toMatchObject({ category: ApplicationFailureCategory.BENIGN });
    expect(toFailure(ApplicationFailure.create({ message: 'lost' })).applicationInfo?.category).toBeNull();
  });

  it('can put message and stack where codecs reach them [common.failure-converter]', () => {
    const converter = new DefaultFailureConverter({ encodeCommonAttributes: true });
    const failure = converter.errorToFailure(cause, defaultPayloadConverter);
    expect([failure.message, failure.stackTrace]).toEqual(['Encoded failure', '']);
    const back = converter.failureToError(failure, defaultPayloadConverter);
    expect([back.message, back.stack]).toEqual([cause.message, cause.stack]);
  });

  it('makes records that their schema takes', () => {
    const codec = createLocalCodec();
    const header = { requestId: 'r', workflowId: 'w', runId: 'x', identity: 'i', sentAt: 1, replyTo: null };
    const failure = toFailure(new ActivityFailure('a', 't', undefined, RetryState.TIMEOUT, undefined, cause));
    const command = { type: 'FailActivityTask', header, scheduledEventId: 5, attempt: 1, failure } as const;
    const decoded = codec.decode(codec.encode(command));
    if (decoded.type !== 'FailActivityTask') throw new Error(`decoded as ${decoded.type}`);
    expect(toError(decoded.failure).cause).toMatchObject({ type: 'CardDeclined', details: [{ code: 51 }, 'second'] });
  });
});
