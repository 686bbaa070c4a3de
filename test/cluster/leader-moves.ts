import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FencedAppender, Log } from '../../services/platform/log/log.js';
import { newTopic, readAll, record } from '../contract/contract-kit.js';
import { connectTestLog } from '../kit/kit.js';
import type { ThreeBrokers } from '../kit/three-brokers.js';
import { isThorough, thoroughness } from './thoroughness.js';

const MOVES = 12 * thoroughness;
const KILLS = thoroughness;
const PAUSES = thoroughness;

/** H1 where it is hardest to hold: a new leader knows of the new owner only by what that one has written. */
export function describeLeaderMoves(cluster: () => ThreeBrokers): void {
  describe('when the leader moves between a takeover and its first append', () => {
    it(`H1: the old owner is refused by the new leader (${MOVES} moves)`, async () => {
      const { before, after } = await twoLogs(cluster());
      for (let trial = 0; trial < MOVES; trial++) {
        const { topic, old, next } = await openTwice(before, after);
        await cluster().moveLeader(topic, 0);
        // Until the new owner has written, the old one may: half of the trials let it.
        if (trial % 2 === 0) await old.append([record('last')]);
        await next.append([record('claim')]);
        await refused(old);
        await next.append([record('new')]);
        const written = trial % 2 === 0 ? ['old', 'last', 'claim', 'new'] : ['old', 'claim', 'new'];
        expect(await readAll(after, { topic, partition: 0 })).toEqual(written);
      }
    });

    it.runIf(isThorough)(`H1: also when the leader is killed (${KILLS} kills)`, async () => {
      const { before, after } = await twoLogs(cluster());
      for (let trial = 0; trial < KILLS; trial++) {
        const { topic, old, next } = await openTwice(before, after);
        const leader = cluster().node(await cluster().leaderOf(topic, 0));
        await leader.kill('SIGKILL');
        await next.append([record('claim')]);
        await refused(old);
        await leader.restart();
        await cluster().whole();
        expect(await readAll(after, { topic, partition: 0 })).toEqual(['old', 'claim']);
      }
    });

    it(`H1: also when the leader is paused with the old owner's batch in its hands, and wakes up (${PAUSES} pauses)`, async () => {
      const { before, after } = await twoLogs(cluster());
      for (let trial = 0; trial < PAUSES; trial++) {
        const { topic, old, next } = await openTwice(before, after);
        const leader = cluster().node(await cluster().leaderOf(topic, 0));
        await leader.kill('SIGSTOP');
        // It goes to the paused leader, and to the next one too when the paused one is given up: there it may be in time.
        const isInTime = old.append([record('in time')]).then(
          () => true,
          () => false,
        );
        await next.append([record('claim')]);
        await leader.kill('SIGCONT');
        const written = (await isInTime) ? ['old', 'in time', 'claim', 'new'] : ['old', 'claim', 'new'];
        await refused(old);
        await next.append([record('new')]);
        await cluster().whole();
        expect(await readAll(after, { topic, partition: 0 })).toEqual(written);
      }
    });
  });
}

async function twoLogs(cluster: ThreeBrokers): Promise<{ readonly before: Log; readonly after: Log }> {
  return { before: await connectTestLog(cluster.brokers), after: await connectTestLog(cluster.brokers) };
}

/** Two owners of a new topic's partition: the old one has written, the new one has its epoch and hasn't. */
async function openTwice(before: Log, after: Log) {
  const topic = await newTopic(before);
  const target = { topic, partition: 0, transactionalId: `${topic}-${randomUUID()}` };
  const old = await before.fencedAppender(target);
  await old.append([record('old')]);
  return { topic, old, next: await after.fencedAppender(target) };
}

async function refused(appender: FencedAppender): Promise<void> {
  await expect(appender.append([record('late')])).rejects.toMatchObject({ code: 'LOG_FENCED' });
}
