// Updates in the core: command scripts and all that comes of them, and what must hold whatever the script.
// `npx vitest run test/core -u` rewrites the traces: review the diff.
import { describe, expect, it, test } from 'vitest';
import type { CommandHeader, UpdateRequest } from '../../schemas/generated/messages.js';
import { updateReply } from '../../services/history/core/updates.js';
import { MAX_IN_FLIGHT_UPDATES, MAX_REMEMBERED_REJECTIONS, MAX_UPDATES } from '../../services/platform/limits.js';
import { activity, complete, failure, payload, Scenario } from './scenario.js';

const update = (updateId: string, text = '1'): UpdateRequest => ({
  updateId,
  updateName: 'add',
  input: [payload(text)],
  headers: {},
});
const accept = (updateId: string) => ({ acceptUpdate: { updateId } });
const finish = (updateId: string, text = 'done') => ({
  completeUpdate: { updateId, result: payload(text), failure: null },
});
const refuse = (updateId: string) => ({ rejectUpdate: { updateId, failure: failure('not now') } });

function ask(s: Scenario, updateId: string, header: Partial<CommandHeader> = {}, text?: string) {
  return s.send('UpdateWorkflow', { update: update(updateId, text), waitForStage: 'COMPLETED' }, header);
}

function answerTo(s: Scenario, updateId: string, stage: 'ACCEPTED' | 'COMPLETED' = 'COMPLETED') {
  return updateReply(s.run(), { requestId: 'asker', updateId, stage });
}

