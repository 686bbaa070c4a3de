import { describe, expect, it } from 'vitest';
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ensureApplicationFailure,
  ensureTemporalFailure,
  IllegalStateError,
  NamespaceNotFoundError,
  PayloadConverterError,
  RetryState,
  rootCause,
  TemporalFailure,
  ValueError,
  WorkflowNotFoundError,
} from '../../sdk/common/index.js';

class CardDeclined extends Error {}

describe('an ApplicationFailure [common.application-failure]', () => {
  it('is retryable unless it says otherwise', () => {
    expect(ApplicationFailure.create({ message: 'm' }).nonRetryable).toBe(false);
    expect(ApplicationFailure.retryable('m', 'T', 1)).toMatchObject({ type: 'T', nonRetryable: false, details: [1] });
    expect(ApplicationFailure.nonRetryable('m')).toMatchObject({ type: 'Error', nonRetryable: true, details: [] });
  });

  it('made from an error has its class name as type, its message and its stack [common.plain-errors]', () => {
    const error = new CardDeclined('51');
    const failure = ApplicationFailure.fromError(error);
    expect(failure).toMatchObject({ type: 'CardDeclined', message: '51', nonRetryable: false, stack: error.stack });
    expect(ApplicationFailure.fromError(error, { type: 'Other', nonRetryable: true })).toMatchObject({
      type: 'Other',
      message: '51',
      nonRetryable: true,
    });
  });

  it('has all that it is made with', () => {
    const cause = new Error('inner');
    const options = {
      message: 'm',
      type: 'T',
      nonRetryable: true,
      details: [1, 'two'],
      nextRetryDelay: '3s',
      cause,
    } as const;
    expect(ApplicationFailure.create({ ...options, category: 'BENIGN' })).toMatchObject({
      ...options,
      category: 'BENIGN',
    });
  });

  it('made from an ApplicationFailure is that one, with what is overridden', () => {
    const failure = ApplicationFailure.retryable('m', 'CardDeclined', 51);
    const same = ApplicationFailure.fromError(failure, { nonRetryable: true });
    expect(same).toBe(failure);
    expect(same).toMatchObject({ type: 'CardDeclined', details: [51], nonRetryable: true, message: 'm' });
  });

  it('is a TemporalFailure and an Error, and no other failure', () => {
    const failure = ApplicationFailure.create({});
    expect(failure).toBeInstanceOf(TemporalFailure);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(CancelledFailure);
    expect(new CancelledFailure('c')).not.toBeInstanceOf(ApplicationFailure);
  });

  it('can be extended, and the subclass tells its own instances apart', () => {
    class Declined extends ApplicationFailure {}
    expect(new Declined('m')).toBeInstanceOf(Declined);
    expect(new Declined('m')).toBeInstanceOf(ApplicationFailure);
    expect(new ApplicationFailure('m')).not.toBeInstanceOf(Declined);
  });
});

describe('ensuring a failure', () => {
  it('keeps failures and wraps the rest, causes included [common.ensure-failure]', () => {
    const cancelled = new CancelledFailure('c');
    expect(ensureTemporalFailure(cancelled)).toBe(cancelled);
    expect(ensureApplicationFailure(cancelled)).toMatchObject({ type: 'CancelledFailure', message: 'c' });
    expect(ensureTemporalFailure(new CardDeclined('51', { cause: cancelled }))).toMatchObject({ cause: cancelled });
    expect(ensureTemporalFailure('text')).toMatchObject({ message: 'text', type: 'Error' });
    expect(ensureTemporalFailure(undefined)).toMatchObject({ message: 'undefined', type: 'Error' });
  });
});

describe('the errors [common.errors]', () => {
  it.each<[Error, Record<string, unknown>]>([
    [new ValueError('v', 'why'), { name: 'ValueError', cause: 'why' }],
    [new PayloadConverterError('p'), { name: 'PayloadConverterError' }],
    [new IllegalStateError('i'), { name: 'IllegalStateError' }],
    [new WorkflowNotFoundError('w', 'id', 'run'), { name: 'WorkflowNotFoundError', workflowId: 'id', runId: 'run' }],
    [new NamespaceNotFoundError('n'), { name: 'NamespaceNotFoundError', namespace: 'n' }],
  ])('%s has its name and its facts', (error, facts) => {
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject(facts);
    expect(error instanceof ValueError).toBe(error.name === 'ValueError' || error.name === 'PayloadConverterError');
  });
});

describe('the root cause', () => {
  it('is the innermost message [common.root-cause]', () => {
    const inner = ApplicationFailure.create({ message: 'inner' });
    const outer = new ActivityFailure('outer', 't', '1', RetryState.TIMEOUT, 'i', inner);
    expect([rootCause(outer), rootCause(new Error('e')), rootCause('s'), rootCause(5)]).toEqual([
      'inner',
      'e',
      's',
      undefined,
    ]);
  });
});
