import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { GuardedChild } from '../services/dev/child-process.js';
import { until } from '../services/dev/until.js';
import type { Codec } from '../services/platform/codec/codec.js';
import { connectCodec } from '../services/platform/codec/registry.js';
import type { LogRecord, NewRecord } from '../services/platform/log/log.js';
import { silentLogger } from '../services/platform/logger.js';
import { partitionOf } from '../services/platform/partitioner.js';
import { topicsOf } from '../services/platform/topics.js';
import type { Samples } from './measurement.js';
import { percentile } from './percentile.js';
import type { Rig } from './rig.js';
import { putToSleep, startSleeper } from './sleeping-workflow.js';

const PARTITIONS = 8;

/** Workflows whose commands are sent together. */
const AT_ONCE = 500;

/** Timers that fire, and how many of them in a second. */
const FIRING = 40_000;
const FIRING_PER_SECOND = 2_000;

/** Workflows opened a second, at the least: how long before they fire the timers that fire have to be started. */
const OPENED_PER_SECOND = 2_500;

const SLEEP_MS = 24 * 60 * 60 * 1000;
const PATIENCE_MS = 30 * 60 * 1000;

/**
 * Opens workflows that sleep, by their commands alone and without a worker, with one history service: what it takes of
 * memory, how late the timers of those opened first fire when all the others are open, and how long another service
 * takes to serve all of them when it is killed. The samples are the timers' delays, up to where a reader of history
 * sees them; the rest is said on the way.
 */
export async function openWorkflows(rig: Rig, open: number): Promise<Samples> {
  const namespace = `open-${randomUUID().slice(0, 8)}`;
  const codec = await connectCodec({ registryUrl: rig.registryUrl, logger: silentLogger });
  const load = new Load(rig, codec, namespace);
  const begin = performance.now();
  let service = await startService(rig, namespace);
  try {
    await load.watch();
    const firing = Math.min(FIRING, open / 2);
    const firstFiresAt = Date.now() + (open / OPENED_PER_SECOND) * 1_000;
    await load.open('firing', firing, (index) => firstFiresAt + (index * 1_000) / FIRING_PER_SECOND);
    await load.open('sleeping', open - firing, () => Date.now() + SLEEP_MS);
    await waitFor('all workflows to be open', () => load.started >= open);
    const seconds = (performance.now() - begin) / 1_000;
    console.error(`${open} open after ${seconds.toFixed(0)} s, ${memoryOf(service)}`);
    if (Date.now() > firstFiresAt)
      console.error('not all were open when the first timers fired: the delays tell little');
    await waitFor('the timers', () => load.delaysMs.length >= firing);
    const [p50, p99] = [percentile(load.delaysMs, 0.5), percentile(load.delaysMs, 0.99)];
    console.error(`timers fired ${p50} ms late at p50, ${p99} ms at p99; ${memoryOf(service)}`);

    const killedAt = performance.now();
    service.kill('SIGKILL');
    await service.exited;
    service = await startService(rig, namespace);
    const takeoverMs = performance.now() - killedAt;
    console.error(`served by another after ${(takeoverMs / 1_000).toFixed(1)} s, ${memoryOf(service)}`);
    return { samplesMs: load.delaysMs, totalMs: performance.now() - begin, operations: open };
  } finally {
    service.kill('SIGTERM');
    await service.exited;
    await load.close();
  }
}

async function startService(rig: Rig, namespace: string): Promise<GuardedChild> {
  return rig.startHistoryService(namespace, (line) => {
    if (!line.startsWith('{')) return;
    const { time, msg, level, partition, runs, chunks, runBytes, tookMs } = JSON.parse(line);
    if (level > 30) console.error(line);
    if (msg === 'partition served') console.error(`  ${JSON.stringify({ time, msg, partition, runs })}`);
    if (msg === 'snapshot written')
      console.error(`  ${JSON.stringify({ time, msg, partition, chunks, runBytes, tookMs })}`);
  });
}

/** What a process has in memory: all of it, and that part which is not of files, as the local store's pages are. */
function memoryOf({ pid }: GuardedChild): string {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
  return `resident ${megabytes('VmRSS')} MB, of which ${megabytes('RssAnon')} MB are its own and not the store's pages`;
}

class Load {
  /** Workflows that sleep by now. */
  started = 0;
  /** How late each timer was seen to fire. */
  readonly delaysMs: number[] = [];
  readonly #rig: Rig;
  readonly #codec: Codec;
  readonly #topics;
  readonly #producer;
  readonly #reader;
  readonly #fireAt = new Map<string, number>();

  constructor(rig: Rig, codec: Codec, namespace: string) {
    this.#rig = rig;
    this.#codec = codec;
    this.#topics = topicsOf(namespace);
    this.#producer = rig.log.producer();
    this.#reader = this.#rig.log.reader((_source, records) => this.#see(records));
  }

  async watch(): Promise<void> {
    const { history: topic } = this.#topics;
    for (let partition = 0; partition < PARTITIONS; partition++) {
      await this.#reader.assign({ topic, partition }, 'earliest');
    }
  }

  /** Sends what opens workflows that sleep until a time each. */
  async open(name: string, count: number, wakesAt: (index: number) => number): Promise<void> {
    for (let first = 0; first < count; first += AT_ONCE) {
      const batches = Array.from({ length: PARTITIONS }, (): NewRecord[] => []);
      for (let index = first; index < Math.min(first + AT_ONCE, count); index++) {
        const workflowId = `${name}-${index}`;
        const key = Buffer.from(workflowId);
        const sleepMs = Math.max(1, Math.round(wakesAt(index) - Date.now()));
        for (const command of [startSleeper(workflowId), putToSleep(workflowId, sleepMs)]) {
          batches[partitionOf(workflowId, PARTITIONS)]?.push({ key, value: this.#codec.encode(command) });
        }
      }
      const { commands: topic } = this.#topics;
      await Promise.all(
        batches.map((records, partition) => records.length > 0 && this.#producer.send({ topic, partition }, records)),
      );
      // Not further ahead of the service than it takes to keep it busy.
      await waitFor('the service to keep up', () => this.started >= first - 20_000);
    }
  }

  async close(): Promise<void> {
    await this.#reader.close();
    await this.#producer.close();
  }

  /** A workflow has five events until it sleeps; of those that fire, the fifth and sixth are looked at. */
  #see(records: readonly LogRecord[]): void {
    const seenAt = Date.now();
    for (const { key, value } of records) {
      if (key === null || value === null) continue;
      this.#events += 1;
      if (key[0] !== FIRING_KEY) continue;
      const event = this.#codec.decode(value);
      if (event.type === 'TimerStarted')
        this.#fireAt.set(event.header.workflowId, event.header.eventTime + event.startToFireTimeoutMs);
      if (event.type === 'TimerFired')
        this.delaysMs.push(seenAt - (this.#fireAt.get(event.header.workflowId) ?? Infinity));
    }
    this.started = Math.floor(this.#events / EVENTS_UNTIL_ASLEEP);
  }

  #events = 0;
}

const FIRING_KEY = 'f'.charCodeAt(0);
const EVENTS_UNTIL_ASLEEP = 5;

async function waitFor(what: string, isMet: () => boolean): Promise<void> {
  if (isMet()) return;
  const met = await until(() => isMet() || undefined, { timeoutMs: PATIENCE_MS });
  if (!met) throw new Error(`waited in vain for ${what}`);
}
