// A namespace on the in-memory log in which the test plays history: it puts tasks on their topics and reads what workers
// say on `commands`. Each worker is given a connection of its own, as in a process of its own.

import type { ActivityTask, Command, Payload, Reply, ReplyAddress, Task } from '../../schemas/generated/messages.js';
import { Connection } from '../../sdk/client/connection.js';
import { defaultPayloadConverter } from '../../sdk/common/index.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import type {
  GroupOptions,
  Log,
  LogRecord,
  NewRecord,
  Producer,
  TopicPartition,
} from '../../services/platform/log/log.js';
import { createMemoryBroker } from '../../services/platform/log/memory/memory-log.js';
import { silentLogger } from '../../services/platform/logger.js';
import { ensureTaskQueue, provisionNamespace } from '../../services/platform/namespace.js';
import { topicsOf } from '../../services/platform/topics.js';

type CommandOf<T extends Command['type']> = Extract<Command, { readonly type: T }>;

export interface TaskNamespace {
  readonly taskQueue: string;
  readonly commands: readonly Command[];
  readonly deadLetters: readonly LogRecord[];
  /** What groups have committed, latest last. */
  readonly commits: ReadonlyArray<TopicPartition & { readonly offset: number }>;
  /** The groups that workers have joined, in order. */
  readonly groups: readonly string[];
  /** Ends every membership of a group for good. */
  failGroups(error: Error): void;
  /** A connection of another process. `producer` may stand between it and the broker. */
  connect(producer?: (real: Producer) => Producer): Connection;
  putActivity(task?: Partial<ActivityTask>): Promise<ActivityTask>;
  putRecord(kind: 'workflow' | 'activity', record: NewRecord, partition?: number): Promise<number>;
  encode(task: Task): Buffer;
  reply(to: ReplyAddress | null, reply: Reply): Promise<void>;
  /** Resolves with the first command of the type, also one that has come already, that fits. */
  command<T extends Command['type']>(type: T, fits?: (command: CommandOf<T>) => boolean): Promise<CommandOf<T>>;
  /** Resolves once the condition holds; it is looked at whenever something arrives or is committed. */
  until(condition: () => boolean): Promise<void>;
  close(): Promise<void>;
}

