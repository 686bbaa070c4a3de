// A namespace is its topics and one record, the configuration, which says how workflow ids map to partitions. Every
// process reads the record at connect and checks it against the topics: a process that counted wrong would send a
// workflow's commands to a partition where nobody knows the workflow.
import type { NamespaceConfigured } from '../../schemas/generated/messages.js';
import { type Clock, systemClock } from './clock.js';
import type { Codec } from './codec/codec.js';
import { readConfiguration } from './configuration-record.js';
import { SHARDS } from './limits.js';
import type { Log } from './log/log.js';
import { auxiliaryTopics, configurationTopic, type Durability, recordTopics, taskTopic } from './topic-specs.js';
import { type Topics, topicsOf } from './topics.js';

/** What can be wrong with a namespace, and whether the same call may succeed later. */
export const namespaceErrors = {
  NAMESPACE_NOT_FOUND: { retryable: true },
  PARTITION_COUNT_MISMATCH: { retryable: false },
  TOPIC_MISSING: { retryable: false },
} as const satisfies Record<string, { readonly retryable: boolean }>;

export type NamespaceErrorCode = keyof typeof namespaceErrors;

/** An error of a namespace's setup; `message` says what to do next. */
export class NamespaceError extends Error {
  readonly code: NamespaceErrorCode;
  readonly retryable: boolean;
  readonly namespace: string;

  constructor(code: NamespaceErrorCode, namespace: string, message: string) {
    super(message);
    this.name = 'NamespaceError';
    this.code = code;
    this.retryable = namespaceErrors[code].retryable;
    this.namespace = namespace;
  }
}

export interface NamespaceOptions {
  readonly log: Log;
  readonly codec: Codec;
  readonly namespace: string;
  /** Default: the system's. */
  readonly clock?: Clock;
}

export interface ProvisionOptions extends NamespaceOptions, Durability {
  /** Partitions of `commands` and `history`. Default 8. */
  readonly partitions?: number;
  /** Partitions of `replies`. Default 4. */
  readonly replyPartitions?: number;
  /** Partitions of a task queue's topics. Default 8. */
  readonly taskPartitions?: number;
  /** How long a closed run can be described and its id counts as used, in milliseconds. Default one day. */
  readonly closedRetentionMs?: number;
}

const defaults = {
  partitions: 8,
  replyPartitions: 4,
  taskPartitions: 8,
  closedRetentionMs: 24 * 60 * 60 * 1000,
  clock: systemClock,
};

/**
 * Makes what the namespace lacks and returns its configuration. An existing namespace is left as it is, so several
 * services may do this at once: whose topics come first sets the counts, and all record the counts they find.
 * Errors: `PARTITION_COUNT_MISMATCH` when a count asked for isn't the one in force, `TOPIC_MISSING` when the topics
 * with the namespace's records are gone; those of the log.
 */
export async function provisionNamespace(options: ProvisionOptions): Promise<NamespaceConfigured> {
  const { log, codec, namespace, partitions, replyPartitions } = options;
  const asked = { ...defaults, ...options };
  const topics = topicsOf(namespace);

  await log.createTopics([configurationTopic(topics, options)]);
  const existing = await readConfiguration(log, codec, topics, asked.clock);
  if (existing !== undefined) {
    checkAsked(namespace, 'partitions', partitions, existing.partitions);
    checkAsked(namespace, 'replyPartitions', replyPartitions, existing.replyPartitions);
    await log.createTopics(auxiliaryTopics(topics, existing, options));
    return checkTopics(log, topics, existing);
  }

  await log.createTopics([...recordTopics(topics, asked, options), ...auxiliaryTopics(topics, asked, options)]);
  const value = codec.encode({
    type: 'NamespaceConfigured',
    namespace,
    shards: SHARDS,
    partitions: await countOf(log, topics, topics.commands),
    replyPartitions: await countOf(log, topics, topics.replies),
    taskPartitions: asked.taskPartitions,
    closedRetentionMs: asked.closedRetentionMs,
    configuredAt: asked.clock.now(),
  });
  const producer = log.producer();
  try {
    await producer.send({ topic: topics.configuration, partition: 0 }, [{ key: Buffer.from(namespace), value }]);
  } finally {
    await producer.close();
  }
  const configuration = await loadNamespace(options);
  checkAsked(namespace, 'partitions', partitions, configuration.partitions);
  checkAsked(namespace, 'replyPartitions', replyPartitions, configuration.replyPartitions);
  return configuration;
}

