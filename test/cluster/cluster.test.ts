// The log and the whole platform on three brokers, of which any one may die, hang, run full or be cut off. They are
// started once, and so is the platform on them. CLUSTER_THOROUGHNESS=n tries everything n times over, and some more.
import { afterAll, beforeAll, describe } from 'vitest';
import { connectKafkaLog } from '../../services/platform/log/kafka/kafka-log.js';
import { silentLogger } from '../../services/platform/logger.js';
import { describeLog } from '../contract/log-contract.js';
import { ThreeBrokers } from '../kit/three-brokers.js';
import { describeCutBetweenBrokers } from './cut-between-brokers.js';
import { describeFullDisk } from './full-disk.js';
import { describeHungBroker } from './hung-broker.js';
import { describeKillsAndPauses } from './killed-and-paused.js';
import { describeLeaderMoves } from './leader-moves.js';
import { Platform } from './platform.js';
import { describeSpoiltNetworks } from './spoilt-networks.js';
import { isThorough } from './thoroughness.js';

describe('on three brokers', () => {
  let started: ThreeBrokers | undefined;

  beforeAll(async () => {
    started = await ThreeBrokers.start();
  });

  afterAll(async () => {
    await started?.stop();
  });

  const cluster = (): ThreeBrokers => running(started);
  describeLeaderMoves(cluster);
  describeHungBroker(cluster);
  if (isThorough) {
    const connect = () => connectKafkaLog({ brokers: cluster().brokers, clientId: 'contract', logger: silentLogger });
    describeLog('the log', { connect });
  }

  describe('the platform', () => {
    let served: Platform | undefined;

    beforeAll(async () => {
      served = await Platform.start(cluster());
    });

    afterAll(async () => {
      await served?.stop();
    });

    const platform = (): Platform => running(served);
    describeKillsAndPauses(platform);
    describeSpoiltNetworks(platform);
    describeCutBetweenBrokers(platform);
    describeFullDisk(platform);
  });
});

function running<T>(started: T | undefined): T {
  if (started === undefined) throw new Error('it has not started');
  return started;
}
