// What a broken or hostile client or worker may send, aimed at the places where the rules lean on each other.
import { describe, expect, it } from 'vitest';
import { workflowCommandOf } from '../../schemas/message.js';
import { Scenario } from './scenario.js';

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
