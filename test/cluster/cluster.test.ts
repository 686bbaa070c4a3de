// The log and the whole platform on three brokers, of which any one may die, hang, run full or be cut off.
import { afterAll, beforeAll, describe } from 'vitest';
import { ThreeBrokers } from '../kit/three-brokers.js';
import { describeFullDisk } from './full-disk.js';
import { describeHungBroker } from './hung-broker.js';
import { describeKillsAndPauses } from './killed-and-paused.js';
import { describeLeaderMoves } from './leader-moves.js';
import { describeSpoiltNetworks } from './spoilt-networks.js';

describe('on three brokers', () => {
  let started: ThreeBrokers | undefined;

  beforeAll(async () => {
    started = await ThreeBrokers.start();
  });

  afterAll(async () => {
    await started?.stop();
  });

  const cluster = (): ThreeBrokers => {
    if (started === undefined) throw new Error('the cluster has not started');
    return started;
  };

  describeLeaderMoves(cluster);
  describeHungBroker(cluster);
  describeKillsAndPauses(cluster);
  describeSpoiltNetworks(cluster);
  describeFullDisk(cluster);
});
