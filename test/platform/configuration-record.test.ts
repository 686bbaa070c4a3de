import { expect, test } from 'vitest';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import { readConfiguration } from '../../services/platform/configuration-record.js';
import type { Log } from '../../services/platform/log/log.js';
import { createMemoryBroker } from '../../services/platform/log/memory/memory-log.js';
import { provisionNamespace } from '../../services/platform/namespace.js';
import { topicsOf } from '../../services/platform/topics.js';
import { ManualClock } from '../history/manual-clock.js';

test('a broker that is away while the reader is placed is an error of the call, and of nothing else', async () => {
  const [log, codec, clock] = [createMemoryBroker().connect(), createLocalCodec(), new ManualClock()];
  await provisionNamespace({ log, codec, namespace: 'ns', partitions: 1 });
  let placing = () => {};
  const isPlacing = new Promise<void>((resolve) => {
    placing = resolve;
  });
  const away: Log = {
    ...log,
    offsets: (source) => log.offsets(source),
    partitionCount: (topic) => log.partitionCount(topic),
    reader: (onRecords) => ({
      ...log.reader(onRecords),
      assign() {
        placing();
        return new Promise(() => {});
      },
      close: async () => {},
    }),
  };
  const reading = readConfiguration(away, codec, topicsOf('ns'), clock);
  await isPlacing;
  clock.advance(30_000);
  await expect(reading).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
});
