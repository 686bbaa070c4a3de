// Updates from the client to the worker and back, over the log in memory.
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  ApplicationFailure,
  Client,
  WithStartWorkflowOperation,
  type WorkflowClientInterceptor,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '../../sdk/client/index.js';
import { type DataConverter, defaultPayloadConverter, type PayloadCodec } from '../../sdk/common/index.js';
import { Worker } from '../../sdk/worker/index.js';
import type { account } from './fixtures/handlers.js';
import { type MemoryPlatform, openMemoryPlatform } from './memory-platform.js';

const workflowsPath = fileURLToPath(new URL('./fixtures/handlers.ts', import.meta.url));
const at = { workflowId: 'account-1', taskQueue: 'accounts' };

let platform: MemoryPlatform;
let client: Client;

beforeEach(async () => {
  platform = await openMemoryPlatform();
  client = new Client({ connection: platform.connect() });
});

afterEach(() => platform.close());

async function withWorker(work: () => Promise<void>, dataConverter: DataConverter = {}): Promise<void> {
  const activities = { greet: async (name: string) => `hello ${name}` };
  const { taskQueue } = at;
  const connection = platform.connect();
  const worker = await Worker.create({ connection, taskQueue, workflowsPath, activities, dataConverter });
  await worker.runUntil(work);
}

async function typesOfHistory(workflowId = at.workflowId): Promise<string[]> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  return events.map(({ type }) => type);
}

describe('an update', () => {
  test('is carried out and answered, once for each id [client.update client.update-id]', () =>
    withWorker(async () => {
      const handle = await client.workflow.start<typeof account>('account', { ...at, args: [10] });
      expect(await handle.executeUpdate('add', { args: [5], updateId: 'first' })).toBe(15);
      expect(await handle.executeUpdate('add', { args: [5], updateId: 'first' })).toBe(15);
      expect(await handle.executeUpdate('add', { args: [1] })).toBe(16);
      expect(await handle.executeUpdate('greet', { args: ['Ada'] })).toBe('hello Ada has 16');
      await handle.signal('end');
      expect(await handle.result()).toBe(16);
      expect(await handle.executeUpdate('add', { args: [5], updateId: 'first' })).toBe(15);
    }));

  test('that is refused leaves no event, and says why [client.update-failed]', () =>
    withWorker(async () => {
      const handle = await client.workflow.start('account', at);
      const refused = handle.executeUpdate('add', { args: [-1] });
      await expect(refused).rejects.toThrow(WorkflowUpdateFailedError);
      await expect(refused).rejects.toMatchObject({ cause: { message: 'must not be negative', type: 'Negative' } });
      const started = await handle.startUpdate('nobody', { waitForStage: 'ACCEPTED' });
      await expect(started.result()).rejects.toMatchObject({
        cause: { message: 'No registered handler for update: nobody' },
      });
      expect((await typesOfHistory()).filter((type) => type.includes('Update'))).toEqual([]);
    }));

  test('whose handler fails has the failure as its end', () =>
    withWorker(async () => {
      const handle = await client.workflow.start('account', at);
      const failed = await handle.executeUpdate('add', { args: [0] }).catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(WorkflowUpdateFailedError);
      expect((failed as WorkflowUpdateFailedError).cause).toBeInstanceOf(ApplicationFailure);
      expect((await typesOfHistory()).filter((type) => type.includes('Update'))).toEqual([
        'WorkflowExecutionUpdateAccepted',
        'WorkflowExecutionUpdateCompleted',
      ]);
    }));

  test('may be started, and its result be waited for by a handle of its id [client.update-handle]', () =>
    withWorker(async () => {
      const handle = await client.workflow.start('account', at);
      const started = await handle.startUpdate('add', { args: [7], updateId: 'u', waitForStage: 'ACCEPTED' });
      expect(started).toMatchObject({
        updateId: 'u',
        workflowId: at.workflowId,
        workflowRunId: handle.firstExecutionRunId,
      });
      expect(await started.result()).toBe(7);
      expect(await client.workflow.getHandle(at.workflowId).getUpdateHandle('u').result()).toBe(7);
      await expect(handle.getUpdateHandle('unknown').result()).rejects.toThrow(WorkflowNotFoundError);
    }));

  test('that is under way when the workflow ends fails by that name', () =>
    withWorker(async () => {
      const handle = await client.workflow.start('account', at);
      const never = await handle.startUpdate('never', { waitForStage: 'ACCEPTED' });
      await handle.signal('end');
      await expect(never.result()).rejects.toMatchObject({ cause: { type: 'AcceptedUpdateCompletedWorkflow' } });
      await expect(handle.executeUpdate('add', { args: [1] })).rejects.toThrow(WorkflowNotFoundError);
    }));

  test('is waited for as long as is said [client.update-timeout]', () =>
    withWorker(async () => {
      const handle = await client.workflow.start('account', at);
      const late = handle.executeUpdate('never', { timeout: 1 });
      await expect(late).rejects.toThrow(WorkflowUpdateRPCTimeoutOrCancelledError);
    }));

  test('is not taken by another chain of runs than is meant', () =>
    withWorker(async () => {
      await client.workflow.start('account', at);
      const other = client.workflow.getHandle(at.workflowId, undefined, { firstExecutionRunId: 'another' });
      await expect(other.executeUpdate('add', { args: [1] })).rejects.toThrow(WorkflowNotFoundError);
    }));
});

