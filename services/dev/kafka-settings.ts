// What a Kafka node is told by its configuration file.

import { join } from 'node:path';
import { MAX_BATCH_BYTES } from '../platform/limits.js';

/** A node that is broker and controller, on loopback. */
export interface KafkaNode {
  readonly id: number;
  readonly port: number;
  readonly controllerPort: number;
  /** Where other nodes reach it, and the port that they are told. Default: where clients do. */
  readonly replication?: { readonly port: number; readonly advertisedPort: number };
}

export interface NodeSettingsOptions {
  /** A folder for the node's files. */
  readonly dataDir: string;
  readonly node: KafkaNode;
  /** All nodes of the cluster. Each record is on up to three of them, and is confirmed once all of these but one have it. */
  readonly nodes: readonly KafkaNode[];
}

/** The folder that holds the records. */
export function recordsFolder(dataDir: string): string {
  return join(dataDir, 'log');
}

export function nodeSettings({ dataDir, node, nodes }: NodeSettingsOptions): string {
  const copies = Math.min(nodes.length, 3);
  const confirmedCopies = Math.max(copies - 1, 1);
  const { replication } = node;
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': node.id,
    'controller.quorum.voters': nodes.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(','),
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${node.port}`,
    ...(replication !== undefined && replicationListener(node, replication)),
    'log.dirs': recordsFolder(dataDir),
    // A node whose records have no room any more still has its say in who leads.
    ...(nodes.length > 1 && { 'metadata.log.dir': join(dataDir, 'metadata') }),
    'message.max.bytes': MAX_BATCH_BYTES,
    'auto.create.topics.enable': false,
    // Members of a group join one by one in development; waiting for more would only delay the first.
    'group.initial.rebalance.delay.ms': 0,
    // After a SIGKILL the controller refuses the node until its old session is over. The default is 9 seconds.
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
    ...(nodes.length > 1 && { 'replica.lag.time.max.ms': 6_000 }),
    'default.replication.factor': copies,
    'min.insync.replicas': confirmedCopies,
    'offsets.topic.num.partitions': 8,
    'offsets.topic.replication.factor': copies,
    'transaction.state.log.num.partitions': 8,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': confirmedCopies,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': confirmedCopies,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** A listener of its own for the other nodes. */
function replicationListener(node: KafkaNode, { port, advertisedPort }: NonNullable<KafkaNode['replication']>) {
  const clients = `PLAINTEXT://127.0.0.1:${node.port}`;
  return {
    listeners: `${clients},REPLICATION://127.0.0.1:${port},CONTROLLER://127.0.0.1:${node.controllerPort}`,
    'advertised.listeners': `${clients},REPLICATION://127.0.0.1:${advertisedPort}`,
    'inter.broker.listener.name': 'REPLICATION',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,REPLICATION:PLAINTEXT,CONTROLLER:PLAINTEXT',
  };
}

/** Warnings and errors, on stdout. */
export const logProperties = `appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d{HH:mm:ss.SSS} %p %c{1}: %m%n
rootLogger.level=warn
rootLogger.appenderRef.console.ref=console
`;
