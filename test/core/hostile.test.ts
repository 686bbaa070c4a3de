// What a broken or hostile client or worker may send, aimed at the places where the rules lean on each other.
import { describe, expect, it } from 'vitest';
import { workflowCommandOf } from '../../schemas/message.js';
import { derivedId } from '../../services/history/core/derived-id.js';
import { dueAt } from '../../services/history/core/due.js';
import { keepRun, readKept, unpackRun } from '../../services/history/kept-run.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import { activity, Scenario } from './scenario.js';

const noRecords = { key: Buffer.alloc(0), events: [], lastEventId: 0, firstOffset: 0, lastOffset: 0, unplaced: 0 };

describe('a worker that says two things in one command', () => {
  const schedule = { activityId: '1', activityType: 'a', taskQueue: 'q', startToCloseTimeoutMs: 1_000 };

  it('is refused, where the second would let a timer start twice', () => {
    const s = new Scenario();
    const timer = { startTimer: { timerId: 't', startToFireTimeoutMs: 60_000 } };
    s.start();
    s.completeTask([{ scheduleActivityTask: schedule }, timer]);
    const both = { requestCancelActivityTask: { activityId: '1' }, cancelTimer: { timerId: 't' } };
    s.completeAfterSignal([both, timer]);
    expect(s.events.at(-1)).toMatchObject({ type: 'WorkflowTaskFailed', cause: 'BAD_COMMAND' });
  });

  it('is refused, where the second would complete an update that was never accepted', () => {
    const s = new Scenario();
    s.start();
    s.completeTask([]);
    const update = { updateId: 'u', updateName: 'set', input: [], headers: {} };
    s.send('UpdateWorkflow', { update, waitForStage: 'COMPLETED' });
    const both = workflowCommandOf({ scheduleActivityTask: schedule, acceptUpdate: { updateId: 'u' } });
    s.completeTask([both, { completeUpdate: { updateId: 'u', result: null, failure: null } }]);
    expect(s.events.at(-1)).toMatchObject({ type: 'WorkflowTaskFailed', cause: 'BAD_COMMAND' });
  });
});

describe('times beyond all measure', () => {
  const codec = createLocalCodec();
  const farOff = 2 ** 52 - 1;

  it('are kept like any other', () => {
    const s = new Scenario();
    s.start({ workflowRunTimeoutMs: farOff, workflowExecutionTimeoutMs: farOff });
    const timeouts = { startToCloseTimeoutMs: farOff, scheduleToStartTimeoutMs: farOff };
    s.completeTask([activity('1', timeouts), { startTimer: { timerId: 't', startToFireTimeoutMs: farOff } }]);
    const records = { ...noRecords, workflowId: 'w', runId: 'r1' };
    const kept = readKept(codec, keepRun(codec, { run: s.run(), records }));
    expect(unpackRun(codec, kept).run).toEqual(s.run());
    expect(kept.dueAt).toBe(dueAt(s.run()));
  });

  it('are those of the next run, too', () => {
    const s = new Scenario();
    s.start({ startDelayMs: farOff, workflowExecutionTimeoutMs: farOff });
    const described = s.send('DescribeWorkflow', {});
    for (const effect of described.effects) if (effect.kind === 'reply') codec.encode(effect.reply);
    s.send('RequestCancelWorkflow', { reason: '' });
    const next = { workflowType: 'order', taskQueue: 'q', input: [], headers: {} };
    s.completeTask([{ continueAsNewWorkflowExecution: next }]);
    for (const event of s.events) codec.encode(event);
    expect(s.run().start.continuedExecutionRunId).toBe('r1');
  });

  it('are refused as a cron schedule', () => {
    const s = new Scenario();
    s.start({ cronSchedule: '@every 99999999999999h' });
    expect(s.trace.at(-1)).toContain('INVALID_ARGUMENT');
  });
});

describe('a client that proposes a run id of the services own making', () => {
  it('is refused, since the run that it is meant for could not begin', () => {
    const s = new Scenario();
    s.start();
    const runId = derivedId('r1', 5, 'next run');
    s.start({}, { workflowId: 'v', runId });
    expect(s.trace.at(-1)).toContain('INVALID_ARGUMENT');
    s.start({ initiator: { workflowId: 'w', runId: 'r1', eventId: 5 } }, { workflowId: 'v', runId });
    expect(s.trace.at(-1)).toContain('INVALID_ARGUMENT');
    const next = { workflowType: 'order', taskQueue: 'q', input: [], headers: {} };
    s.completeTask([{ continueAsNewWorkflowExecution: next }]);
    expect(s.run().runId).toBe(runId);
  });
});
