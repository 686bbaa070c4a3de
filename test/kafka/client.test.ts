import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  Client,
  Connection,
  NamespaceNotFoundError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
} from '../../sdk/client/index.js';
import { HistoryService } from '../../services/history/service.js';
import { connectCodec } from '../../services/platform/codec/registry.js';
import { silentLogger } from '../../services/platform/logger.js';
import { connectTestLog, newNamespace } from '../kit/kit.js';
import { spawnWorker } from '../kit/processes.js';

const namespace = newNamespace();

describe('a client on Kafka', () => {
  let service: HistoryService;
  let connection: Connection;
  let client: Client;
  beforeAll(async () => {
    const registryUrl = inject('registryUrl');
    const codec = await connectCodec({ registryUrl, logger: silentLogger });
    const log = await connectTestLog();
    service = await HistoryService.start({
      log,
      codec,
      namespace,
      identity: 'history',
      logger: silentLogger,
      partitions: 2,
    });
    await service.settled();
    connection = await Connection.connect({
      brokers: inject('brokers'),
      schemaRegistry: registryUrl,
      logger: silentLogger,
    });
    client = new Client({ connection, namespace });
  });
  afterAll(async () => {
    await connection?.close();
    await service?.stop();
  });

  it('keeps no process going that is done with it, closed or not', async () => {
    const program = await spawnWorker({ namespace, script: 'dist/test/kafka/unclosed-client.js' });
    expect(program.said).toEqual([{ event: 'described', status: 'RUNNING' }]);
    expect(await program.exited).toMatchObject({ code: 0 });
  });

  it('starts, signals, describes and terminates a workflow, and reads its history open and closed', async () => {
    const handle = await client.workflow.start('greet', { workflowId: 'w', taskQueue: 'q', args: ['Ada'] });
    expect(handle.startStatus).toBe('STARTED');
    const result = handle.result().catch((error: unknown) => error);
    await handle.signal('approve', 'me');
    expect((await handle.describe()).status.name).toBe('RUNNING');
    const open = await handle.fetchHistory();
    await handle.terminate('enough');
    expect(await result).toBeInstanceOf(WorkflowFailedError);
    const closed = await handle.fetchHistory();
    expect(closed.events.map(({ type }) => type)).toEqual([
      'WorkflowExecutionStarted',
      'WorkflowTaskScheduled',
      'WorkflowExecutionSignaled',
      'WorkflowExecutionTerminated',
    ]);
    expect(closed.events.slice(0, 3)).toEqual(open.events);
  });

  it('sends several starts of one id at once, of which one wins', async () => {
    const starts = Array.from({ length: 5 }, () =>
      client.workflow.start('greet', { workflowId: 'race', taskQueue: 'q' }),
    );
    const outcomes = await Promise.allSettled(starts);
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refusals).toHaveLength(4);
    expect(refusals).toEqual(Array.from({ length: 4 }, () => expect.any(WorkflowExecutionAlreadyStartedError)));
  });

  it('is refused for a namespace that is not set up', async () => {
    const stranger = new Client({ connection, namespace: newNamespace() });
    const start = stranger.workflow.start('greet', { workflowId: 'w', taskQueue: 'q' });
    await expect(start).rejects.toThrow(NamespaceNotFoundError);
  });
});
