import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Family } from './family.js';

let family: Family;
beforeEach(async () => {
  family = await Family.start();
});
afterEach(() => family.duet.close());

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("executeChild resolves with the child's result [workflow.execute-child]", async () => {
  await family.begin('executesEcho', ['hi']);
  expect(family.result()).toBe('hi!');
  expect(family.relations()).toEqual([
    'StartChildWorkflowExecutionInitiated',
    'ChildWorkflowExecutionStarted',
    'ChildWorkflowExecutionCompleted',
  ]);
});

test('startChild resolves once the child has started, and its handle signals it [workflow.start-child workflow.child-signal workflow.child-defaults]', async () => {
  await family.begin('startsByName');
  const [started] = family.duet.eventsOf('ChildWorkflowExecutionStarted');
  const result = family.result();
  expect(result).toEqual({
    workflowId: expect.stringMatching(uuid),
    first: started?.childRunId,
    result: 'heard hello',
  });
  const [initiated] = family.duet.eventsOf('StartChildWorkflowExecutionInitiated');
  expect(initiated).toMatchObject({
    taskQueue: 'q',
    parentClosePolicy: 'TERMINATE',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowTaskTimeoutMs: 10_000,
  });
});

test('a child knows its parent and the root of its tree [workflow.workflow-info-parent]', async () => {
  await family.begin('grandparent');
  const leaf = family.result();
  expect(leaf).toEqual({
    parent: { workflowId: 'middle', runId: family.duet.history.run('middle').runId, namespace: 'test' },
    root: { workflowId: 'w', runId: 'run of w' },
    workflowType: 'whoAmI',
    taskQueue: 'q',
  });
});

test('all options of a child reach it [workflow.child-defaults]', async () => {
  await family.begin('childWithOptions');
  const { start } = family.duet.history.run('child');
  expect(start).toMatchObject({
    workflowExecutionTimeoutMs: 3_600_000,
    workflowRunTimeoutMs: 1_800_000,
    workflowTaskTimeoutMs: 5_000,
    taskQueue: 'elsewhere',
    retryPolicy: { maximumAttempts: 2 },
    priority: { priorityKey: 2 },
  });
  expect(Object.keys(family.duet.history.run('child').memo)).toEqual(['note']);
  expect(Object.keys(family.duet.history.run('child').searchAttributes)).toEqual(['CustomerId']);
});

describe('a child that does not complete rejects with a ChildWorkflowFailure [workflow.child-failure]', () => {
  const child = { workflowId: 'child', runId: 'a run', namespace: 'test', message: 'Child Workflow execution failed' };

  test('whose cause is its failure', async () => {
    await family.begin('seesFailure', ['failing']);
    expect(family.result()).toEqual({
      ...child,
      workflowType: 'failing',
      retryState: 'RETRY_POLICY_NOT_SET',
      cause: { name: 'ApplicationFailure', message: 'no luck', type: 'Unlucky', details: ['detail'] },
    });
  });

  test('or its termination', async () => {
    await family.begin('seesFailure', ['neverEnds']);
    family.duet.history.send('TerminateWorkflow', { reason: 'enough' }, { workflowId: 'child' });
    await family.duet.settleAll();
    const cause = { name: 'TerminatedFailure', message: 'Terminated' };
    expect(family.result()).toMatchObject({ ...child, retryState: 'NON_RETRYABLE_FAILURE', cause });
  });

  test('or its time-out', async () => {
    await family.begin('seesFailure', ['neverEnds', 500]);
    await family.advance(500);
    expect(family.result()).toMatchObject({ ...child, cause: { name: 'TimeoutFailure', message: 'Timed out' } });
  });

  test('or its cancellation by somebody else', async () => {
    await family.begin('seesFailure', ['neverEnds']);
    family.duet.history.send('RequestCancelWorkflow', { reason: '' }, { workflowId: 'child' });
    await family.duet.settleAll();
    expect(family.result()).toMatchObject({ ...child, cause: { name: 'CancelledFailure' } });
  });

  test('which ends its parent as failed when that lets it through', async () => {
    await family.begin('passesFailureOn');
    const [event] = family.duet.eventsOf('WorkflowExecutionFailed').filter(({ header }) => header.workflowId === 'w');
    expect(event?.failure.childWorkflowInfo).toMatchObject({ workflowId: 'child', workflowType: 'failing' });
    expect(event?.failure.cause?.applicationInfo?.failureType).toBe('Unlucky');
  });
});

test('a child whose id is in use rejects with WorkflowExecutionAlreadyStartedError [workflow.child-already-started]', async () => {
  await family.begin('neverEnds', [], 'taken');
  await family.begin('startsTaken');
  expect(family.result()).toEqual({ already: true, workflowId: 'taken', workflowType: 'echo' });
});

test.each(['TERMINATE', 'ABANDON', 'REQUEST_CANCEL'])(
  'a parent that ends leaves its children to the parentClosePolicy %s [workflow.child-parent-close-policy]',
  async (policy) => {
    await family.begin('withPolicy', [policy]);
    const status = { TERMINATE: 'TERMINATED', ABANDON: 'RUNNING', REQUEST_CANCEL: 'CANCELLED' }[policy];
    expect([family.status('w'), family.status('child')]).toEqual(['COMPLETED', status]);
  },
);

test('a worker that takes over replays what the last one did with children', async () => {
  await family.begin('waitsForWordOfChild');
  await family.replaceWorker();
  await family.signal('child', 'go', 'again');
  expect(family.result()).toBe('heard again');
});
