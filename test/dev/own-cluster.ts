// A process with an embedded Kafka and registry, for a test that kills it.
import { startCluster } from '../../services/dev/cluster.js';
import { silentLogger } from '../../services/platform/logger.js';

const { brokers, registryUrl, broker } = await startCluster({ logger: silentLogger, reuse: false, usualPorts: false });
console.log(JSON.stringify({ event: 'started', brokers, registryUrl, brokerPid: broker?.pid }));
