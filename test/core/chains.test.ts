// Chains of runs: continue-as-new, the workflow's retry policy, cron schedules and delayed starts.
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../schemas/generated/messages.js';
import { dueAt } from '../../services/history/core/due.js';
import { MAX_CARRIED_REQUESTS } from '../../services/platform/limits.js';
import { complete, failure, payload, Scenario } from './scenario.js';

const SECOND = 1_000;
const HOUR = 3_600_000;

const retryPolicy = {
  initialIntervalMs: SECOND,
  backoffCoefficient: 2,
  maximumIntervalMs: 100 * SECOND,
  maximumAttempts: 3,
  nonRetryableErrorTypes: ['Fatal'],
};
const continueAsNew = { continueAsNewWorkflowExecution: { workflowType: 'order', taskQueue: 'q' } };
const fail = (type = 'Error') => ({ failWorkflowExecution: { failure: failure('down', { failureType: type }) } });
const asked = { reason: '', details: [] };

/** Command scripts and all that comes of them. `npx vitest run test/core -u` rewrites the traces: review the diff. */
const scripts: Record<string, (s: Scenario) => void> = {
  'continue-as-new: the next run begins in the same batch': (s) => {
    s.start({ input: [payload('1')], memo: { note: payload('"n"') } });
    s.completeTask([
      { continueAsNewWorkflowExecution: { workflowType: 'order', taskQueue: 'q', input: [payload('2')] } },
    ]);
    s.send('AwaitWorkflowResult', {}, { runId: 'r1' });
    s.completeTask([complete]);
    s.send('AwaitWorkflowResult', {});
  },
  'continue-as-new: its options, and a wait before the next run': (s) => {
    s.start({ searchAttributes: { city: payload('"Rome"') } });
    const options = { workflowRunTimeoutMs: HOUR, backoffStartIntervalMs: 5 * SECOND, memo: { step: payload('2') } };
    s.completeTask([{ continueAsNewWorkflowExecution: { workflowType: 'invoice', taskQueue: 'other', ...options } }]);
    s.send('DescribeWorkflow', {});
    s.send('SignalWorkflow', { signalName: 'gathers', input: [] });
    s.advance(5 * SECOND);
    s.completeTask([complete]);
  },
  'workflow retry: with back-off, until the attempts run out': (s) => {
    s.start({ retryPolicy, input: [payload('"same"')] });
    s.completeTask([fail()]);
    s.send('AwaitWorkflowResult', {}, { runId: 'r1' });
    s.advance(SECOND);
    s.completeTask([fail()]);
    s.advance(2 * SECOND);
    s.completeTask([fail()]);
    s.send('AwaitWorkflowResult', {});
  },
  'cron: each run follows at its time, with the last result': (s) => {
    s.now = 1_700_000_000_000;
    s.start({ cronSchedule: '0 * * * *' });
    s.advance(HOUR);
    s.completeTask([{ completeWorkflowExecution: { result: payload('1') } }]);
    s.advance(HOUR);
    s.completeTask([fail()]);
    s.advance(HOUR);
    s.send('TerminateWorkflow', asked);
  },
  'start delay: a signal ends it': (s) => {
    s.start({ startDelayMs: HOUR });
    s.send('DescribeWorkflow', {});
    s.send('SignalWorkflow', { signalName: 'now', input: [] });
    s.completeTask([complete]);
  },
};

describe('traces of chains', () => {
  for (const [name, script] of Object.entries(scripts)) {
    it(name, async () => {
      const scenario = new Scenario();
      script(scenario);
      await expect(scenario.text()).toMatchFileSnapshot(`golden/${name.replace(/[^a-z]+/gi, '-')}.trace`);
    });
  }
});

function ofType<K extends HistoryEvent['type']>(s: Scenario, type: K): Array<Extract<HistoryEvent, { type: K }>> {
  return s.events.filter((event): event is Extract<HistoryEvent, { type: K }> => event.type === type);
}

