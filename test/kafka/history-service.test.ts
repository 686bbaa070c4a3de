// Two history services as processes of their own, on a real Kafka: they share the partitions and take each other's over.
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Command, CommandHeader, Message } from '../../schemas/generated/messages.js';
import { HistoryService } from '../../services/history/service.js';
import type { Codec } from '../../services/platform/codec/codec.js';
import { connectCodec } from '../../services/platform/codec/registry.js';
import type { Log, Producer, Reader } from '../../services/platform/log/log.js';
import { silentLogger } from '../../services/platform/logger.js';
import { provisionNamespace } from '../../services/platform/namespace.js';
import { partitionOf } from '../../services/platform/partitioner.js';
import { topicsOf } from '../../services/platform/topics.js';
import { startBody } from '../core/scenario.js';
import { connectTestLog, eventually, newNamespace } from '../kit/kit.js';
import { spawnHistoryService } from '../kit/processes.js';

const partitions = 8;
const namespace = newNamespace();
const topics = topicsOf(namespace);
const history: Message[] = [];

let log: Log;
let codec: Codec;
let producer: Producer;
let reader: Reader;

beforeAll(async () => {
  log = await connectTestLog();
  codec = await connectCodec({ registryUrl: inject('registryUrl'), logger: silentLogger });
  await provisionNamespace({ log, codec, namespace, partitions });
  producer = log.producer();
  reader = log.reader((_source, records) => {
    for (const { value } of records) if (value !== null) history.push(codec.decode(value));
  });
  for (let partition = 0; partition < partitions; partition++) {
    await reader.assign({ topic: topics.history, partition }, 'earliest');
  }
});

afterAll(async () => {
  await reader?.close();
  await producer?.close();
});

/** Puts starts of these workflows on `commands`. */
async function start(ids: readonly string[]): Promise<void> {
  await Promise.all(
    ids.map((workflowId) => {
      const identity = { requestId: `start-${workflowId}`, runId: `run-of-${workflowId}`, identity: 'test' };
      const header: CommandHeader = { ...identity, workflowId, sentAt: 0, replyTo: null };
      const command: Command = { type: 'StartWorkflow', ...startBody, header };
      const target = { topic: topics.commands, partition: partitionOf(workflowId, partitions) };
      return producer.send(target, [{ key: Buffer.from(workflowId), value: codec.encode(command) }]);
    }),
  );
}

function startedIds(): string[] {
  return history.flatMap((event) => (event.type === 'WorkflowExecutionStarted' ? event.header.workflowId : []));
}

/** The partitions whose latest claim is of this service: of a process by its id, else by its whole identity. */
function ownedBy(owner: string | number): number[] {
  const owners = new Map<number, string>();
  for (const event of history) if (event.type === 'PartitionOwnerClaimed') owners.set(event.partition, event.identity);
  const isOwner = (identity: string) =>
    typeof owner === 'string' ? identity === owner : identity.endsWith(`#${owner}`);
  return [...owners].filter(([, identity]) => isOwner(identity)).map(([partition]) => partition);
}

it('two services share the partitions; killed or stopped, the other has them all, and no start is lost or doubled', async () => {
  const ids = Array.from({ length: 300 }, (_, i) => `w${i}`);
  // Its session would last longer than this test: only by leaving does it hand over in time.
  const patient = { namespace, identity: 'patient', sessionTimeoutMs: 300_000 };
  const first = await HistoryService.start({ ...patient, log: await connectTestLog(), codec, logger: silentLogger });
  const second = await spawnHistoryService({ namespace });
  await start(ids.slice(0, 100));
  await eventually(() => expect(ownedBy('patient').length).toBe(4));
  expect(ownedBy(second.pid).length).toBe(4);

  await second.kill('SIGKILL');
  await start(ids.slice(100, 200));
  await eventually(() => expect(ownedBy('patient').length).toBe(8));
  await eventually(() => expect(startedIds().length).toBe(200));

  const third = await spawnHistoryService({ namespace });
  await eventually(() => expect(ownedBy(third.pid).length).toBe(4));
  await start(ids.slice(200));
  await first.stop();
  await eventually(() => expect(ownedBy(third.pid).length).toBe(8));
  await eventually(() => expect(startedIds().length).toBe(300));
  expect(startedIds().sort()).toEqual([...ids].sort());

  await third.kill('SIGTERM');
  expect(await third.exited).toMatchObject({ code: 0 });
});
