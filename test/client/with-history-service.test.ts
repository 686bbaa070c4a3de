import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  Client,
  Connection,
  historyToJSON,
  TerminatedFailure,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '../../sdk/client/index.js';
import { HistoryService } from '../../services/history/service.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import { createMemoryBroker, type MemoryBroker } from '../../services/platform/log/memory/memory-log.js';
import { silentLogger } from '../../services/platform/logger.js';

const codec = createLocalCodec();
const namespace = 'client-and-history';
const at = { workflowId: 'w', taskQueue: 'q' };

async function startService(broker: MemoryBroker): Promise<HistoryService> {
  const service = await HistoryService.start({
    log: broker.connect(),
    codec,
    namespace,
    identity: 'history',
    logger: silentLogger,
    partitions: 2,
    replyPartitions: 2,
  });
  await vi.waitFor(() => expect(service.serving).toHaveLength(2));
  return service;
}

describe('a client with a history service, and no worker', () => {
  let broker: MemoryBroker;
  let service: HistoryService;
  let connection: Connection;
  let client: Client;
  beforeEach(async () => {
    broker = createMemoryBroker();
    service = await startService(broker);
    connection = Connection.over({ log: broker.connect(), codec, logger: silentLogger });
    client = new Client({ connection, namespace });
  });
  afterEach(async () => {
    await connection.close();
    await service.stop();
  });

  it('starts a workflow and describes it [client.start client.describe]', async () => {
    const handle = await client.workflow.start('greet', { ...at, args: ['Ada'], memo: { note: 'n' } });
    expect(handle.startStatus).toBe('STARTED');
    expect(await handle.describe()).toMatchObject({
      type: 'greet',
      runId: handle.firstExecutionRunId,
      status: { name: 'RUNNING' },
      taskQueue: 'q',
      memo: { note: 'n' },
    });
  });

  it('is told that the workflow id is in use, or gets the run that is there [client.already-started client.id-conflict-policy]', async () => {
    const { firstExecutionRunId } = await client.workflow.start('greet', at);
    await expect(client.workflow.start('greet', at)).rejects.toThrow(WorkflowExecutionAlreadyStartedError);
    await expect(client.workflow.execute('greet', at)).rejects.toThrow(WorkflowExecutionAlreadyStartedError);
    const existing = await client.workflow.start('greet', { ...at, workflowIdConflictPolicy: 'USE_EXISTING' });
    expect(existing.firstExecutionRunId).toBe(firstExecutionRunId);
  });

  it('signals, terminates and gets the result as Temporal has it [client.terminate client.result]', async () => {
    const handle = await client.workflow.start('greet', at);
    await handle.signal('approve', 'me');
    const result = handle.result();
    await handle.terminate('enough');
    const error = await result.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect((error as WorkflowFailedError).cause).toBeInstanceOf(TerminatedFailure);
    expect((error as WorkflowFailedError).cause?.message).toBe('enough');
    await expect(handle.signal('approve', 'me')).rejects.toThrow(WorkflowNotFoundError);
  });

  it('reads the same history from an open and from a closed run [client.fetch-history]', async () => {
    const handle = await client.workflow.start('greet', at);
    await handle.signal('approve', 'me');
    const open = await handle.fetchHistory();
    const types = ['WorkflowExecutionStarted', 'WorkflowTaskScheduled', 'WorkflowExecutionSignaled'];
    expect(open.events.map(({ type }) => type)).toEqual(types);
    await handle.terminate('enough');
    const closed = await handle.fetchHistory();
    expect(closed.events.map(({ type }) => type)).toEqual([...types, 'WorkflowExecutionTerminated']);
    expect(historyToJSON({ events: closed.events.slice(0, 3) })).toEqual(historyToJSON(open));
  });

  it('is told that there is no such workflow [client.workflow-not-found]', async () => {
    const handle = client.workflow.getHandle('nobody');
    const calls = [
      handle.signal('s'),
      handle.cancel(),
      handle.terminate(),
      handle.describe(),
      handle.result(),
      handle.fetchHistory(),
    ];
    await Promise.all(calls.map((call) => expect(call).rejects.toThrow(WorkflowNotFoundError)));
  });

  it('waits for a result through a change of services', async () => {
    const handle = await client.workflow.start('greet', at);
    const result = handle.result().catch((thrown: unknown) => thrown);
    await service.stop();
    service = await startService(broker);
    await handle.terminate('enough');
    expect(await result).toBeInstanceOf(WorkflowFailedError);
  });

  it('starts and signals while no service is running; both take effect, once, when one comes up', async () => {
    await service.stop();
    const handle = await client.workflow.start('greet', { ...at, startTimeout: 1 });
    expect(handle.startStatus).toBe('ACCEPTED');
    const signal = handle.signal('approve', 'me');
    service = await startService(broker);
    await signal;
    expect((await handle.describe()).runId).toBe(handle.firstExecutionRunId);
    const { events } = await handle.fetchHistory();
    expect(events.filter(({ type }) => type === 'WorkflowExecutionSignaled')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'WorkflowExecutionStarted')).toHaveLength(1);
  });

  it('learns from result() that a start it made while no service was running is refused', async () => {
    await client.workflow.start('greet', at);
    await service.stop();
    const refused = await client.workflow.start('greet', { ...at, startTimeout: 1 });
    const result = refused.result();
    const rejected = expect(result).rejects.toThrow(WorkflowExecutionAlreadyStartedError);
    service = await startService(broker);
    await rejected;
  });
});
