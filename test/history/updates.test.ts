// Those who wait for an update are told as soon as its stage is on the log, or its run has ended.
import { describe, expect, it } from 'vitest';
import { complete, failure, payload } from '../core/scenario.js';
import { World } from './world.js';

const workflowTasks = 'test.tasks.q.workflow';
const update = { updateId: 'u1', updateName: 'add', input: [payload('1')], headers: {} };
const accept = { acceptUpdate: { updateId: 'u1' } };
const finish = { completeUpdate: { updateId: 'u1', result: payload('2'), failure: null } };

async function asked() {
  const world = new World();
  const service = await world.startService();
  await world.start('w');
  const [first] = await world.awaitMessages('WorkflowTask', workflowTasks);
  if (first === undefined) throw new Error('no workflow task');
  await world.complete(first);
  const early = await world.send('UpdateWorkflow', { update, waitForStage: 'ACCEPTED' });
  const late = await world.send('UpdateWorkflow', { update, waitForStage: 'COMPLETED' });
  const [, second] = await world.awaitMessages('WorkflowTask', workflowTasks, 2);
  if (second === undefined) throw new Error('no second workflow task');
  return { world, service, second, early, late };
}

describe('an update', () => {
  it('goes to the worker with the task, and is answered at the stage that is waited for', async () => {
    const { world, second, early, late } = await asked();
    expect(second.updates).toMatchObject([{ updateId: 'u1', updateName: 'add' }]);
    await world.complete(second, accept);
    expect(await world.awaitMessages('UpdateAnswered', 'test.replies')).toMatchObject([
      { requestId: early, stage: 'ACCEPTED' },
    ]);

    await world.send('SignalWorkflow', { signalName: 'go', input: [] });
    const [, , third] = await world.awaitMessages('WorkflowTask', workflowTasks, 3);
    if (third === undefined) throw new Error('no third workflow task');
    await world.complete(third, finish);
    const [, answer] = await world.awaitMessages('UpdateAnswered', 'test.replies', 2);
    expect(answer).toMatchObject({ requestId: late, stage: 'COMPLETED', result: payload('2') });
  });

  it('that is refused answers all who wait for it', async () => {
    const { world, second, early, late } = await asked();
    await world.complete(second, { rejectUpdate: { updateId: 'u1', failure: failure('no') } });
    const answers = await world.awaitMessages('UpdateAnswered', 'test.replies', 2);
    expect(answers.map(({ requestId }) => requestId).sort()).toEqual([early, late].sort());
    expect(answers[0]).toMatchObject({ stage: 'COMPLETED', failure: { message: 'no' } });
  });

  it('that waits when its run ends is told so', async () => {
    const { world, second } = await asked();
    await world.send('TerminateWorkflow', { reason: '', details: [] });
    await world.complete(second, accept, finish, complete);
    const refusals = await world.awaitMessages('CommandRejected', 'test.replies', 2);
    expect(refusals).toMatchObject([{ code: 'WORKFLOW_NOT_FOUND' }, { code: 'WORKFLOW_NOT_FOUND' }]);
  });

  it('is known to the next owner, who answers when it is asked again', async () => {
    const { world, service, second, late } = await asked();
    await service.crash();
    await world.startService();
    await world.complete(second, accept, finish);
    // As the asker does when it hears of the new owner.
    await world.send('UpdateWorkflow', { update, waitForStage: 'COMPLETED' }, { requestId: late });
    const [answer] = await world.awaitMessages('UpdateAnswered', 'test.replies');
    expect(answer).toMatchObject({ requestId: late, stage: 'COMPLETED', result: payload('2') });
    expect(await world.messagesOf('WorkflowExecutionUpdateAccepted', 'test.history')).toHaveLength(1);
  });
});
