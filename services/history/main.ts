// The history service as a process. It serves until SIGTERM or SIGINT, and then gives its partitions back. When the
// broker or the registry can't be reached at start it keeps trying, and exits with 1 after the time they allow.
import { hostname, tmpdir } from 'node:os';
import { connectCodec } from '../platform/codec/registry.js';
import { readConfig } from '../platform/config.js';
import { connectKafkaLog } from '../platform/log/kafka/kafka-log.js';
import { createLogger } from '../platform/logger.js';
import { lmdbStores } from './lmdb-store.js';
import { type HistoryService, startHistoryService } from './service.js';

/** A stop that hangs, on a broker that is away, ends here. The next owners lose nothing by it. */
const STOP_TIMEOUT_MS = 15_000;

const logger = createLogger({ name: 'history' });
const identity = `history@${hostname()}#${process.pid}`;

let service: HistoryService | undefined;
let isStopping = false;

process.once('SIGTERM', () => void stop(0));
process.once('SIGINT', () => void stop(0));

try {
  await serve();
} catch (error) {
  for (const cause of error instanceof AggregateError ? error.errors : [error]) {
    logger.error('the history service could not start', { error: cause });
  }
  await stop(1);
}

async function serve(): Promise<void> {
  const {
    registryUrl,
    namespace,
    storeFolder = tmpdir(),
    sessionTimeoutMs,
    leaseMs,
    standby,
    checkStateEvery,
    ...kafka
  } = readConfig();
  const { connectTimeoutMs } = kafka;
  logger.info('connecting', { brokers: kafka.brokers, registryUrl, namespace });
  const [log, codec] = await both(
    connectKafkaLog({ ...kafka, clientId: identity, logger }),
    connectCodec({ registryUrl, logger, ...(connectTimeoutMs !== undefined && { connectTimeoutMs }) }),
  );
  const onFailed = () => void stop(1);
  const failover = {
    ...(sessionTimeoutMs !== undefined && { sessionTimeoutMs }),
    ...(leaseMs !== undefined && { leaseMs }),
    ...(standby !== undefined && { standby }),
  };
  const openStore = await lmdbStores(storeFolder);
  if (openStore === undefined) logger.warn('there is no LMDB for this machine: all open workflows stay in memory');
  const options = { log, codec, namespace, identity, logger, checkStateEvery, onFailed, openStore, ...failover };
  service = await startHistoryService(options);
  await service.settled();
  if (isStopping) return;
  // For whoever started this process: everything else is said on stderr.
  const facts = { event: 'serving', namespace, identity, pid: process.pid, partitions: service.serving };
  process.stdout.write(`${JSON.stringify(facts)}\n`);
}

/** Rejects once both have ended, with an AggregateError of what went wrong: whoever mends one should know of the other. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === 'fulfilled' && b.status === 'fulfilled') return [a.value, b.value];
  throw new AggregateError([a, b].flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])));
}

async function stop(code: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
  try {
    await service?.stop();
  } catch (error) {
    logger.error('stopping failed', { error });
    process.exit(1);
  }
  process.exit(code);
}