export async function openTaskNamespace(): Promise<TaskNamespace> {
  const broker = createMemoryBroker();
  const codec = createLocalCodec();
  const log = broker.connect();
  const taskQueue = 'orders';
  const topics = topicsOf('default');
  const configuration = await provisionNamespace({
    log,
    codec,
    namespace: 'default',
    partitions: 1,
    taskPartitions: 2,
  });
  for (const kind of ['workflow', 'activity'] as const) {
    await ensureTaskQueue({ log, topics, configuration, taskQueue, kind });
  }
  const commands: Command[] = [];
  const deadLetters: LogRecord[] = [];
  const commits: Array<TopicPartition & { readonly offset: number }> = [];
  const joined: GroupOptions[] = [];
  const watchers = new Set<() => void>();
  const changed = () => {
    for (const look of watchers) look();
  };
  const reader = log.reader((source, records) => {
    if (source.topic === topics.deadLetters) deadLetters.push(...records);
    else for (const { value } of records) if (value) commands.push(codec.decode(value) as Command);
    changed();
  });
  await reader.assign({ topic: topics.commands, partition: 0 }, 'earliest');
  await reader.assign({ topic: topics.deadLetters, partition: 0 }, 'earliest');
  const producer = log.producer();
  const connections: Connection[] = [];
  let activities = 0;

  const namespace: TaskNamespace = {
    taskQueue,
    commands,
    deadLetters,
    commits,
    get groups() {
      return joined.map(({ groupId }) => groupId);
    },
    failGroups(error) {
      for (const { onFailed } of joined) onFailed(error);
    },
    connect(wrap = (real) => real) {
      const real = broker.connect();
      const watched = watchedLog(real, {
        wrap,
        onJoin: (options) => void joined.push(options),
        onCommit(offsets) {
          commits.push(...offsets);
          changed();
        },
      });
      const connection = Connection.over({ log: watched, codec, logger: silentLogger });
      connections.push(connection);
      return connection;
    },
    async putActivity(changes = {}) {
      activities += 1;
      const task = {
        ...activityTask(taskQueue),
        scheduledEventId: activities,
        activityId: `${activities}`,
        ...changes,
      };
      const id = `${task.runId}/${task.scheduledEventId}/${task.attempt}`;
      const record = {
        key: null,
        value: namespace.encode({ type: 'ActivityTask', ...task }),
        headers: { 'mr-id': Buffer.from(id) },
      };
      await namespace.putRecord('activity', record, task.attempt % 2);
      return task;
    },
    async putRecord(kind, record, partition = 0) {
      const topic = kind === 'workflow' ? topics.workflowTasks(taskQueue) : topics.activityTasks(taskQueue);
      return producer.send({ topic, partition }, [record]);
    },
    encode: (task) => codec.encode(task),
    async reply(to, reply) {
      if (!to) throw new TypeError('the command asked for no reply');
      const target = { topic: topics.replies, partition: to.partition };
      await producer.send(target, [{ key: Buffer.from(to.asker), value: codec.encode(reply) }]);
    },
    async command(type, fits = () => true) {
      type Wanted = CommandOf<typeof type>;
      const find = () =>
        commands.find((command): command is Wanted => command.type === type && fits(command as Wanted));
      await namespace.until(() => find() !== undefined);
      return find() as Wanted;
    },
    until(condition) {
      return new Promise((resolve) => {
        const look = () => {
          if (!condition()) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      });
    },
    async close() {
      await Promise.all(connections.map((connection) => connection.close()));
      await log.close();
    },
  };
  return namespace;
}

/** The value as workers encode it. */
export const payload = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);

/** The value that a worker encoded. */
export const decoded = (payload: Payload | null | undefined): unknown =>
  payload ? defaultPayloadConverter.fromPayload(payload) : undefined;

function activityTask(taskQueue: string): ActivityTask {
  return {
    workflowId: 'order-1',
    runId: 'run-1',
    workflowType: 'order',
    taskQueue,
    scheduledEventId: 1,
    attempt: 1,
    activityId: '1',
    activityType: 'greet',
    input: [],
    headers: {},
    scheduledAt: Date.now(),
    attemptScheduledAt: Date.now(),
    scheduleToCloseTimeoutMs: null,
    startToCloseTimeoutMs: 60_000,
    heartbeatTimeoutMs: null,
    heartbeatDetails: [],
    priority: null,
    retryPolicy: {
      initialIntervalMs: 1_000,
      backoffCoefficient: 2,
      maximumIntervalMs: 100_000,
      maximumAttempts: 0,
      nonRetryableErrorTypes: [],
    },
  };
}

function watchedLog(
  real: Log,
  watch: {
    readonly wrap: (producer: Producer) => Producer;
    readonly onJoin: (options: GroupOptions) => void;
    readonly onCommit: (offsets: ReadonlyArray<TopicPartition & { readonly offset: number }>) => void;
  },
): Log {
  return {
    fencedAppender: (options) => real.fencedAppender(options),
    producer: (options) => watch.wrap(real.producer(options)),
    reader: (onRecords) => real.reader(onRecords),
    async joinGroup(options) {
      watch.onJoin(options);
      const membership = await real.joinGroup(options);
      return {
        committed: (partitions) => membership.committed(partitions),
        async commit(offsets) {
          await membership.commit(offsets);
          watch.onCommit(offsets);
        },
        leave: () => membership.leave(),
      };
    },
    offsets: (source) => real.offsets(source),
    partitionCount: (topic) => real.partitionCount(topic),
    createTopics: (specs) => real.createTopics(specs),
    close: () => real.close(),
  };
}
