// Command scripts and all that comes of them. `npx vitest run test/core -u` rewrites the traces: review the diff.
import { describe, expect, it } from 'vitest';
import { defaultRetryPolicy } from '../../services/history/core/retry.js';
import { externalScripts } from './external-scripts.js';
import { activity, complete, failure, payload, Scenario } from './scenario.js';

const byId = (activityId: string) => ({ activityId, scheduledEventId: null, attempt: null });
const completed = { outcome: 'COMPLETED', result: null, failure: null, details: [] } as const;
const failed = { ...completed, outcome: 'FAILED', failure: failure('down') } as const;
const cancelled = { ...completed, outcome: 'CANCELED' } as const;

const scripts: Record<string, (s: Scenario) => void> = {
  'hello: one activity': (s) => {
    s.start({ input: [payload('"Ada"')] });
    s.completeTask([activity('1')]);
    s.send('CompleteActivityTask', { scheduledEventId: 5, attempt: 1, result: payload('"Hello"') });
    s.completeTask([{ completeWorkflowExecution: { result: payload('"Hello"') } }]);
    s.send('AwaitWorkflowResult', {});
    s.send('DescribeWorkflow', {});
  },
  'retry: a failing activity is tried again with back-off, then succeeds': (s) => {
    s.start();
    s.completeTask([activity('1')]);
    s.send('FailActivityTask', { scheduledEventId: 5, attempt: 1, failure: failure('down') });
    s.send('DescribeWorkflow', {});
    s.advance(1_000);
    s.send('FailActivityTask', { scheduledEventId: 5, attempt: 2, failure: failure('still down') });
    s.advance(2_000);
    s.send('CompleteActivityTask', { scheduledEventId: 5, attempt: 3, result: null });
    s.completeTask([complete]);
  },
  'retry: attempts run out': (s) => {
    const retryPolicy = {
      initialIntervalMs: 100,
      backoffCoefficient: 3,
      maximumIntervalMs: 200,
      maximumAttempts: 3,
      nonRetryableErrorTypes: ['Fatal'],
    };
    s.start();
    s.completeTask([activity('1', { retryPolicy })]);
    s.send('FailActivityTask', { scheduledEventId: 5, attempt: 1, failure: failure('one') });
    s.advance(100);
    s.send('FailActivityTask', { scheduledEventId: 5, attempt: 2, failure: failure('two') });
    s.advance(200);
    s.send('FailActivityTask', { scheduledEventId: 5, attempt: 3, failure: failure('three') });
    s.completeTask([activity('2', { retryPolicy })]);
    s.send('FailActivityTask', { scheduledEventId: 11, attempt: 1, failure: failure('x', { failureType: 'Fatal' }) });
    s.completeTask([{ failWorkflowExecution: { failure: failure('gave up') } }]);
    s.send('AwaitWorkflowResult', {});
  },
  'retry: a failure names its own delay, or is not retryable': (s) => {
    s.start();
    s.completeTask([activity('1'), activity('2')]);
    s.send('FailActivityTask', {
      scheduledEventId: 5,
      attempt: 1,
      failure: failure('later', { nextRetryDelayMs: 7_000 }),
    });
    s.send('FailActivityTask', { scheduledEventId: 6, attempt: 1, failure: failure('never', { nonRetryable: true }) });
    s.advance(7_000);
  },
  'timeouts: start-to-close runs from the claim and is retried': (s) => {
    s.start();
    s.completeTask([activity('1', { startToCloseTimeoutMs: 500 })]);
    s.advance(10_000);
    s.send('ClaimActivityTask', { scheduledEventId: 5, attempt: 1, startedAt: s.now });
    s.advance(500);
    s.send('CompleteActivityTask', { scheduledEventId: 5, attempt: 1, result: payload('too late') });
    s.advance(1_000);
    s.send('CompleteActivityTask', { scheduledEventId: 5, attempt: 2, result: payload('in time') });
  },
  'timeouts: schedule-to-start is never retried': (s) => {
    s.start();
    s.completeTask([activity('1', { scheduleToStartTimeoutMs: 300 })]);
    s.advance(300);
  },
  'timeouts: schedule-to-close ends the retries': (s) => {
    s.start();
    s.completeTask([
      activity('1', { scheduleToCloseTimeoutMs: 2_500 }),
      activity('2', { scheduleToCloseTimeoutMs: 2_500 }),
    ]);
    s.send('FailActivityTask', { scheduledEventId: 5, attempt: 1, failure: failure('one') });
    s.advance(1_000);
    s.send('FailActivityTask', { scheduledEventId: 5, attempt: 2, failure: failure('two') });
    s.advance(1_500);
  },
  'heartbeats: silence fails the attempt; the next one is given the details': (s) => {
    s.start();
    s.completeTask([activity('1', { heartbeatTimeoutMs: 400 })]);
    s.send('ClaimActivityTask', { scheduledEventId: 5, attempt: 1, startedAt: s.now });
    s.advance(300);
    s.send('RecordActivityHeartbeat', { scheduledEventId: 5, attempt: 1, details: [payload('7')] });
    s.advance(400);
    s.advance(1_000);
    s.send('RecordActivityHeartbeat', { scheduledEventId: 5, attempt: 1, details: [payload('8')] });
  },
  'timers: fire in order of their time': (s) => {
    s.start();
    s.completeTask([
      { startTimer: { timerId: '1', startToFireTimeoutMs: 2_000 } },
      { startTimer: { timerId: '2', startToFireTimeoutMs: 1_000 } },
    ]);
    s.advance(1_000);
    s.completeTask([{ cancelTimer: { timerId: '1' } }, complete]);
  },
  'timers: one that fired unseen can still be cancelled': (s) => {
    s.start();
    s.completeTask([{ startTimer: { timerId: '1', startToFireTimeoutMs: 1_000 } }]);
    s.send('SignalWorkflow', { signalName: 'go', input: [], headers: {} });
    const seenEventId = s.run().nextEventId - 1;
    s.advance(1_000);
    s.completeTask([{ cancelTimer: { timerId: '1' } }], { seenEventId });
    s.completeTask([complete]);
  },
  'signals: once for each request, and none is missed by a closing task': (s) => {
    s.start();
    const seenEventId = s.run().nextEventId - 1;
    s.send('SignalWorkflow', { signalName: 'a', input: [], headers: {} }, { requestId: 'same' });
    s.send('SignalWorkflow', { signalName: 'a', input: [], headers: {} }, { requestId: 'same' });
    s.completeTask([complete], { seenEventId });
    s.completeTask([complete]);
    s.send('SignalWorkflow', { signalName: 'late', input: [], headers: {} });
  },
  'signals: one that arrives during a task brings the next task': (s) => {
    s.start();
    const seenEventId = s.run().nextEventId - 1;
    s.send('SignalWorkflow', { signalName: 'a', input: [], headers: {} });
    s.completeTask([activity('1')], { seenEventId });
  },
  'cancel: the workflow is told and ends as cancelled': (s) => {
    s.start();
    s.completeTask([activity('1')]);
    s.send('ClaimActivityTask', { scheduledEventId: 5, attempt: 1, startedAt: s.now });
    s.send('RequestCancelWorkflow', { reason: 'changed my mind' });
    s.send('RequestCancelWorkflow', { reason: 'again' });
    s.completeTask([{ requestCancelActivityTask: { activityId: '1' } }]);
    s.send('RecordActivityHeartbeat', { scheduledEventId: 5, attempt: 1, details: [] });
    s.send('CancelActivityTask', { scheduledEventId: 5, attempt: 1, details: [] });
    s.completeTask([{ cancelWorkflowExecution: { details: [] } }]);
    s.send('AwaitWorkflowResult', {});
  },
  'cancel: an activity that nobody has begun is over at once': (s) => {
    s.start();
    s.completeTask([activity('1')]);
    s.send('SignalWorkflow', { signalName: 'stop', input: [], headers: {} });
    s.completeTask([{ requestCancelActivityTask: { activityId: '1' } }]);
    s.send('ClaimActivityTask', { scheduledEventId: 5, attempt: 1, startedAt: s.now });
  },
  'terminate: at once, and the worker in hand is told': (s) => {
    s.start();
    s.completeTask([activity('1')]);
    s.send('ClaimActivityTask', { scheduledEventId: 5, attempt: 1, startedAt: s.now });
    s.send('TerminateWorkflow', { reason: 'enough', details: [] }, { requestId: 'end' });
    s.send('TerminateWorkflow', { reason: 'enough', details: [] }, { requestId: 'end' });
    s.send('TerminateWorkflow', { reason: 'other', details: [] });
    s.send('CompleteActivityTask', { scheduledEventId: 5, attempt: 1, result: null });
    s.send('AwaitWorkflowResult', {});
  },
  'workflow task: failures are retried with back-off and fill no history': (s) => {
    s.start();
    const fail = (attempt: number) =>
      s.send('FailWorkflowTask', {
        scheduledEventId: 2,
        attempt,
        seenEventId: 2,
        cause: 'WORKFLOW_WORKER_UNHANDLED_FAILURE',
        failure: failure('bug'),
      });
    fail(1);
    s.send('SignalWorkflow', { signalName: 'while waiting', input: [], headers: {} });
    s.advance(1_000);
    fail(2);
    s.advance(2_000);
    s.completeTask([complete]);
  },
  'workflow task: unanswered ones are put on the queue again, ever more seldom': (s) => {
    s.start();
    s.advance(200_000);
    s.completeTask([complete]);
  },
  'workflow task: late and doubled answers are dropped': (s) => {
    s.start();
    s.completeTask([activity('1')]);
    s.completeTask([activity('2')], { scheduledEventId: 2, attempt: 1 });
    s.send('CompleteActivityTask', { scheduledEventId: 5, attempt: 1, result: null });
    s.send('CompleteActivityTask', { scheduledEventId: 5, attempt: 1, result: null });
  },
  'workflow task: bad commands fail the task by name': (s) => {
    s.start();
    s.completeTask([activity('1', { taskQueue: 'q'.repeat(181) })]);
    s.advance(1_000);
    s.completeTask([{}]);
    s.advance(2_000);
    s.completeTask([{ cancelTimer: { timerId: 'none' } }]);
    s.advance(4_000);
    s.completeTask([activity('1', { startToCloseTimeoutMs: null })]);
    s.advance(8_000);
    s.completeTask([activity('1', { heartbeatTimeoutMs: -1 })]);
    s.advance(10_000);
    s.completeTask([activity('1', { retryPolicy: { ...defaultRetryPolicy, backoffCoefficient: -2 } })]);
  },
  'workflow time-out: ends the run': (s) => {
    s.start({ workflowRunTimeoutMs: 5_000, workflowExecutionTimeoutMs: 9_000 });
    s.advance(5_000);
    s.send('AwaitWorkflowResult', {});
  },
  'start: conflict and reuse policies': (s) => {
    s.start({}, { requestId: 'first' });
    s.start({}, { requestId: 'first' });
    s.start({}, { runId: 'r2' });
    s.start({ workflowIdConflictPolicy: 'USE_EXISTING' }, { runId: 'r2' });
    s.start({ workflowIdConflictPolicy: 'TERMINATE_EXISTING' }, { runId: 'r2' });
    s.completeTask([complete]);
    s.start({ workflowIdReusePolicy: 'REJECT_DUPLICATE' }, { runId: 'r3' });
    s.start({ workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' }, { runId: 'r3' });
    s.start({}, { runId: 'r2' });
    s.start({}, { runId: 'r3' });
  },
  'start: bad arguments are refused by name': (s) => {
    s.start({ taskQueue: '' });
    s.start({ workflowType: '' });
    s.start({}, { workflowId: '' });
  },
  'queries: dispatched, or refused by the reject condition': (s) => {
    const body = { queryType: 'status', input: [], headers: {} };
    s.send('QueryWorkflow', { ...body, rejectCondition: 'NONE' });
    s.start();
    s.send('QueryWorkflow', { ...body, rejectCondition: 'NOT_OPEN' });
    s.completeTask([{ failWorkflowExecution: { failure: failure('no') } }]);
    s.send('QueryWorkflow', { ...body, rejectCondition: 'NOT_OPEN' });
    s.send('QueryWorkflow', { ...body, rejectCondition: 'NOT_COMPLETED_CLEANLY' });
    s.send('QueryWorkflow', { ...body, rejectCondition: 'NONE' });
    s.send('GetWorkflowHistory', { firstEventId: 1 });
  },
  'activities: three at once, finished in another order, one failing': (s) => {
    s.start();
    s.completeTask([activity('a'), activity('b'), activity('c', { taskQueue: 'elsewhere' })]);
    s.send('ClaimActivityTask', { scheduledEventId: 6, attempt: 1, startedAt: s.now });
    s.send('CompleteActivityTask', { scheduledEventId: 7, attempt: 1, result: payload('c') });
    const seenEventId = s.run().nextEventId - 1;
    s.send('FailActivityTask', { scheduledEventId: 5, attempt: 1, failure: failure('a', { nonRetryable: true }) });
    s.send('DescribeWorkflow', {});
    s.completeTask([], { seenEventId });
    s.send('CompleteActivityTask', { scheduledEventId: 6, attempt: 1, result: payload('b') });
    s.completeTask([complete]);
  },
  'activities: heartbeat and start-to-close due at once are one failed attempt': (s) => {
    s.start();
    s.completeTask([activity('1', { startToCloseTimeoutMs: 400, heartbeatTimeoutMs: 400 })]);
    s.send('ClaimActivityTask', { scheduledEventId: 5, attempt: 1, startedAt: s.now });
    s.advance(400);
    s.advance(1_000);
    s.send('FailActivityTask', { scheduledEventId: 5, attempt: 2, failure: failure('x') });
  },
  'activities: unclaimed ones are put on the queue again, ever more seldom': (s) => {
    s.start();
    s.completeTask([activity('1')]);
    s.advance(200_000);
    s.send('FailActivityTask', { scheduledEventId: 5, attempt: 1, failure: failure('x') });
    s.advance(70_000);
    s.send('CompleteActivityTask', { scheduledEventId: 5, attempt: 2, result: null });
  },
  'cancel: an activity that waits for its next attempt is over at once': (s) => {
    s.start();
    s.completeTask([activity('1')]);
    s.send('FailActivityTask', { scheduledEventId: 5, attempt: 1, failure: failure('x') });
    s.completeAfterSignal([{ requestCancelActivityTask: { activityId: '1' } }]);
    s.advance(5_000);
    s.completeTask([complete]);
  },
  'cancel: an activity that ended unseen keeps its outcome': (s) => {
    s.start();
    s.completeTask([activity('1')]);
    s.send('SignalWorkflow', { signalName: 'stop', input: [], headers: {} });
    const seenEventId = s.run().nextEventId - 1;
    s.send('CompleteActivityTask', { scheduledEventId: 5, attempt: 1, result: payload('done') });
    s.completeTask([{ requestCancelActivityTask: { activityId: '1' } }], { seenEventId });
    s.completeTask([complete]);
  },
  'cancel: an activity asked to stop may still finish, or time out without a retry': (s) => {
    s.start();
    s.completeTask([activity('1'), activity('2')]);
    s.send('ClaimActivityTask', { scheduledEventId: 5, attempt: 1, startedAt: s.now });
    s.send('ClaimActivityTask', { scheduledEventId: 6, attempt: 1, startedAt: s.now });
    s.completeAfterSignal([
      { requestCancelActivityTask: { activityId: '1' } },
      { requestCancelActivityTask: { activityId: '2' } },
    ]);
    s.send('CompleteActivityTask', { scheduledEventId: 5, attempt: 1, result: payload('finished all the same') });
    s.completeTask([]);
    s.advance(10_000);
    s.completeTask([complete]);
  },
  'cancel: scheduling and cancelling in one task': (s) => {
    s.start();
    s.completeTask([
      activity('1'),
      { requestCancelActivityTask: { activityId: '1' } },
      { requestCancelActivityTask: { activityId: '1' } },
      { startTimer: { timerId: 't', startToFireTimeoutMs: 5 } },
      { cancelTimer: { timerId: 't' } },
    ]);
    s.advance(5);
    s.completeTask([complete]);
  },
  'timers: of no length fire at once, in the order in which they were started': (s) => {
    s.start();
    s.completeTask([
      { startTimer: { timerId: 'b', startToFireTimeoutMs: 0 } },
      { startTimer: { timerId: 'a', startToFireTimeoutMs: 0 } },
    ]);
    s.advance(0);
  },
  'timers: firing during a task brings the next task': (s) => {
    s.start();
    s.completeTask([{ startTimer: { timerId: '1', startToFireTimeoutMs: 1_000 } }, activity('1')]);
    s.send('CompleteActivityTask', { scheduledEventId: 6, attempt: 1, result: null });
    const seenEventId = s.run().nextEventId - 1;
    s.advance(1_000);
    s.completeTask([complete], { seenEventId });
    s.completeTask([complete]);
  },
  'from outside: an activity is kept alive, completed by its id, and its acceptance stands on the event': (s) => {
    s.start();
    s.completeTask([activity('1', { heartbeatTimeoutMs: 1_000 })]);
    s.send('ClaimActivityTask', { scheduledEventId: 5, attempt: 1, startedAt: s.now }, { runId: 'r1' });
    s.advance(900);
    s.send('HeartbeatActivity', { ...byId('1'), details: [payload('half')] });
    s.advance(900);
    s.send('ResolveActivity', { ...byId('1'), ...completed, result: payload('done') });
    s.send('ResolveActivity', { ...byId('1'), ...completed });
    s.completeTask([complete]);
    s.send('HeartbeatActivity', { ...byId('1'), details: [] });
  },
  'from outside: failed by token, tried again, and an attempt that is over is not found': (s) => {
    const attempt = (number: number) => ({ activityId: null, scheduledEventId: 5, attempt: number });
    s.start();
    s.completeTask([activity('1')]);
    s.send('ResolveActivity', { ...attempt(1), ...failed });
    s.send('ResolveActivity', { ...attempt(1), ...completed });
    s.send('ResolveActivity', { ...byId('1'), ...failed });
    s.send('HeartbeatActivity', { ...byId('1'), details: [] });
    s.advance(1_000);
    s.send('HeartbeatActivity', { ...attempt(1), details: [] });
    s.send('HeartbeatActivity', { ...attempt(2), details: [payload('more')] });
    s.send('ResolveActivity', { ...attempt(2), ...failed, failure: failure('no', { nonRetryable: true }) });
  },
  'from outside: by its id an activity may be completed between two attempts': (s) => {
    s.start();
    s.completeTask([activity('1')]);
    s.send('FailActivityTask', { scheduledEventId: 5, attempt: 1, failure: failure('down') });
    s.send('ResolveActivity', { ...byId('1'), ...completed });
    s.completeTask([complete]);
  },
  'from outside: only what the workflow wants cancelled may be reported as cancelled': (s) => {
    s.start();
    s.completeTask([activity('1')]);
    s.send('ClaimActivityTask', { scheduledEventId: 5, attempt: 1, startedAt: s.now }, { runId: 'r1' });
    s.send('ResolveActivity', { ...byId('1'), ...cancelled });
    s.completeAfterSignal([{ requestCancelActivityTask: { activityId: '1' } }]);
    s.send('HeartbeatActivity', { ...byId('1'), details: [] });
    s.send('ResolveActivity', { ...byId('1'), ...cancelled, details: [payload('stopped')] });
  },
  'from outside: what names no activity is refused': (s) => {
    s.start();
    s.completeTask([activity('1')]);
    s.send('ResolveActivity', { activityId: null, scheduledEventId: null, attempt: null, ...completed });
    s.send('ResolveActivity', { ...byId('2'), ...completed });
    s.send('ResolveActivity', { ...byId('1'), ...completed }, { workflowId: 'nobody' });
  },
  'closing: what comes after the closing command is left out': (s) => {
    s.start();
    s.completeTask([activity('1'), complete, activity('2')]);
    s.send('CompleteActivityTask', { scheduledEventId: 5, attempt: 1, result: null });
    s.send('DescribeWorkflow', {});
  },
  'runs: two workflows in one partition know nothing of each other': (s) => {
    s.start();
    s.start({ taskQueue: 'other' }, { workflowId: 'v', runId: 'r2' });
    s.send('SignalWorkflow', { signalName: 'a', input: [], headers: {} }, { workflowId: 'v', runId: 'r1' });
    s.send('SignalWorkflow', { signalName: 'b', input: [], headers: {} }, { workflowId: 'v', runId: 'r2' });
    s.send('TerminateWorkflow', { reason: 'done', details: [] }, { workflowId: 'w', runId: null });
    s.send('DescribeWorkflow', {}, { workflowId: 'v' });
    s.send('DescribeWorkflow', {}, { workflowId: 'w', runId: 'r1' });
  },
  'runs: an earlier run of the same id stays known by its run id': (s) => {
    s.start();
    s.completeTask([complete]);
    s.start({}, { runId: 'r2' });
    s.send('AwaitWorkflowResult', {}, { runId: 'r1' });
    s.send('AwaitWorkflowResult', {});
    s.send('SignalWorkflow', { signalName: 'late', input: [], headers: {} }, { runId: 'r1' });
    s.send('TerminateWorkflow', { reason: '', details: [] }, { runId: 'r1' });
    s.send('RequestCancelWorkflow', { reason: '' }, { runId: 'r1' });
  },
};

describe('the history core', () => {
  for (const [name, script] of Object.entries({ ...scripts, ...externalScripts })) {
    it(name, async () => {
      const scenario = new Scenario();
      script(scenario);
      await expect(scenario.text()).toMatchFileSnapshot(`golden/${name.replace(/[^a-z]+/gi, '-')}.trace`);
    });
  }
});
