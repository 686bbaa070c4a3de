import { afterAll, beforeAll, describe } from 'vitest';
import type { Log } from '../../services/platform/log/log.js';
import { describeFencing } from './appender-contract.js';
import { describeGroups } from './group-contract.js';
import { describeProducer } from './producer-contract.js';
import { describeReader } from './reader-contract.js';
import { describeTopics } from './topic-contract.js';

/** How a form of the log is reached. Each connection is as good as another process. */
export interface LogForm {
  readonly connect: () => Promise<Log>;
}

/** What every form of the log does alike. */
export function describeLog(name: string, form: LogForm): void {
  describe(name, () => {
    let log: Log;
    let other: Log;

    beforeAll(async () => {
      log = await form.connect();
      other = await form.connect();
    });

    afterAll(async () => {
      await Promise.all([log.close(), other.close()]);
    });

    const logs = () => ({ log, other });
    describeTopics(logs);
    describeFencing(logs);
    describeProducer(logs);
    describeReader(logs);
    describeGroups(logs);
  });
}