describe('continue-as-new', () => {
  it('carries over what its code changed in the same task [workflow.continue-as-new-carry-over]', () => {
    const s = new Scenario();
    s.start({ memo: { kept: payload('1'), dropped: payload('1') }, searchAttributes: { city: payload('1') } });
    s.completeTask([
      { modifyWorkflowProperties: { upsertedMemo: { added: payload('2') }, removed: ['dropped'] } },
      { upsertSearchAttributes: { searchAttributes: { city: payload('2') } } },
      continueAsNew,
    ]);
    const [, next] = ofType(s, 'WorkflowExecutionStarted');
    expect(Object.keys(next?.memo ?? {})).toEqual(['kept', 'added']);
    expect(next?.searchAttributes).toEqual({ city: payload('2') });
    expect(s.run().memo).toEqual(next?.memo);
  });

  it('takes the signals in first that arrived during the task', () => {
    const s = new Scenario();
    s.start();
    const { seenEventId } = { seenEventId: s.run().nextEventId - 1 };
    s.send('SignalWorkflow', { signalName: 'late', input: [] });
    s.completeTask([continueAsNew], { seenEventId });
    expect(ofType(s, 'WorkflowTaskFailed')).toMatchObject([{ cause: 'UNHANDLED_COMMAND' }]);
    s.completeTask([continueAsNew]);
    expect(s.run().runId).not.toBe('r1');
  });

  it('is refused by name where it can have no next run', () => {
    const s = new Scenario();
    s.start();
    s.completeTask([{ continueAsNewWorkflowExecution: { workflowType: '', taskQueue: 'q' } }]);
    expect(s.events.at(-1)).toMatchObject({ cause: 'BAD_COMMAND' });
    s.advance(SECOND);
    s.completeTask([{ continueAsNewWorkflowExecution: { workflowType: 'w', taskQueue: 'q'.repeat(181) } }]);
    expect(s.events.at(-1)).toMatchObject({ cause: 'BAD_COMMAND' });
    expect(s.run()).toMatchObject({ runId: 'r1', status: 'RUNNING' });
  });

  it('makes the same run ids however often it is decided, and others for every run', () => {
    const ids = [0, 1].map(() => {
      const s = new Scenario();
      s.start();
      for (let run = 0; run < 5; run++) s.completeTask([continueAsNew]);
      return ofType(s, 'WorkflowExecutionStarted').map(({ header }) => header.runId);
    });
    expect(ids[0]).toEqual(ids[1]);
    expect(new Set(ids[0]).size).toBe(6);
  });
});

describe('the time-out over all runs', () => {
  it('passes however many runs there are', () => {
    const s = new Scenario();
    s.start({ workflowExecutionTimeoutMs: 10 * SECOND });
    for (let run = 0; run < 3; run++) {
      s.advance(3 * SECOND);
      s.completeTask([continueAsNew]);
    }
    s.advance(SECOND);
    expect(s.run()).toMatchObject({ status: 'TIMED_OUT' });
    expect(s.events.at(-1)).toMatchObject({ retryState: 'TIMEOUT', newExecutionRunId: null });
  });

  it('allows for no attempt that would begin after it', () => {
    const s = new Scenario();
    s.start({ workflowExecutionTimeoutMs: 500, retryPolicy });
    s.completeTask([fail()]);
    expect(s.events.at(-1)).toMatchObject({ retryState: 'TIMEOUT', newExecutionRunId: null });
  });
});

describe('the retry policy of a workflow', () => {
  it('runs it again after the time-out of a run, which counts from its first task [client.workflow-retry]', () => {
    const s = new Scenario();
    s.start({ workflowRunTimeoutMs: SECOND, retryPolicy });
    s.advance(SECOND);
    expect(ofType(s, 'WorkflowExecutionTimedOut')).toMatchObject([{ retryState: 'IN_PROGRESS' }]);
    expect(s.run().start).toMatchObject({ attempt: 2, continueAsNewInitiator: 'RETRY' });
    expect(dueAt(s.run())).toBe(s.now + SECOND);
    expect(s.run().expiresAt).toBe(s.now + 2 * SECOND);
  });

  it('tries no failure again that it names, that says so, or that is a cancellation', () => {
    const cancelled = { ...failure('gone'), applicationInfo: null, canceledInfo: { details: [] } };
    const never = [fail('Fatal'), { failWorkflowExecution: { failure: failure('no', { nonRetryable: true }) } }];
    for (const command of [...never, { failWorkflowExecution: { failure: cancelled } }]) {
      const s = new Scenario();
      s.start({ retryPolicy });
      s.completeTask([command]);
      expect(s.events.at(-1)).toMatchObject({ retryState: 'NON_RETRYABLE_FAILURE', newExecutionRunId: null });
    }
  });

  it('is refused where it makes no sense', () => {
    const s = new Scenario();
    s.start({ retryPolicy: { ...retryPolicy, maximumIntervalMs: 1 } });
    expect(s.trace.at(-1)).toContain('INVALID_ARGUMENT');
  });

  it('gives the next attempt the failure and the arguments', () => {
    const s = new Scenario();
    s.start({ retryPolicy, input: [payload('7')] });
    s.completeTask([fail()]);
    const [, next] = ofType(s, 'WorkflowExecutionStarted');
    expect(next).toMatchObject({ input: [payload('7')], continuedFailure: { message: 'down' } });
    expect(s.state.runs.get('r1')?.start.input).toEqual([]);
  });
});

