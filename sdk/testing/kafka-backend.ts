// The platform on Kafka, for tests: one started here, or one that is there already.
import { randomBytes } from 'node:crypto';
import { startCluster } from '../../services/dev/cluster.js';
import { startHistoryService } from '../../services/history/service.js';
import { pause, systemClock } from '../../services/platform/clock.js';
import { connectCodec } from '../../services/platform/codec/registry.js';
import { dropTopics } from '../../services/platform/log/kafka/drop-topics.js';
import { connectKafkaLog } from '../../services/platform/log/kafka/kafka-log.js';
import type { Logger } from '../../services/platform/logger.js';
import { brokersOf, Connection, type ConnectionOptions } from '../client/connection.js';
import type { Backend } from './backend.js';
import type { Teardown } from './teardown.js';

/** Fewer than where work is spread over machines: topics that are made take their time. */
const counts = { partitions: 4, replyPartitions: 2, taskPartitions: 4 };

/** A Kafka and a registry, started unless the environment names some, and a history service in this process. */
export async function startLocal(
  { namespace: asked }: { readonly namespace?: string | undefined },
  logger: Logger,
  teardown: Teardown,
): Promise<Backend> {
  const cluster = await startCluster({ logger, usualPorts: false });
  teardown.add(() => cluster.stop());
  const { brokers, registryUrl } = cluster;
  // Of its own, where others may have theirs.
  const isShared = cluster.broker === undefined;
  const namespace = asked ?? (isShared ? `local-${randomBytes(5).toString('hex')}` : 'default');
  const kafka = { brokers, clientId: 'millrace-test', logger };
  if (isShared && asked === undefined) teardown.add(() => dropTopics(kafka, `${namespace}.`));
  const codec = await connectCodec({ registryUrl, logger });
  const log = await connectKafkaLog(kafka);
  teardown.add(() => log.close());
  const service = await startHistoryService({
    ...{ log, codec, namespace, logger },
    ...(asked === undefined && counts),
    identity: 'history-service',
    standby: false,
  });
  teardown.add(() => service.stop());
  await service.settled();
  return onKafka(namespace, { brokers, schemaRegistry: registryUrl, logger });
}

/** What is there already. Nothing is made of it here, and nothing ended. */
export function onKafka(namespace: string, options: ConnectionOptions): Backend {
  return {
    namespace,
    address: brokersOf(options).join(','),
    supportsTimeSkipping: false,
    connect: () => Connection.connect({ ...options, defaultNamespace: namespace }),
    now: () => systemClock.now(),
    sleep: (ms) => pause(systemClock, ms),
  };
}
