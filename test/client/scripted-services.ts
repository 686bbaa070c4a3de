import type { Command, HistoryEvent, Message, Reply, ReplyAddress } from '../../schemas/generated/messages.js';
import { Client, type ClientOptions, Connection } from '../../sdk/client/index.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import type { Log } from '../../services/platform/log/log.js';
import { createMemoryBroker } from '../../services/platform/log/memory/memory-log.js';
import { type Logger, silentLogger } from '../../services/platform/logger.js';
import { provisionNamespace } from '../../services/platform/namespace.js';
import { partitionOf } from '../../services/platform/partitioner.js';
import { topicsOf } from '../../services/platform/topics.js';

/** What the other side says to a command; nothing leaves it unanswered. */
type Script = (command: Command) => Reply | readonly Reply[] | undefined;

/**
 * The wire of the services, without any of their rules: it notes the commands that come and answers each as the test's
 * script says. Log and codec are the in-memory ones.
 */
export interface ScriptedServices {
  readonly log: Log;
  readonly connection: Connection;
  /** Commands that came, in order. */
  readonly commands: Command[];
  readonly warnings: string[];
  client(options?: ClientOptions): Client;
  answer(script: Script): void;
  send(to: ReplyAddress | { readonly partition: number }, reply: Reply): Promise<void>;
  /** Announces a new owner of a workflow's partition to every asker. */
  changeOwner(workflowId: string): Promise<void>;
  /** Appends to the workflow's partition of `history`; resolves with the offset of the first. */
  appendHistory(workflowId: string, events: readonly HistoryEvent[]): Promise<number>;
  /** The partition of a workflow. */
  partitionOf(workflowId: string): number;
  close(): Promise<void>;
}

export const namespace = 'client-test';

export async function scriptServices(): Promise<ScriptedServices> {
  const broker = createMemoryBroker();
  const log = broker.connect();
  const codec = createLocalCodec();
  const topics = topicsOf(namespace);
  const { partitions, replyPartitions } = await provisionNamespace({ log, codec, namespace });
  const producer = log.producer();
  const commands: Command[] = [];
  const warnings: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (message) => void warnings.push(message), child: () => logger };
  const connection = Connection.over({ log: broker.connect(), codec, logger, identity: 'tester' });
  let script: Script = () => undefined;

  const put = (topic: string, partition: number, key: string | null, messages: readonly Message[]): Promise<number> => {
    const records = messages.map((message) => ({
      key: key === null ? null : Buffer.from(key),
      value: codec.encode(message),
    }));
    return producer.send({ topic, partition }, records);
  };
  const send: ScriptedServices['send'] = async (to, reply) => {
    await put(topics.replies, to.partition, 'asker' in to ? to.asker : null, [reply]);
  };
  const reader = log.reader(async (_source, records) => {
    for (const { value } of records) {
      const command = codec.decode(value ?? Buffer.alloc(0)) as Command;
      commands.push(command);
      const { replyTo } = command.header;
      for (const reply of [script(command) ?? []].flat()) if (replyTo !== null) await send(replyTo, reply);
    }
  });
  for (let partition = 0; partition < partitions; partition++) {
    await reader.assign({ topic: topics.commands, partition }, 'earliest');
  }

  return {
    log,
    connection,
    commands,
    warnings,
    client: (options) => new Client({ connection, namespace, ...options }),
    answer: (next) => {
      script = next;
    },
    send,
    async changeOwner(workflowId) {
      const changed = {
        type: 'PartitionOwnerChanged',
        partition: partitionOf(workflowId, partitions),
        ownerEpoch: 2,
      } as const;
      for (let partition = 0; partition < replyPartitions; partition++) await send({ partition }, changed);
    },
    appendHistory: (workflowId, events) => {
      return put(topics.history, partitionOf(workflowId, partitions), workflowId, events);
    },
    partitionOf: (workflowId) => partitionOf(workflowId, partitions),
    async close() {
      await connection.close();
      await log.close();
    },
  };
}