describe('a run that waits for its time', () => {
  const cron = { cronSchedule: '0 0 1 1 *' };

  it('gathers signals where a schedule makes it wait', () => {
    const s = new Scenario();
    s.start(cron);
    s.send('SignalWorkflow', { signalName: 'early', input: [] });
    expect(s.run().workflowTask).toBeNull();
  });

  it('is told at once that it should cancel', () => {
    const s = new Scenario();
    s.start(cron);
    s.send('RequestCancelWorkflow', { reason: '' });
    expect(s.run()).toMatchObject({ workflowTask: { attempt: 1 }, startsAt: null });
  });

  it('is ended by its termination', () => {
    const s = new Scenario();
    s.start({ startDelayMs: HOUR });
    s.send('TerminateWorkflow', asked);
    expect(s.run().status).toBe('TERMINATED');
    expect(dueAt(s.run())).toBeUndefined();
  });

  it('has no schedule and delay at once, and no schedule that never comes [client.start-delay]', () => {
    for (const options of [{ ...cron, startDelayMs: 1 }, { cronSchedule: '0 0 30 2 *' }, { cronSchedule: 'often' }]) {
      const s = new Scenario();
      s.start(options);
      expect(s.trace.at(-1)).toContain('INVALID_ARGUMENT');
    }
  });
});

describe('a chain and its callers', () => {
  it('is one start, also when it is sent again after runs have followed', () => {
    const s = new Scenario();
    s.start({}, { requestId: 'the start' });
    s.completeTask([continueAsNew]);
    s.start({}, { requestId: 'the start' });
    expect(s.trace.at(-1)).toContain('CommandAccepted');
    expect(s.trace.at(-1)).toContain('"runId":"r1"');
    expect(ofType(s, 'WorkflowExecutionStarted')).toHaveLength(2);
  });

  it('takes a signal and a cancel request once, also when they come again after runs have followed', () => {
    const s = new Scenario();
    s.start();
    const signal = () => s.send('SignalWorkflow', { signalName: 'once', input: [] }, { requestId: 'the signal' });
    signal();
    s.send('RequestCancelWorkflow', { reason: '' }, { requestId: 'the request' });
    for (let run = 0; run < 3; run++) s.completeTask([continueAsNew]);
    signal();
    s.send('RequestCancelWorkflow', { reason: '' }, { requestId: 'the request' });
    expect(ofType(s, 'WorkflowExecutionSignaled')).toHaveLength(1);
    expect(ofType(s, 'WorkflowExecutionCancelRequested')).toHaveLength(1);
    expect(s.trace.at(-1)).toContain('CommandAccepted');
    for (let index = 0; index < MAX_CARRIED_REQUESTS + 5; index++) {
      s.send('SignalWorkflow', { signalName: 'many', input: [] });
    }
    s.completeTask([continueAsNew]);
    expect(s.run().signalRequestIds.size).toBe(MAX_CARRIED_REQUESTS);
  });

  it('is told from another chain of the same id by its first run', () => {
    const s = new Scenario();
    s.start();
    s.completeTask([continueAsNew]);
    s.send('RequestCancelWorkflow', { reason: '', firstExecutionRunId: 'r1' });
    expect(s.run().cancelRequested).toBe(true);
    s.send('TerminateWorkflow', { ...asked, firstExecutionRunId: 'another' });
    expect(s.trace.at(-1)).toContain('WORKFLOW_NOT_FOUND');
    s.send('TerminateWorkflow', { ...asked, firstExecutionRunId: 'r1' });
    expect(s.run().status).toBe('TERMINATED');
  });

  it('conflicts with a start while any of its runs is open, and by the reuse policy with how it ended', () => {
    const s = new Scenario();
    s.start();
    s.completeTask([continueAsNew]);
    s.start({}, { runId: 'r2' });
    expect(s.trace.at(-1)).toContain('WORKFLOW_ALREADY_STARTED');
    s.completeTask([complete]);
    s.start({ workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' }, { runId: 'r2' });
    expect(s.trace.at(-1)).toContain('WORKFLOW_ALREADY_STARTED');
    s.start({}, { runId: 'r2' });
    expect(s.run()).toMatchObject({ runId: 'r2', firstExecutionRunId: 'r2' });
  });
});