/**
 * Reads the namespace's configuration and checks it against the topics. Errors: `NAMESPACE_NOT_FOUND`,
 * `PARTITION_COUNT_MISMATCH`, `TOPIC_MISSING`; those of the log and the codec.
 */
export async function loadNamespace(options: NamespaceOptions): Promise<NamespaceConfigured> {
  const topics = topicsOf(options.namespace);
  const configuration = await readConfiguration(options.log, options.codec, topics, options.clock ?? systemClock);
  if (configuration === undefined) {
    throw new NamespaceError(
      'NAMESPACE_NOT_FOUND',
      options.namespace,
      `namespace '${options.namespace}' is not set up: start a history service for it`,
    );
  }
  return checkTopics(options.log, topics, configuration);
}

/** Makes the topic of a task queue, unless there is one. */
export async function ensureTaskQueue(
  options: {
    readonly log: Log;
    readonly topics: Topics;
    readonly configuration: NamespaceConfigured;
    readonly taskQueue: string;
    readonly kind: 'workflow' | 'activity';
  } & Durability,
): Promise<void> {
  const { log, topics, configuration, taskQueue, kind } = options;
  const topic = kind === 'workflow' ? topics.workflowTasks(taskQueue) : topics.activityTasks(taskQueue);
  if ((await log.partitionCount(topic)) !== undefined) return;
  await log.createTopics([taskTopic(topic, configuration.taskPartitions, options)]);
}

async function checkTopics(log: Log, topics: Topics, configuration: NamespaceConfigured): Promise<NamespaceConfigured> {
  const { partitions, replyPartitions, shards } = configuration;
  if (shards !== SHARDS)
    throw mismatch(topics.namespace, `its ids map to ${shards} shards and this Millrace's to ${SHARDS}`);
  const expected = new Map([
    [topics.commands, partitions],
    [topics.history, partitions],
    [topics.replies, replyPartitions],
  ]);
  for (const [topic, count] of expected) {
    const actual = await countOf(log, topics, topic);
    if (actual !== count) {
      throw mismatch(
        topics.namespace,
        `topic '${topic}' has ${actual} partitions where its configuration says ${count}`,
      );
    }
  }
  await countOf(log, topics, topics.deadLetters);
  return configuration;
}

async function countOf(log: Log, topics: Topics, topic: string): Promise<number> {
  const count = await log.partitionCount(topic);
  if (count === undefined) {
    const isMadeAgain = topic === topics.replies || topic === topics.deadLetters;
    const advice = isMadeAgain
      ? 'start a history service, which makes it again'
      : "restore it, or remove the namespace's other topics to begin anew";
    const message = `topic '${topic}' of namespace '${topics.namespace}' is missing: ${advice}`;
    throw new NamespaceError('TOPIC_MISSING', topics.namespace, message);
  }
  return count;
}

function checkAsked(namespace: string, option: string, asked: number | undefined, inForce: number): void {
  if (asked !== undefined && asked !== inForce) {
    throw mismatch(namespace, `it has ${inForce} ${option} and ${asked} were asked for, which can't be changed`);
  }
}

function mismatch(namespace: string, reason: string): NamespaceError {
  return new NamespaceError('PARTITION_COUNT_MISMATCH', namespace, `namespace '${namespace}' can't be used: ${reason}`);
}
