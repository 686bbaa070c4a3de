// Promise: children live and die by the rules, wherever they and their parents are served, and whatever dies meanwhile.
import { type Client, WorkflowFailedError } from 'millrace/client';
import { CancelledFailure, TerminatedFailure } from 'millrace/common';
import { beforeAll, expect, inject, test } from 'vitest';
import { connectCodec } from '../../../services/platform/codec/registry.js';
import { silentLogger } from '../../../services/platform/logger.js';
import { partitionOf } from '../../../services/platform/partitioner.js';
import { connectTestLog, eventually } from '../../kit/kit.js';
import { type SpawnedProcess, spawnHistoryService } from '../../kit/processes.js';
import type { parent, parentOfAll, patientParent } from './family-workflows.js';
import { flaws, type RunEvent, readRuns } from './namespace-history.js';
import { connectClient, provisioned, startWorker } from './surroundings.js';

const PARTITIONS = 4;
const env = { MILLRACE_LOG_LEVEL: 'error' };

let namespace: string;
let client: Client;
let service: SpawnedProcess;

beforeAll(async () => {
  namespace = await provisioned();
  service = await spawnHistoryService({ namespace, env });
  client = await connectClient(namespace);
  await startWorker(namespace, { workflows: 'family-workflows', activities: null, taskQueue: 'parents' });
  await startWorker(namespace, { workflows: 'family-workflows', activities: null, taskQueue: 'children' });
});

async function history(): Promise<Map<string, RunEvent[]>> {
  const log = await connectTestLog();
  const codec = await connectCodec({ registryUrl: inject('registryUrl'), logger: silentLogger });
  return readRuns(log, codec, namespace);
}

const childOf = (id: string) => `child of ${id}`;

test('parents and children on queues of their own go on when the history service is killed between their steps [workflow.start-child workflow.execute-child workflow.child-signal]', async () => {
  const ids = Array.from({ length: 20 }, (_, index) => `parent-${index}`);
  expect(ids.some((id) => partitionOf(id, PARTITIONS) !== partitionOf(childOf(id), PARTITIONS))).toBe(true);
  const results = Promise.all(
    ids.map((workflowId) =>
      client.workflow.execute<typeof parent>('parent', {
        workflowId,
        taskQueue: 'parents',
        args: [childOf(workflowId)],
      }),
    ),
  );
  await eventually(async () => {
    const types = [...(await history()).values()].flat().map(({ type }) => type);
    expect(types).toContain('StartChildWorkflowExecutionInitiated');
  });
  await service.kill('SIGKILL');
  service = await spawnHistoryService({ namespace, env });
  expect(await results).toEqual(ids.map((id) => `heard ${childOf(id)}, says ${childOf(id)}`));

  const runs = await history();
  for (const id of ids) {
    const [own, ...others] = [...runs.values()].filter(([first]) => first?.header.workflowId === id);
    const [child, ...doubles] = [...runs.values()].filter(([first]) => first?.header.workflowId === childOf(id));
    expect([others, doubles, flaws(own ?? []), flaws(child ?? [])], id).toEqual([[], [], [], []]);
    const told = (own ?? []).map(({ type }) => type).filter((type) => /^(Child|External)Workflow/.test(type));
    expect(told, id).toEqual([
      'ChildWorkflowExecutionStarted',
      'ExternalWorkflowExecutionSignaled',
      'ChildWorkflowExecutionCompleted',
    ]);
    expect(
      (child ?? []).filter(({ type }) => type === 'WorkflowExecutionSignaled'),
      id,
    ).toHaveLength(1);
  }
});

test('a parent that is terminated leaves its children to their policies [workflow.child-parent-close-policy client.describe-parent]', async () => {
  const handle = await client.workflow.start<typeof parentOfAll>('parentOfAll', {
    workflowId: 'parent-of-all',
    taskQueue: 'parents',
    args: ['policy-'],
  });
  const children = ['TERMINATE', 'ABANDON', 'REQUEST_CANCEL'].map((policy) =>
    client.workflow.getHandle(`policy-${policy}`),
  );
  await eventually(async () => {
    for (const child of children) expect((await child.describe()).historyLength).toBeGreaterThan(3);
  });
  const { workflowId, firstExecutionRunId: runId } = handle;
  for (const child of children) {
    const { parentExecution, rootExecution } = await child.describe();
    expect([parentExecution, rootExecution]).toEqual([
      { workflowId, runId },
      { workflowId, runId },
    ]);
  }
  await handle.terminate('enough');
  await eventually(async () => {
    const names = await Promise.all(children.map(async (child) => (await child.describe()).status.name));
    expect(names).toEqual(['TERMINATED', 'RUNNING', 'CANCELLED']);
  });
  const [terminated] = await Promise.allSettled([children[0]?.result()]);
  expect(terminated?.status === 'rejected' && terminated.reason).toBeInstanceOf(WorkflowFailedError);
  expect(terminated?.status === 'rejected' && terminated.reason.cause).toBeInstanceOf(TerminatedFailure);
});

test('the cancellation of a parent reaches its child, and waits for its clean-up [workflow.child-cancellation]', async () => {
  const handle = await client.workflow.start<typeof patientParent>('patientParent', {
    workflowId: 'patient',
    taskQueue: 'parents',
    args: ['cleaner'],
  });
  const child = client.workflow.getHandle('cleaner');
  await eventually(async () => expect((await child.describe()).historyLength).toBeGreaterThan(3));
  await handle.cancel();
  const [outcome] = await Promise.allSettled([handle.result()]);
  expect(outcome?.status === 'rejected' && outcome.reason.cause).toBeInstanceOf(CancelledFailure);
  expect((await child.describe()).status.name).toBe('CANCELLED');
  expect((await handle.describe()).status.name).toBe('CANCELLED');
});
