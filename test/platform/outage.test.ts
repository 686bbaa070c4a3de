import { describe, expect, it } from 'vitest';
import { Outage } from '../../services/platform/log/kafka/outage.js';
import { silentLogger } from '../../services/platform/logger.js';

function watched() {
  const said: string[] = [];
  const clock = { now: 0 };
  const logger = { ...silentLogger, warn: (message: string) => said.push(`${clock.now} ${message.slice(0, 19)}`) };
  return { said, clock, outage: new Outage(logger, ['a:1', 'b:2'], () => clock.now) };
}

describe('an outage', () => {
  it('is told of once it has lasted, now and then while it lasts, and at its end', () => {
    const { said, clock, outage } = watched();
    for (clock.now = 0; clock.now <= 20_000; clock.now += 500) outage.noticed('refused');
    outage.over();
    expect(said).toEqual(['2000 no Kafka broker ans', '17000 no Kafka broker ans', '20500 Kafka answers again']);
  });

  it('that is over at once is not told of, and does not count for the next', () => {
    const { said, clock, outage } = watched();
    for (let time = 0; time < 60_000; time += 3_000) {
      clock.now = time;
      outage.noticed('refused');
      outage.over();
    }
    expect(said).toEqual([]);
  });
});
