import { createMemoryBroker } from '../../services/platform/log/memory/memory-log.js';
import { describeLog } from './log-contract.js';

const broker = createMemoryBroker();

describeLog('log in memory', { connect: async () => broker.connect() });
