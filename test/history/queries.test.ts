// A query is answered on what had happened when it was asked: signals sent before it have been seen by the code.
import { describe, expect, it } from 'vitest';
import { failure } from '../core/scenario.js';
import { World } from './world.js';

const workflowTasks = 'test.tasks.q.workflow';
const query = { queryType: 'status', input: [], headers: {}, rejectCondition: 'NONE' } as const;
const signal = { signalName: 'go', input: [], headers: {} };

async function running() {
  const world = new World();
  await world.startService();
  await world.start('w');
  const [first] = await world.awaitMessages('WorkflowTask', workflowTasks);
  if (first === undefined) throw new Error('no workflow task');
  return { world, first };
}

describe('a query', () => {
  it('waits for the workflow task that tells the code of the signals before it', async () => {
    const { world, first } = await running();
    await world.send('SignalWorkflow', signal);
    await world.send('QueryWorkflow', query);
    await world.complete(first);
    const [, second] = await world.awaitMessages('WorkflowTask', workflowTasks, 2);
    expect(await world.messagesOf('QueryTask', workflowTasks)).toEqual([]);
    if (second === undefined) throw new Error('no second workflow task');

    await world.complete(second);
    const [asked] = await world.awaitMessages('QueryTask', workflowTasks);
    expect(asked).toMatchObject({ queryType: 'status', seenEventId: second.seenEventId });
  });

  it('does not wait for a workflow task that fails', async () => {
    const { world, first } = await running();
    await world.send('QueryWorkflow', query);
    const { runId, scheduledEventId, attempt, seenEventId } = first;
    const answer = { scheduledEventId, attempt, seenEventId, failure: failure('bug') };
    await world.send('FailWorkflowTask', { ...answer, cause: 'NON_DETERMINISTIC_ERROR' }, { runId });
    expect(await world.awaitMessages('QueryTask', workflowTasks)).toMatchObject([{ seenEventId: 0 }]);
  });

  it('does not wait for what a closed run will never see', async () => {
    const { world } = await running();
    await world.send('QueryWorkflow', query);
    await world.send('TerminateWorkflow', { reason: '', details: [] });
    expect(await world.awaitMessages('QueryTask', workflowTasks)).toHaveLength(1);
  });
});
