import { describe, expect, it } from 'vitest';
import type { HistoryEvent, ResetWorkflow } from '../../schemas/generated/messages.js';
import { apply, type RunEvent } from '../../services/history/core/apply.js';
import { createPartition, forget } from '../../services/history/core/state.js';
import { activity, complete, payload, Scenario } from './scenario.js';

const signal = (signalName: string) => ({ signalName, input: [payload(`"${signalName}"`)] });

/** Two activities one after the other, the second of which is under way; a signal before and one after it began. */
function atWork(): Scenario {
  const s = new Scenario();
  s.start({ input: [payload('7')] });
  s.completeTask([activity('1')]);
  s.send('CompleteActivityTask', { scheduledEventId: 5, attempt: 1, result: payload('"kept"') });
  s.send('SignalWorkflow', signal('early'));
  s.completeTask([activity('2')]);
  s.send('SignalWorkflow', signal('late'));
  return s;
}

function historyOf(s: Scenario): RunEvent[] {
  const { runId } = s.run();
  const ofRun = (event: HistoryEvent): event is RunEvent =>
    event.type !== 'PartitionOwnerClaimed' && event.header.runId === runId && event.header.eventId > 0;
  return s.events.filter(ofRun);
}

function reset(s: Scenario, body: Partial<ResetWorkflow>, requestId = 'the reset'): void {
  const { runId } = s.run();
  const header = {
    requestId,
    workflowId: 'w',
    runId,
    identity: 'me',
    sentAt: 0,
    replyTo: { partition: 0, asker: 'a' },
  };
  const command = {
    type: 'ResetWorkflow',
    header,
    workflowTaskFinishEventId: 0,
    reason: 'bug',
    excludeReapply: [],
  } as const;
  s.input({ kind: 'reset', command: { ...command, ...body }, history: historyOf(s) }, 'ResetWorkflow');
}

const finishes = (s: Scenario) =>
  historyOf(s)
    .filter(({ type }) => type === 'WorkflowTaskCompleted')
    .map(({ header }) => header.eventId);

describe('a reset', () => {
  it('goes on from the task before, keeps results and gives later signals again [client.reset]', async () => {
    const s = atWork();
    const [, second = 0] = finishes(s);
    reset(s, { workflowTaskFinishEventId: second });
    expect(s.state.runs.get('r1')?.status).toBe('TERMINATED');
    expect(s.run()).toMatchObject({ status: 'RUNNING', activities: new Map(), workflowTask: { attempt: 1 } });
    s.completeTask([complete]);
    await expect(s.text()).toMatchFileSnapshot('golden/reset-to-the-second-task.trace');
  });

  it('lets nothing follow from what it copies, and puts on its queue what was under way at that point', () => {
    const s = new Scenario();
    s.start();
    s.completeTask([activity('1'), activity('2')]);
    s.send('CompleteActivityTask', { scheduledEventId: 5, attempt: 1, result: null });
    s.completeTask([]);
    const [, second = 0] = finishes(s);
    const from = s.trace.length;
    reset(s, { workflowTaskFinishEventId: second });
    const effects = s.trace.slice(from).filter((line) => line.includes('! '));
    expect(effects.map((line) => line.trim().split(' ')[1])).toEqual([
      'dispatch-activity-task',
      'dispatch-workflow-task',
      'reply',
    ]);
    s.send('CompleteActivityTask', { scheduledEventId: 6, attempt: 1, result: null }, { runId: s.run().runId });
    expect(s.events.at(-1)).toMatchObject({ type: 'ActivityTaskCompleted', scheduledEventId: 6 });
  });

  it('happens once for each request', () => {
    const s = atWork();
    const [first = 0] = finishes(s);
    reset(s, { workflowTaskFinishEventId: first });
    const count = s.events.length;
    reset(s, { workflowTaskFinishEventId: first });
    expect(s.events).toHaveLength(count);
    expect(s.trace.at(-1)).toContain('CommandAccepted');
  });

  it('gives no later signals where it is told not to', () => {
    const s = atWork();
    const [first = 0] = finishes(s);
    reset(s, { workflowTaskFinishEventId: first, excludeReapply: ['SIGNAL'] });
    expect(historyOf(s).filter(({ type }) => type === 'WorkflowExecutionSignaled')).toEqual([]);
  });

  it('can itself be reset', () => {
    const s = atWork();
    for (const requestId of ['one', 'two']) {
      const [first = 0] = finishes(s);
      reset(s, { workflowTaskFinishEventId: first }, requestId);
      s.completeTask([activity('9')]);
    }
    expect(s.run().start.originalExecutionRunId).toBe('r1');
    expect(s.run().activities.size).toBe(1);
  });

  it('lets the time-outs of the run, and of what is under way, begin anew', () => {
    const s = new Scenario();
    s.start({ workflowRunTimeoutMs: 60_000 });
    s.completeTask([activity('1', { scheduleToCloseTimeoutMs: 50_000, scheduleToStartTimeoutMs: 45_000 })]);
    s.send('SignalWorkflow', signal('late'));
    s.advance(40_000);
    s.completeTask([]);
    const [, second = 0] = finishes(s);
    reset(s, { workflowTaskFinishEventId: second });
    s.advance(44_999);
    expect(s.run()).toMatchObject({ status: 'RUNNING', activities: { size: 1 } });
    s.advance(1);
    expect(s.run()).toMatchObject({ status: 'RUNNING', activities: { size: 0 } });
    s.advance(15_000);
    expect(s.run().status).toBe('TIMED_OUT');
  });

  it('lets a run go on that was paused at that point', () => {
    const s = new Scenario();
    s.start();
    s.send('PauseWorkflow', { reason: '' });
    s.completeTask([activity('1')]);
    const [first = 0] = finishes(s);
    reset(s, { workflowTaskFinishEventId: first });
    expect(s.run()).toMatchObject({ paused: false, workflowTask: { attempt: 1 } });
    expect(s.events.some(({ type }) => type === 'WorkflowExecutionUnpaused')).toBe(true);
  });

  it('H3: knows the requests of the run that it was made from, however long the run before that is forgotten', () => {
    const s = new Scenario();
    s.start();
    s.send('SignalWorkflow', signal('first'), { requestId: 'first' });
    const next = { workflowType: 'order', taskQueue: 'q', input: [], headers: {} };
    s.completeTask([{ continueAsNewWorkflowExecution: next }]);
    s.completeTask([]);
    const [first = 0] = finishes(s);
    s.send('SignalWorkflow', signal('second'), { requestId: 'second' });
    forget(s.state, 'r1');
    reset(s, { workflowTaskFinishEventId: first, excludeReapply: ['SIGNAL'] });
    expect([...s.run().signalRequestIds]).toEqual(['first', 'second']);
    const again = createPartition(0);
    for (const event of s.events) apply(again, event, 100);
    forget(again, 'r1');
    expect(again).toEqual(s.state);
  });

  it('is refused by name: at no workflow task, of a closed run, of one that had asked something of another workflow', () => {
    const s = atWork();
    reset(s, { workflowTaskFinishEventId: 1 });
    expect(s.trace.at(-1)).toContain('is no WorkflowTaskStarted');
    s.send('TerminateWorkflow', { reason: '', details: [] });
    const [first = 0] = finishes(s);
    reset(s, { workflowTaskFinishEventId: first });
    expect(s.trace.at(-1)).toContain('only an open run can be reset');
  });
});
