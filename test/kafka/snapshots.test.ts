import { tmpdir } from 'node:os';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { SnapshotCompleted } from '../../schemas/generated/messages.js';
import { Client, Connection } from '../../sdk/client/index.js';
import { lmdbStores } from '../../services/history/lmdb-store.js';
import { HistoryService } from '../../services/history/service.js';
import { findSnapshot } from '../../services/history/snapshot-records.js';
import type { Codec } from '../../services/platform/codec/codec.js';
import { connectCodec } from '../../services/platform/codec/registry.js';
import type { Log } from '../../services/platform/log/log.js';
import { silentLogger } from '../../services/platform/logger.js';
import { topicsOf } from '../../services/platform/topics.js';
import { connectTestLog, eventually, newNamespace } from '../kit/kit.js';

const namespace = newNamespace();
const topics = topicsOf(namespace);
const OPEN = 300;

describe('H4, H8: with snapshots on Kafka and next to no memory', () => {
  let log: Log;
  let codec: Codec;
  let connection: Connection;
  let client: Client;
  let service: HistoryService | undefined;

  beforeAll(async () => {
    log = await connectTestLog();
    codec = await connectCodec({ registryUrl: inject('registryUrl'), logger: silentLogger });
  });
  afterAll(async () => {
    await connection?.close();
    await service?.stop();
  });

  async function startService(): Promise<HistoryService> {
    const openStore = await lmdbStores(tmpdir());
    const scarce = { openStore, hotRunsBytes: 50_000, snapshotAfterBytes: 1 };
    const facts = { namespace, identity: 'history', logger: silentLogger, partitions: 1 };
    const started = await HistoryService.start({ log, codec, ...facts, ...scarce });
    await started.settled();
    return started;
  }

  async function newestSnapshot(): Promise<SnapshotCompleted | undefined> {
    const source = { topic: topics.snapshots, partition: 0 };
    const found = await findSnapshot({ log, codec, source, signal: new AbortController().signal });
    return found?.head;
  }

  it('open workflows outlive the part of history that a snapshot stands for', async () => {
    service = await startService();
    const brokers = inject('brokers');
    connection = await Connection.connect({ brokers, schemaRegistry: inject('registryUrl'), logger: silentLogger });
    client = new Client({ connection, namespace });
    const ids = Array.from({ length: OPEN }, (_, index) => `w${index}`);
    const start = (workflowId: string) => client.workflow.start('sleeper', { taskQueue: 'q', workflowId });
    await Promise.all(ids.map(start));
    await client.workflow.getHandle('w1').terminate('over');
    const { next } = await log.offsets({ topic: topics.history, partition: 0 });
    await eventually(async () => ((await newestSnapshot())?.historyOffset ?? 0) >= next || (await nudge()));
    await service.stop();

    const historyOffset = (await newestSnapshot())?.historyOffset ?? 0;
    await deleteHistoryBefore(historyOffset);
    expect((await log.offsets({ topic: topics.history, partition: 0 })).earliest).toBe(historyOffset);

    service = await startService();
    for (const id of [ids[3], ids[OPEN - 1]]) {
      const handle = client.workflow.getHandle(id ?? '');
      expect((await handle.describe()).status.name).toBe('RUNNING');
      expect((await handle.fetchHistory()).events.map(({ type }) => type)).toEqual([
        'WorkflowExecutionStarted',
        'WorkflowTaskScheduled',
      ]);
    }
    expect((await client.workflow.getHandle('w1').describe()).status.name).toBe('TERMINATED');
    await client.workflow.getHandle('w2').terminate('over');
    expect((await client.workflow.getHandle('w2').describe()).status.name).toBe('TERMINATED');
  });

  /** History has to go on for the next snapshot to be written. */
  async function nudge(): Promise<false> {
    await client.workflow.getHandle('w0').signal('again');
    return false;
  }
});

async function deleteHistoryBefore(offset: number): Promise<void> {
  const admin = new Kafka({ brokers: inject('brokers'), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  // Else kafkajs doesn't know where the topic is.
  await admin.fetchTopicOffsets(topics.history);
  await admin.deleteTopicRecords({ topic: topics.history, partitions: [{ partition: 0, offset: String(offset) }] });
  await admin.disconnect();
}