test('what an update brings, returns and is refused for goes through the codecs', async () => {
  const turned: PayloadCodec = {
    encode: async (payloads) =>
      payloads.map(({ metadata, data }) => ({ metadata: { ...metadata, turned: Buffer.from('1') }, data: turn(data) })),
    decode: async (payloads) =>
      payloads.map(({ metadata, data }) => {
        const { turned: mark, ...rest } = metadata ?? {};
        return mark === undefined ? { metadata, data } : { metadata: rest, data: turn(data) };
      }),
  };
  const dataConverter = { payloadCodecs: [turned] };
  const own = new Client({ connection: platform.connect(), dataConverter });
  await withWorker(async () => {
    const handle = await own.workflow.start<typeof account>('account', { ...at, args: [1] });
    expect(await handle.executeUpdate('add', { args: [2] })).toBe(3);
    await expect(handle.executeUpdate('add', { args: [-2] })).rejects.toMatchObject({
      cause: { message: 'must not be negative' },
    });
    const { events } = await handle.fetchHistory();
    const accepted = events.find((event) => event.type === 'WorkflowExecutionUpdateAccepted');
    expect(accepted?.update.input[0]?.metadata).toHaveProperty('turned');
    const over = events.find((event) => event.type === 'WorkflowExecutionUpdateCompleted');
    expect(over?.result?.metadata).toHaveProperty('turned');
  }, dataConverter);
});

function turn(data: Uint8Array | null | undefined): Uint8Array {
  return (data ?? new Uint8Array()).map((byte) => 255 - byte);
}

describe('with a start', () => {
  const operation = (policy: 'FAIL' | 'USE_EXISTING') =>
    new WithStartWorkflowOperation<typeof account>('account', { ...at, args: [1], workflowIdConflictPolicy: policy });

  test('a signal goes to the run that is started, or that is open [client.signal-with-start]', () =>
    withWorker(async () => {
      const start = { ...at, args: [100] as [number], signal: 'addSignal', signalArgs: [1] as [number] };
      const first = await client.workflow.signalWithStart<typeof account, [number]>('account', start);
      const second = await client.workflow.signalWithStart<typeof account, [number]>('account', start);
      expect(second.signaledRunId).toBe(first.signaledRunId);
      await second.signal('end');
      expect(await first.result()).toBe(102);
    }));

  test('an update goes to the run that is started, or that is open [client.update-with-start]', () =>
    withWorker(async () => {
      const first = operation('USE_EXISTING');
      const options = { args: [2] as [number], startWorkflowOperation: first };
      expect(await client.workflow.executeUpdateWithStart<typeof account, number, [number]>('add', options)).toBe(3);
      const second = operation('USE_EXISTING');
      const started = await client.workflow.startUpdateWithStart<typeof account, number, [number]>('add', {
        args: [4],
        waitForStage: 'ACCEPTED',
        startWorkflowOperation: second,
      });
      expect(await started.result()).toBe(7);
      const [one, other] = [await first.workflowHandle(), await second.workflowHandle()];
      await one.signal('end');
      expect(await other.result()).toBe(7);
    }));

  test('the operation is used once, and its handle says what refused it [client.with-start-operation]', () =>
    withWorker(async () => {
      await client.workflow.start('account', at);
      const refused = operation('FAIL');
      const update = () =>
        client.workflow.executeUpdateWithStart<typeof account, number, [number]>('add', {
          args: [1],
          startWorkflowOperation: refused,
        });
      await expect(update()).rejects.toThrow(WorkflowExecutionAlreadyStartedError);
      await expect(refused.workflowHandle()).rejects.toThrow(WorkflowExecutionAlreadyStartedError);
      await expect(update()).rejects.toThrow('already been executed');
    }));
});