const scripts: Record<string, (s: Scenario) => void> = {
  'accepted and completed in one task, once however often it is asked for': (s) => {
    s.start();
    s.completeTask([]);
    ask(s, 'u1', { requestId: 'same' });
    ask(s, 'u1', { requestId: 'same' });
    ask(s, 'u1');
    s.completeTask([accept('u1'), finish('u1')]);
    ask(s, 'u1', { requestId: 'same' });
    s.completeAfterSignal([complete]);
    ask(s, 'u1', { requestId: 'same' });
    s.send('AwaitUpdate', { updateId: 'u1', waitForStage: 'COMPLETED' });
  },
  'a refused one leaves no event, and may be asked for anew by another request': (s) => {
    s.start();
    s.completeTask([]);
    ask(s, 'u1', { requestId: 'first' });
    s.completeTask([refuse('u1')]);
    ask(s, 'u1', { requestId: 'first' });
    ask(s, 'u1', { requestId: 'second' });
    s.completeTask([accept('u1')]);
    s.completeAfterSignal([{ completeUpdate: { updateId: 'u1', result: null, failure: failure('broke') } }]);
  },
  'one that comes during a task brings the next, and keeps the run from ending unheard': (s) => {
    s.start();
    ask(s, 'u1');
    ask(s, 'u2');
    s.completeTask([complete]);
    s.completeTask([accept('u2'), finish('u2'), accept('u1'), finish('u1'), complete]);
  },
  'a task tried again carries those that came meanwhile, one put on its queue again does not': (s) => {
    s.start();
    s.completeTask([]);
    ask(s, 'u1');
    ask(s, 'u2');
    s.advance(60_000);
    s.send('FailWorkflowTask', {
      scheduledEventId: 5,
      attempt: 1,
      seenEventId: 5,
      cause: 'WORKFLOW_WORKER_UNHANDLED_FAILURE',
      failure: failure('bug'),
    });
    s.advance(1_000);
  },
  'when the run ends those under way fail, and those not accepted find it closed': (s) => {
    s.start();
    s.completeTask([]);
    ask(s, 'u1');
    s.completeTask([accept('u1')]);
    ask(s, 'u2');
    s.send('TerminateWorkflow', { reason: 'enough', details: [] });
    ask(s, 'u1');
    ask(s, 'u2');
    s.send('AwaitUpdate', { updateId: 'u2', waitForStage: 'COMPLETED' });
  },
  'one that the worker says nothing about is refused': (s) => {
    s.start();
    s.completeTask([]);
    ask(s, 'u1');
    s.completeTask([activity('1')]);
  },
  'answers that make no sense fail the task by name': (s) => {
    s.start();
    s.completeTask([]);
    ask(s, 'u1');
    s.completeTask([accept('none')]);
    s.advance(1_000);
    s.completeTask([accept('u1'), accept('u1')]);
    s.advance(2_000);
    s.completeTask([finish('u1')]);
    s.advance(4_000);
    s.completeTask([refuse('u1'), finish('u1')]);
    s.advance(8_000);
    s.completeTask([
      accept('u1'),
      { completeUpdate: { updateId: 'u1', result: payload('1'), failure: failure('both') } },
    ]);
  },
  'with a start, whose answer is that of the update': (s) => {
    s.start({ update: update('u1') }, { requestId: 'start' });
    s.start({ update: update('u1') }, { requestId: 'start' });
    s.completeTask([accept('u1'), finish('u1')]);
    s.start({ update: update('u1') }, { requestId: 'start' });
    s.start({ update: update('u2'), workflowIdConflictPolicy: 'FAIL' }, { runId: 'r2' });
    s.start({ update: update('u2'), workflowIdConflictPolicy: 'USE_EXISTING' }, { runId: 'r2', requestId: 'other' });
    s.completeTask([accept('u2'), finish('u2'), complete]);
    s.start({ update: update('u2'), workflowIdConflictPolicy: 'USE_EXISTING' }, { runId: 'r2', requestId: 'other' });
  },
  'a signal with a start is the run’s, or that of the open one, once': (s) => {
    const signal = { signalName: 'go', input: [payload('1')], headers: {} };
    const existing = { signal, workflowIdConflictPolicy: 'USE_EXISTING' } as const;
    s.start(existing, { requestId: 'start' });
    s.start(existing, { requestId: 'start' });
    s.completeTask([]);
    s.start(existing, { runId: 'r2', requestId: 'again' });
    s.start(existing, { runId: 'r2', requestId: 'again' });
    s.completeTask([complete]);
    s.start(existing, { runId: 'r2', requestId: 'again' });
    s.start(existing, { runId: 'r3', requestId: 'third' });
  },
  'for a chain of runs, only where the run is of it': (s) => {
    s.start();
    ask(s, 'u0');
    const other = { firstExecutionRunId: 'r0' };
    const mine = { firstExecutionRunId: 'r1' };
    s.send('UpdateWorkflow', { update: update('u1'), waitForStage: 'ACCEPTED', ...other });
    s.send('UpdateWorkflow', { update: update('u1'), waitForStage: 'ACCEPTED', ...mine });
    s.send('RequestCancelWorkflow', { reason: '', ...other });
    s.send('RequestCancelWorkflow', { reason: '', ...mine });
    s.send('TerminateWorkflow', { reason: '', details: [], ...other });
    s.send('TerminateWorkflow', { reason: '', details: [], ...mine });
  },
  'what comes again when the run has continued as new is known': (s) => {
    const next = { continueAsNewWorkflowExecution: { workflowType: 'order', taskQueue: 'q' } };
    const signal = { signalName: 'go', input: [], headers: {} };
    s.start();
    s.completeTask([]);
    ask(s, 'u1', { requestId: 'update' });
    s.send('SignalWorkflow', signal, { requestId: 'signal' });
    s.completeTask([accept('u1'), finish('u1'), next]);
    s.completeTask([next]);
    ask(s, 'u1', { requestId: 'update' });
    s.send('SignalWorkflow', signal, { requestId: 'signal' });
    ask(s, 'u1', { requestId: 'another' });
  },
  'one that comes while the run is paused goes to a worker once it goes on': (s) => {
    s.start();
    s.completeTask([]);
    s.send('PauseWorkflow', { reason: 'maintenance' });
    ask(s, 'u1');
    s.send('UnpauseWorkflow', { reason: 'done' });
    s.completeTask([accept('u1'), finish('u1')]);
  },
  'arguments that make no sense are refused by name': (s) => {
    s.start();
    ask(s, '');
    ask(s, 'x'.repeat(1_001));
    s.send('UpdateWorkflow', { update: { ...update('u1'), updateName: '' }, waitForStage: 'ACCEPTED' });
    s.send('AwaitUpdate', { updateId: 'none', waitForStage: 'ACCEPTED' });
    ask(s, 'u1', { workflowId: 'unknown' });
  },
};

describe('updates in the history core', () => {
  for (const [name, script] of Object.entries(scripts)) {
    it(name, async () => {
      const scenario = new Scenario();
      script(scenario);
      await expect(scenario.text()).toMatchFileSnapshot(`golden/updates-${name.replace(/[^a-z]+/gi, '-')}.trace`);
    });
  }
});

