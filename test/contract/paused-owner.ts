// An owner in a process of its own, to be paused and resumed: appends until it is refused. Says on stdout what it does.

import { connectKafkaLog } from '../../services/platform/log/kafka/kafka-log.js';
import { silentLogger } from '../../services/platform/logger.js';

const [brokers = '', topic = ''] = process.argv.slice(2);
const log = await connectKafkaLog({ brokers: brokers.split(','), clientId: 'paused-owner', logger: silentLogger });
const appender = await log.fencedAppender({ topic, partition: 0, transactionalId: topic });
try {
  for (let i = 0; ; i++) {
    await appender.append([{ key: null, value: Buffer.from(`old-${i}`) }]);
    console.log('appended');
  }
} catch (error) {
  console.log(Reflect.get(Object(error), 'code'));
}
await log.close();
