// A namespace on a log in memory, with history services, and a client and a worker played by the test.
import type { Command, CommandHeader, Message } from '../../schemas/generated/messages.js';
import { type Draft, messageOf, type WorkflowCommandDraft, workflowCommandOf } from '../../schemas/message.js';
import type { HistoryService } from '../../services/history/service.js';
import { type HistoryServiceOptions, startHistoryService } from '../../services/history/service.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import type { LogRecord, TopicPartition } from '../../services/platform/log/log.js';
import { createMemoryBroker } from '../../services/platform/log/memory/memory-log.js';
import { silentLogger } from '../../services/platform/logger.js';
import { partitionOf } from '../../services/platform/partitioner.js';
import { topicsOf } from '../../services/platform/topics.js';
import { startBody } from '../core/scenario.js';
import { type Faults, faultyLog } from './faulty-log.js';
import { ManualClock } from './manual-clock.js';

export type CommandBody<K extends Command['type']> = Omit<Draft<K>, 'header'>;
export type TaskOf<K extends Message['type']> = Extract<Message, { type: K }>;

export class World {
  readonly clock = new ManualClock();
  readonly codec = createLocalCodec();
  readonly topics = topicsOf('test');
  readonly partitions: number;
  readonly #broker = createMemoryBroker({ now: () => this.clock.now() });
  readonly #log = this.#broker.connect();
  readonly #producer = this.#log.producer();
  #requests = 0;

  constructor({ partitions = 1 } = {}) {
    this.partitions = partitions;
  }

  /** Starts a history service, with a connection of its own that the test's faults pass. */
  async startService(
    options: Partial<HistoryServiceOptions> & { readonly faults?: Faults } = {},
  ): Promise<HistoryService & { readonly crash: () => Promise<void> }> {
    const connection = this.#broker.connect();
    const service = await startHistoryService({
      log: faultyLog(connection, options.faults ?? {}),
      codec: this.codec,
      namespace: 'test',
      identity: 'history',
      logger: silentLogger,
      clock: this.clock,
      partitions: this.partitions,
      replyPartitions: 2,
      taskPartitions: 2,
      ...options,
    });
    await service.settled();
    // As a process that is killed, seen from the broker.
    return Object.assign(service, { crash: () => connection.close() });
  }

  connect() {
    return this.#broker.connect();
  }

  /** Puts a command on `commands`; header fields not given are made up. Returns its request id. */
  async send<K extends Command['type']>(
    type: K,
    body: CommandBody<K>,
    header: Partial<CommandHeader> = {},
  ): Promise<string> {
    this.#requests += 1;
    const fullHeader: CommandHeader = {
      requestId: `request-${this.#requests}`,
      workflowId: 'w',
      runId: null,
      identity: 'test',
      sentAt: this.clock.now(),
      replyTo: { partition: 0, asker: 'asker' },
      ...header,
    };
    const command = messageOf(type, { header: fullHeader, ...body } as unknown as Draft<K>) as Command;
    const { workflowId, requestId } = fullHeader;
    const target = { topic: this.topics.commands, partition: partitionOf(workflowId, this.partitions) };
    await this.#producer.send(target, [{ key: Buffer.from(workflowId), value: this.codec.encode(command) }]);
    return requestId;
  }

  /** Puts any bytes on a topic. */
  async put(target: TopicPartition, value: Buffer | null, headers: Record<string, Buffer> = {}): Promise<number> {
    return this.#producer.send(target, [{ key: null, value, headers }]);
  }

  start(workflowId: string, body: Partial<CommandBody<'StartWorkflow'>> = {}): Promise<string> {
    return this.send('StartWorkflow', { ...startBody, ...body }, { workflowId, runId: `run-of-${workflowId}` });
  }

  /** Answers a workflow task. */
  complete(task: TaskOf<'WorkflowTask'>, ...commands: Array<WorkflowCommandDraft>): Promise<string> {
    const { scheduledEventId, attempt, seenEventId, workflowId, runId } = task;
    const all = commands.map(workflowCommandOf);
    const body = { scheduledEventId, attempt, seenEventId, startedAt: this.clock.now(), commands: all };
    return this.send('CompleteWorkflowTask', body, { workflowId, runId, replyTo: null });
  }

  /** All records of a topic, those of a partition in order; none while the topic doesn't exist. */
  async records(topic: string): Promise<Array<LogRecord & { readonly partition: number }>> {
    const records: Array<LogRecord & { readonly partition: number }> = [];
    const count = (await this.#log.partitionCount(topic)) ?? 0;
    for (let partition = 0; partition < count; partition++) {
      const source = { topic, partition };
      const { next } = await this.#log.offsets(source);
      let seen = 0;
      const reader = this.#log.reader((_, read) => {
        records.push(...read.map((record) => ({ ...record, partition })));
        seen += read.length;
      });
      await reader.assign(source, 0);
      await eventually(() => seen >= next);
      await reader.close();
    }
    return records;
  }

  /** All messages of a topic; what is none is left out. */
  async messages(topic: string): Promise<Message[]> {
    return (await this.records(topic)).flatMap(({ value }) => {
      try {
        return this.codec.decode(value ?? Buffer.alloc(0));
      } catch {
        return [];
      }
    });
  }

  async messagesOf<K extends Message['type']>(type: K, topic: string): Promise<Array<TaskOf<K>>> {
    const isWanted = (message: Message): message is TaskOf<K> => message.type === type;
    return (await this.messages(topic)).filter(isWanted);
  }

  /** Waits until a topic has this many messages of the type, and returns them. */
  async awaitMessages<K extends Message['type']>(type: K, topic: string, count = 1): Promise<Array<TaskOf<K>>> {
    let found: Array<TaskOf<K>> = [];
    await eventually(
      async () => {
        found = await this.messagesOf(type, topic);
        return found.length >= count;
      },
      () => `${count} ${type} on ${topic}, not ${found.length}`,
    );
    return found;
  }
}

/** Lets everything else in this process run until the condition holds. Nothing here waits for real time. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  what: () => string = () => condition.toString(),
): Promise<void> {
  for (let turn = 0; turn < 2_000; turn++) {
    if (await condition()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`never came: ${what()}`);
}
