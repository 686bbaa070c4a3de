// The whole platform in this process, over a log in memory: the same services and the same workers as on Kafka.
import { Connection, type ConnectionPlugin } from '../../sdk/client/index.js';
import { startHistoryService } from '../../services/history/service.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import { createMemoryBroker } from '../../services/platform/log/memory/memory-log.js';
import { type Logger, silentLogger } from '../../services/platform/logger.js';
import { provisionNamespace } from '../../services/platform/namespace.js';

export interface MemoryPlatform {
  /** A connection of another process, closed with the platform. */
  connect(logger?: Logger, plugins?: readonly ConnectionPlugin[]): Connection;
  close(): Promise<void>;
}

export async function openMemoryPlatform(): Promise<MemoryPlatform> {
  const broker = createMemoryBroker();
  const codec = createLocalCodec();
  const log = broker.connect();
  await provisionNamespace({ log, codec, namespace: 'default', partitions: 2, taskPartitions: 2 });
  const service = await startHistoryService({
    log,
    codec,
    namespace: 'default',
    identity: 'history',
    logger: silentLogger,
  });
  const connections: Connection[] = [];
  return {
    connect(logger = silentLogger, plugins = []) {
      const connection = Connection.over({ log: broker.connect(), codec, logger, plugins });
      connections.push(connection);
      return connection;
    },
    async close() {
      await Promise.all(connections.map((connection) => connection.close()));
      await service.stop();
    },
  };
}
