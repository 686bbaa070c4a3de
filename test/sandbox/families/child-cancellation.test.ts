import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Family } from './family.js';

let family: Family;
beforeEach(async () => {
  family = await Family.start();
});
afterEach(() => family.duet.close());

const cancelled = { isCancellation: true, workflowId: 'child', cause: { name: 'CancelledFailure' } };

/** A parent whose scope is cancelled while its child runs. */
async function cancelledLater(childType: string, cancellationType: string): Promise<void> {
  await family.begin('cancelsChild', [childType, cancellationType, 'later']);
  await family.signal('w', 'cancel');
}

describe('a scope cancels its children by their cancellationType [workflow.child-cancellation]', () => {
  test('one that was not asked for yet leaves no trace', async () => {
    await family.begin('cancelsChild', ['neverEnds', 'WAIT_CANCELLATION_COMPLETED', 'before']);
    expect(family.result()).toMatchObject(cancelled);
    expect(family.result()).not.toHaveProperty('runId');
    expect(family.relations()).toEqual([]);
  });

  test('WAIT_CANCELLATION_COMPLETED waits for its end', async () => {
    await cancelledLater('cleansUp', 'WAIT_CANCELLATION_COMPLETED');
    expect(family.status('w')).toBe('RUNNING');
    await family.advance(1_000);
    expect(family.result()).toMatchObject(cancelled);
    expect(family.status('child')).toBe('CANCELLED');
  });

  test('WAIT_CANCELLATION_COMPLETED takes what the child makes of it', async () => {
    await cancelledLater('neverEnds', 'WAIT_CANCELLATION_COMPLETED');
    expect(family.result()).toMatchObject(cancelled);
    expect(family.relations()).toEqual([
      'StartChildWorkflowExecutionInitiated',
      'ChildWorkflowExecutionStarted',
      'RequestCancelExternalWorkflowExecutionInitiated',
      'ExternalWorkflowExecutionCancelRequested',
      'ChildWorkflowExecutionCanceled',
    ]);
  });

  test('WAIT_CANCELLATION_REQUESTED waits until it was told', async () => {
    await cancelledLater('cleansUp', 'WAIT_CANCELLATION_REQUESTED');
    expect(family.result()).toMatchObject(cancelled);
    expect(family.relations()).toContain('ExternalWorkflowExecutionCancelRequested');
  });

  test('TRY_CANCEL asks, and does not wait', async () => {
    await cancelledLater('cleansUp', 'TRY_CANCEL');
    expect(family.result()).toMatchObject(cancelled);
    expect(family.relations()).not.toContain('ExternalWorkflowExecutionCancelRequested');
    expect(family.relations()).toContain('RequestCancelExternalWorkflowExecutionInitiated');
  });

  test('ABANDON does not even ask', async () => {
    await cancelledLater('cleansUp', 'ABANDON');
    expect(family.result()).toMatchObject(cancelled);
    expect(family.relations()).not.toContain('RequestCancelExternalWorkflowExecutionInitiated');
  });
});

test('a cancelled scope starts no child [workflow.child-cancellation]', async () => {
  await family.begin('startsInCancelledScope');
  expect(family.result()).toBe(true);
  expect(family.relations()).toEqual([]);
});

test('a cancelled workflow waits for its child to clean up, and ends as cancelled [workflow.child-cancellation workflow.is-cancellation]', async () => {
  await family.begin('patientParent');
  family.duet.history.send('RequestCancelWorkflow', { reason: '' });
  await family.duet.settleAll();
  expect(family.status('w')).toBe('RUNNING');
  await family.advance(1_000);
  expect([family.status('w'), family.status('child')]).toEqual(['CANCELLED', 'CANCELLED']);
});
