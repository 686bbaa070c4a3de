import { expect, it } from 'vitest';
import { newTopic, readAll, record } from '../contract/contract-kit.js';
import { connectTestLog } from '../kit/kit.js';
import type { ThreeBrokers } from '../kit/three-brokers.js';

export function describeHungBroker(cluster: () => ThreeBrokers): void {
  it('a broker that hangs is given up once the cluster has, however long a request may take', async () => {
    const { brokers } = cluster();
    const direct = await connectTestLog(brokers);
    const topic = await newTopic(direct);
    const hung = cluster().node(await cluster().leaderOf(topic, 0));
    // The one that hangs is the one to begin with, and nobody ever gives a request up for its time.
    const others = brokers.filter((broker) => broker !== hung.address);
    const log = await connectTestLog([hung.address, ...others], { requestTimeoutMs: 600_000 });
    const target = { topic, partition: 0 };
    const appender = await log.fencedAppender({ ...target, transactionalId: topic });
    const producer = log.producer({ timeoutMs: 600_000 });
    await appender.append([record('appended')]);
    await producer.send(target, [record('sent')]);
    await hung.kill('SIGSTOP');
    try {
      await appender.append([record('appended again')]);
      await producer.send(target, [record('sent again')]);
      const expected = ['appended', 'sent', 'appended again', 'sent again'];
      expect(await readAll(log, target)).toEqual(expected);
    } finally {
      await hung.kill('SIGCONT');
    }
    await cluster().whole();
  }, 60_000);
}