test('interceptors stand before every call, in their order, and headers reach the records [client.interceptors-workflow client.interceptors-update]', () =>
  withWorker(async () => {
    const seen: string[] = [];
    const headers = { by: defaultPayloadConverter.toPayload('interceptor') };
    const tracing: WorkflowClientInterceptor = {
      startWithDetails: (input, next) => {
        seen.push(`start ${input.workflowType}`);
        return next({ ...input, headers });
      },
      signal: (input, next) => {
        seen.push(`signal ${input.signalName} ${JSON.stringify(input.args)}`);
        return next({ ...input, args: [5], headers });
      },
      signalWithStart: (input, next) => {
        seen.push(`signalWithStart ${input.signalName}`);
        return next({ ...input, headers });
      },
      query: (input, next) => {
        seen.push(`query ${input.queryType}`);
        return next(input);
      },
      startUpdate: (input, next) => {
        seen.push(`startUpdate ${input.updateName}`);
        return next({ ...input, headers });
      },
      startUpdateWithStart: (input, next) => {
        seen.push(`startUpdateWithStart ${input.updateName}`);
        return next({ ...input, updateHeaders: headers });
      },
      cancel: (input, next) => {
        seen.push(`cancel ${input.workflowExecution.workflowId}`);
        return next(input);
      },
      terminate: (input, next) => {
        seen.push(`terminate ${input.reason}`);
        return next(input);
      },
      describe: (input, next) => {
        seen.push('describe');
        return next(input);
      },
    };
    const second: WorkflowClientInterceptor = {
      start: async (input, next) => {
        seen.push('second start');
        return next(input);
      },
      query: async (input, next) => Number(await next(input)) + 1_000,
    };
    const own = new Client({ connection: platform.connect(), interceptors: { workflow: [tracing, second] } });
    const handle = await own.workflow.start('account', at);
    await handle.signal('addSignal', 1);
    expect(await handle.query('sum')).toBe(1_005);
    expect(await handle.executeUpdate('add', { args: [1] })).toBe(6);
    await own.workflow.signalWithStart('account', { ...at, signal: 'addSignal', signalArgs: [1] });
    await own.workflow.executeUpdateWithStart('add', {
      args: [1],
      startWorkflowOperation: new WithStartWorkflowOperation('account', {
        ...at,
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    });
    await handle.describe();
    await handle.cancel();
    await handle.terminate('enough');
    expect(seen).toEqual([
      'start account',
      'second start',
      'signal addSignal [1]',
      'query sum',
      'startUpdate add',
      'signalWithStart addSignal',
      'startUpdateWithStart add',
      'describe',
      'cancel account-1',
      'terminate enough',
    ]);
    const { events } = await handle.fetchHistory();
    const withHeaders = events.flatMap((event) => {
      if (event.type === 'WorkflowExecutionUpdateAccepted') return Object.keys(event.update.headers);
      return 'headers' in event ? Object.keys(event.headers) : [];
    });
    expect(withHeaders).toEqual(['by', 'by', 'by', 'by', 'by']);
  }));
