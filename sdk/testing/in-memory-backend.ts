// The platform in the test's own process: the services as they are, over the log in memory, with a clock that skips.
import { startHistoryService } from '../../services/history/service.js';
import type { Codec } from '../../services/platform/codec/codec.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import { createMemoryBroker } from '../../services/platform/log/memory/memory-log.js';
import type { Logger } from '../../services/platform/logger.js';
import { SkippingClock } from '../../services/platform/skipping-clock.js';
import { Connection } from '../client/connection.js';
import type { Backend } from './backend.js';
import type { Teardown } from './teardown.js';
import { TimeSkipper } from './time-skipper.js';

const namespace = 'default';

/** Several, so that workflows that talk to each other do it across partitions, as anywhere. */
const counts = { partitions: 4, replyPartitions: 2, taskPartitions: 4 };

/** A closed workflow can be described however far time is skipped. */
const CENTURY_MS = 100 * 365 * 24 * 60 * 60 * 1000;

/** There is no other service that would have to notice the end of this one. */
const LEASE_MS = 10 * 60 * 1000;

/** Made once a process, since to compile its schemas takes the longest of all. */
let codec: Codec | undefined;

export async function startInMemory(logger: Logger, teardown: Teardown): Promise<Backend> {
  codec ??= createLocalCodec();
  const ports = { codec, logger };
  const clock = new SkippingClock();
  const broker = createMemoryBroker({ now: () => clock.now(), onAppended: () => time.lookSoon() });
  const time: TimeSkipper = new TimeSkipper({ clock, tasksOut: () => service.tasksOut, logger });
  const log = broker.connect();
  teardown.add(() => log.close());
  const service = await startHistoryService({
    ...ports,
    ...counts,
    log,
    namespace,
    identity: 'history-service',
    workflowClock: clock,
    closedRetentionMs: CENTURY_MS,
    leaseMs: LEASE_MS,
    standby: false,
  });
  teardown.add(() => service.stop());
  teardown.add(() => time.close());
  await service.settled();
  return {
    namespace,
    address: 'in-memory',
    supportsTimeSkipping: true,
    connect: async () => {
      const surroundings = { workflowClock: clock, whileAwaitingResult: time.during };
      return Connection.over({ ...ports, ...surroundings, log: broker.connect() });
    },
    now: () => clock.now(),
    sleep: (ms) => time.sleep(ms),
  };
}
