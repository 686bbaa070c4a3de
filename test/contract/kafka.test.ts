import { connectKafkaLog } from '../../services/platform/log/kafka/kafka-log.js';
import { silentLogger } from '../../services/platform/logger.js';
import { brokers } from './brokers.js';
import { describeLog } from './log-contract.js';

describeLog('log on Kafka', {
  connect: () => connectKafkaLog({ brokers: brokers(), clientId: 'contract', logger: silentLogger }),
});