describe('the answer to one who waits', () => {
  it('comes at the stage that is waited for', () => {
    const s = new Scenario();
    s.start();
    s.completeTask([]);
    ask(s, 'u2');
    expect(answerTo(s, 'u2', 'ACCEPTED')).toBeUndefined();
    s.completeTask([accept('u2')]);
    expect(answerTo(s, 'u2', 'ACCEPTED')).toMatchObject({ stage: 'ACCEPTED', result: null, runId: 'r1' });
    expect(answerTo(s, 'u2')).toBeUndefined();
    s.completeAfterSignal([finish('u2')]);
    for (const stage of ['ACCEPTED', 'COMPLETED'] as const) {
      expect(answerTo(s, 'u2', stage)).toMatchObject({ stage: 'COMPLETED', result: payload('done') });
    }
  });

  it('is that the workflow ended, for an update under way', () => {
    const s = new Scenario();
    s.start();
    s.completeTask([]);
    ask(s, 'u1');
    s.completeTask([accept('u1'), complete]);
    expect(answerTo(s, 'u1')).toMatchObject({
      stage: 'COMPLETED',
      failure: { applicationInfo: { failureType: 'AcceptedUpdateCompletedWorkflow' } },
    });
  });
});

test.each([
  ['signal', (s: Scenario) => s.send('SignalWorkflow', { signalName: 'go', input: [], headers: {} })],
  ['update', (s: Scenario) => ask(s, 'u1')],
])('a %s that comes while the run closes is not lost [determinism.unhandled-command]', (_what, send) => {
  const s = new Scenario();
  s.start();
  const seenEventId = s.run().nextEventId - 1;
  send(s);
  s.completeTask([complete], { seenEventId });
  expect(s.run().status).toBe('RUNNING');
  expect(s.events.slice(-2)).toMatchObject([
    { type: 'WorkflowTaskFailed', cause: 'UNHANDLED_COMMAND' },
    { type: 'WorkflowTaskScheduled' },
  ]);
  s.completeTask([...(s.run().workflowTask?.updateIds ?? []).map(accept), complete]);
  expect(s.run().status).toBe('COMPLETED');
});

describe('updates are bounded', () => {
  it('in flight, and in all, by name', () => {
    const s = new Scenario();
    s.start();
    s.completeTask([]);
    let asked = 0;
    while (asked < MAX_UPDATES) {
      const batch = Array.from({ length: MAX_IN_FLIGHT_UPDATES }, () => `u${asked++}`);
      for (const id of batch) ask(s, id);
      const refused = ask(s, 'one more').effects[0];
      if (asked < MAX_UPDATES) expect(refused).toMatchObject({ reply: { message: /in flight/ } });
      s.completeTask(batch.flatMap((id) => [accept(id), finish(id)]));
    }
    expect(ask(s, 'one more').effects[0]).toMatchObject({
      reply: { code: 'TOO_LARGE', message: /a run takes 2000/ },
    });
  });

  it('in the bytes that a task carries: the rest comes with the next', () => {
    const s = new Scenario();
    s.start();
    s.completeTask([]);
    s.send('SignalWorkflow', { signalName: 'busy', input: [], headers: {} });
    const large = 'x'.repeat(700_000);
    for (const id of ['u1', 'u2', 'u3']) ask(s, id, {}, large);
    const carried: string[][] = [];
    while (s.run().workflowTask !== null) {
      const { updateIds = [] } = s.run().workflowTask ?? {};
      carried.push([...updateIds]);
      s.completeTask(updateIds.map(accept));
    }
    expect(carried).toEqual([[], ['u1'], ['u2'], ['u3']]);
    expect([...s.run().updates.values()].map(({ stage }) => stage)).toEqual(['ACCEPTED', 'ACCEPTED', 'ACCEPTED']);
  });

  test('refused ones are remembered for a while only', () => {
    const s = new Scenario();
    s.start();
    s.completeTask([]);
    for (let index = 0; index <= MAX_REMEMBERED_REJECTIONS; index++) {
      ask(s, `u${index}`);
      s.completeTask([refuse(`u${index}`)]);
    }
    expect(s.run().updates.size).toBe(MAX_REMEMBERED_REJECTIONS);
    expect(s.run().updates.has('u0')).toBe(false);
  });
});

test('an update ends the wait of a delayed start, as a signal does [workflow.updates]', () => {
  const s = new Scenario();
  s.start({ startDelayMs: 3_600_000 });
  expect(s.run().workflowTask).toBeNull();
  ask(s, 'u1');
  expect(s.run()).toMatchObject({ workflowTask: { attempt: 1 }, startsAt: null });
});

test('a delayed start that an update has ended begins when the run goes on after a pause [workflow.updates]', () => {
  const s = new Scenario();
  s.start({ startDelayMs: 3_600_000 });
  s.send('PauseWorkflow', { reason: '' });
  ask(s, 'u1');
  expect(s.run().workflowTask).toBeNull();
  s.send('UnpauseWorkflow', { reason: '' });
  expect(s.run().workflowTask).toMatchObject({ attempt: 1 });
});
