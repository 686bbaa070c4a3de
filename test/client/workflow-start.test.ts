import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client, WorkflowStartOptions } from '../../sdk/client/index.js';
import {
  PayloadConverterError,
  PayloadTooLargeError,
  ValueError,
  WorkflowExecutionAlreadyStartedError,
} from '../../sdk/common/index.js';
import { MAX_PAYLOAD_BYTES } from '../../services/platform/limits.js';
import { acceptedBy, completedBy, rejectedBy } from './answers.js';
import { type ScriptedServices, scriptServices } from './scripted-services.js';

async function greet(name: string): Promise<string> {
  return `hello ${name}`;
}

const options = { workflowId: 'w', taskQueue: 'q', args: ['Ada'] } satisfies WorkflowStartOptions<typeof greet>;

type ErrorClass = new (...args: never[]) => Error;

describe('starting a workflow', () => {
  let services: ScriptedServices;
  let client: Client;
  beforeEach(async () => {
    services = await scriptServices();
    client = services.client();
  });
  afterEach(() => services.close());

  it('sends one command with what the options say, and gives a handle to the run', async () => {
    services.answer((command) => acceptedBy(command));
    const handle = await client.workflow.start(greet, {
      ...options,
      memo: { note: 'n' },
      searchAttributes: { Customer: ['c'] },
      workflowRunTimeout: '1 minute',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    });
    expect(services.commands).toMatchObject([
      {
        type: 'StartWorkflow',
        header: { workflowId: 'w', identity: 'tester', runId: handle.firstExecutionRunId },
        workflowType: 'greet',
        taskQueue: 'q',
        workflowRunTimeoutMs: 60_000,
        workflowExecutionTimeoutMs: null,
        workflowTaskTimeoutMs: 10_000,
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'FAIL',
      },
    ]);
    const [start] = services.commands;
    if (start?.type !== 'StartWorkflow') throw new Error('no start');
    expect([...start.input, start.memo.note, start.searchAttributes.Customer].map((p) => p?.data.toString())).toEqual([
      '"Ada"',
      '"n"',
      '["c"]',
    ]);
    expect(handle).toMatchObject({ workflowId: 'w', startStatus: 'STARTED', eagerlyStarted: false });
  });

  it('gives the handle of the run that is there already with USE_EXISTING', async () => {
    services.answer((command) => acceptedBy(command, 'existing'));
    const handle = await client.workflow.start(greet, { ...options, workflowIdConflictPolicy: 'USE_EXISTING' });
    expect(handle.firstExecutionRunId).toBe('existing');
  });

  it("that is refused rejects with Temporal's error", async () => {
    services.answer((command) => rejectedBy(command, 'WORKFLOW_ALREADY_STARTED'));
    const refused = client.workflow.start(greet, options);
    await expect(refused).rejects.toThrow(WorkflowExecutionAlreadyStartedError);
    await expect(refused).rejects.toMatchObject({ workflowId: 'w', workflowType: 'greet' });
  });

  describe('while no history service answers', () => {
    const soon = { ...options, startTimeout: 1 };

    it('is accepted, says so, and warns', async () => {
      const handle = await client.workflow.start(greet, soon);
      expect(handle.startStatus).toBe('ACCEPTED');
      expect(services.commands).toMatchObject([{ header: { runId: handle.firstExecutionRunId } }]);
      expect(services.warnings).toEqual([expect.stringContaining('accepted, but no history service has answered yet')]);
    });

    it('has its result once a service comes up, the start having been sent again under its request id', async () => {
      const handle = await client.workflow.start(greet, soon);
      const result = handle.result();
      services.answer((command) =>
        command.type === 'StartWorkflow' ? acceptedBy(command) : completedBy(command, 'hi'),
      );
      await services.changeOwner('w');
      expect(await result).toBe('hi');
      const [first, again, wait] = services.commands;
      expect(again).toEqual(first);
      expect(wait).toMatchObject({ type: 'AwaitWorkflowResult', header: { runId: handle.firstExecutionRunId } });
    });

    it('surfaces in result() that it was refused later', async () => {
      const handle = await client.workflow.start(greet, soon);
      services.answer((command) => rejectedBy(command, 'WORKFLOW_ALREADY_STARTED'));
      await services.changeOwner('w');
      await expect(handle.result()).rejects.toThrow(WorkflowExecutionAlreadyStartedError);
    });
  });

  describe('and waiting for its result in one call', () => {
    it('sends the wait behind the start, for the run that the start proposes', async () => {
      services.answer((command) =>
        command.type === 'StartWorkflow' ? acceptedBy(command) : completedBy(command, 'hi'),
      );
      expect(await client.workflow.execute(greet, options)).toBe('hi');
      const [start, wait] = services.commands;
      expect([start?.type, wait?.type]).toEqual(['StartWorkflow', 'AwaitWorkflowResult']);
      expect(wait?.header.runId).toBe(start?.header.runId);
    });

    it('sends both again under their request ids when the owner of the partition changes', async () => {
      const result = client.workflow.execute(greet, options);
      await vi.waitFor(() => expect(services.commands).toHaveLength(2));
      services.answer((command) =>
        command.type === 'StartWorkflow' ? acceptedBy(command) : completedBy(command, 'hi'),
      );
      await services.changeOwner('w');
      expect(await result).toBe('hi');
      expect(services.commands.slice(2)).toEqual(services.commands.slice(0, 2));
    });

    it('waits for the run that is there already with USE_EXISTING', async () => {
      services.answer((command) =>
        command.type === 'StartWorkflow' ? acceptedBy(command, 'existing') : completedBy(command, 'hi'),
      );
      const policy = { workflowIdConflictPolicy: 'USE_EXISTING' } as const;
      expect(await client.workflow.execute(greet, { ...options, ...policy })).toBe('hi');
      expect(services.commands[1]?.header.runId).toBe('existing');
    });

    it('rejects with why the start was refused, not with what became of the wait', async () => {
      services.answer((command) =>
        rejectedBy(command, command.type === 'StartWorkflow' ? 'WORKFLOW_ALREADY_STARTED' : 'WORKFLOW_NOT_FOUND'),
      );
      await expect(client.workflow.execute(greet, options)).rejects.toThrow(WorkflowExecutionAlreadyStartedError);
    });
  });

  describe('with options that cannot be used', () => {
    it.each<[object, ErrorClass, string]>([
      [{ taskQueue: '' }, TypeError, 'Missing WorkflowOptions.taskQueue'],
      [{ workflowId: undefined }, TypeError, 'Missing WorkflowOptions.workflowId'],
      [{ taskQueue: 'ä'.repeat(50) }, TypeError, 'shorten it'],
      [{ workflowId: 'w'.repeat(1_001) }, TypeError, 'workflowId has 1001 characters'],
      [{ retry: { maximumAttempts: 0 } }, ValueError, 'RetryPolicy.maximumAttempts must be a positive integer'],
      [{ startDelay: -1 }, ValueError, 'startDelay must be a positive duration'],
      [{ staticSummary: 7 }, TypeError, 'WorkflowOptions.staticSummary must be a string'],
      [{ workflowIdReusePolicy: 'WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE' }, ValueError, 'must be one of ALLOW_DUP'],
      [{ workflowRunTimeout: -1 }, ValueError, 'workflowRunTimeout must be a positive duration'],
      [{ args: [1n] }, PayloadConverterError, "argument 0 of workflow 'greet' can't be encoded"],
      [{ args: [new Uint8Array(MAX_PAYLOAD_BYTES + 1)] }, PayloadTooLargeError, "argument 0 of workflow 'greet' takes"],
      [{ memo: { note: () => 1 } }, PayloadConverterError, "memo 'note' can't be encoded"],
    ])('(%#) fails by name before anything is sent', async (wrong, errorClass, message) => {
      const start = client.workflow.start(greet, { ...options, ...wrong });
      await expect(start).rejects.toThrow(errorClass);
      await expect(start).rejects.toThrow(message);
      expect(services.commands).toEqual([]);
    });

    it('takes requestEagerStart, and starts by the queue all the same [client.eager-start]', async () => {
      services.answer((command) => acceptedBy(command));
      await client.workflow.start(greet, { ...options, requestEagerStart: false });
    });

    it('maps the deprecated TERMINATE_IF_RUNNING', async () => {
      services.answer((command) => acceptedBy(command));
      await client.workflow.start(greet, { ...options, workflowIdReusePolicy: 'TERMINATE_IF_RUNNING' });
      expect(services.commands[0]).toMatchObject({
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'TERMINATE_EXISTING',
      });
    });
  });
});
