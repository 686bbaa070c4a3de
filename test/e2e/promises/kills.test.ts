// Promise: state is followed without a gap and survives any process dying, servers and the broker included.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from 'millrace/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedEffects, expectedOutcome } from '../../../examples/orders/expected-outcome.js';
import type { Order } from '../../../examples/orders/order.js';
import { readOrderFile } from '../../../examples/orders/read-orders.js';
import type { LedgerEntry } from '../../../examples/orders/services/ledger.js';
import { type HandledOrder, startOrders } from '../../../examples/orders/start-orders.js';
import { type Cluster, startCluster } from '../../../services/dev/cluster.js';
import { connectCodec } from '../../../services/platform/codec/registry.js';
import { silentLogger } from '../../../services/platform/logger.js';
import { connectTestLog, newNamespace } from '../../kit/kit.js';
import { type SpawnedProcess, spawnHistoryService, spawnWorker } from '../../kit/processes.js';
import { ThreeBrokers } from '../../kit/three-brokers.js';
import { flaws, readRuns } from './namespace-history.js';

const ROUNDS = 5;
const LONGEST_PAUSE_MS = 1_500;
/** How long the orders may take after the last kill. */
const LONGEST_REST_MS = 150_000;
const seed = Number(process.env.KILLS_SEED ?? Math.floor(Math.random() * 1e9));

// A broker of its own, since it dies here. With KILLS_BROKERS=3 there are three, and one after the other dies.
let cluster: Cluster;
let ledgerDirectory: string;

beforeAll(async () => {
  cluster =
    process.env.KILLS_BROKERS === '3'
      ? await ThreeBrokers.start()
      : await startCluster({ logger: silentLogger, usualPorts: false, reuse: false });
  ledgerDirectory = await mkdtemp(join(tmpdir(), 'millrace-ledger-'));
});

afterAll(async () => {
  await cluster?.stop();
  await rm(ledgerDirectory, { recursive: true, force: true });
});

describe('300 orders under way', () => {
  it(`end as they should while history services, workers and the broker are killed (KILLS_SEED=${seed})`, async () => {
    const random = randomFrom(seed);
    const pause = () => delay(random() * LONGEST_PAUSE_MS);
    const { brokers, registryUrl } = cluster;
    if (cluster.broker === undefined) throw new Error('the broker of this test is not ours to kill');
    const target = { namespace: newNamespace(), brokers, registryUrl, env: { MILLRACE_LOG_LEVEL: 'error' } };
    const startHistory = () => spawnHistoryService({ ...target, waitUntilReady: false });
    const startWorker = () =>
      spawnWorker({
        ...target,
        script: 'dist/examples/orders/worker.js',
        env: { ...target.env, ORDERS_LEDGER_DIR: ledgerDirectory },
        waitUntilReady: false,
      });
    await (await spawnHistoryService(target)).kill('SIGTERM');
    const services = [keepRunning(startHistory), keepRunning(startHistory)];
    const workers = [keepRunning(startWorker), keepRunning(startWorker)];
    const connection = await Connection.connect({ brokers, schemaRegistry: registryUrl, logger: silentLogger });
    const client = new Client({ connection, namespace: target.namespace });
    const { orders } = await readOrderFile('examples/orders/data/orders.jsonl');

    const handled: Promise<readonly HandledOrder[]>[] = [];
    const perRound = Math.ceil(orders.length / ROUNDS);
    for (let round = 0; round < ROUNDS; round++) {
      const share = orders.slice(round * perRound, (round + 1) * perRound);
      handled.push(startOrders({ client, orders: share, concurrency: share.length }));
      await pause();
      await services[Math.floor(random() * services.length)]?.kill();
      await pause();
      await workers[Math.floor(random() * workers.length)]?.kill();
      await pause();
      const { broker } = cluster;
      await broker?.kill('SIGKILL');
      await pause();
      await broker?.restart();
    }
    const results = await allHandled(handled, () => stuckOrders(client, orders));
    await connection.close();
    for (const { stop } of [...services, ...workers]) stop();

    expect(results).toHaveLength(orders.length);
    for (const { order, outcome } of results) expect(outcome, order.id).toEqual(expectedOutcome(order));

    const log = await connectTestLog(brokers);
    const codec = await connectCodec({ registryUrl, logger: silentLogger });
    const runs = await readRuns(log, codec, target.namespace);
    expect(runs.size).toBe(orders.length);
    for (const [runId, events] of runs) expect(flaws(events), runId).toEqual([]);

    const effects = await readEffects();
    for (const { order } of results) {
      // Each effect was had, and none that the order's outcome doesn't call for. Attempts may repeat, by their key.
      expect(effects.get(order.id) ?? new Set(), order.id).toEqual(new Set(expectedEffects(order)));
    }
  }, 600_000);
});

/** Waits for the orders to be handled; where that takes too long, says what the rest wait for. */
async function allHandled(
  handled: ReadonlyArray<Promise<readonly HandledOrder[]>>,
  describeRest: () => Promise<string>,
): Promise<HandledOrder[]> {
  const giveUp = new AbortController();
  const late = delay(LONGEST_REST_MS, undefined, { signal: giveUp.signal }).then(async () => {
    throw new Error(`orders are stuck:\n${await describeRest()}`);
  });
  try {
    return (await Promise.race([Promise.all(handled), late])).flat();
  } finally {
    giveUp.abort();
    late.catch(() => {});
  }
}

async function stuckOrders(client: Client, orders: readonly Order[]): Promise<string> {
  const lines = await Promise.all(
    orders.map(async ({ id }) => {
      try {
        const { status, raw } = await client.workflow.getHandle(`order-${id}`).describe();
        return status.name === 'RUNNING' ? `${id} ${JSON.stringify(raw)}` : '';
      } catch (error) {
        return `${id} ${error}`;
      }
    }),
  );
  return lines.filter((line) => line !== '').join('\n');
}

/** Keeps a process up, as an orchestrator does: killed, or given up by itself for want of a broker, it is started anew. */
function keepRunning(start: () => Promise<SpawnedProcess>): { kill(): Promise<void>; stop(): void } {
  let stopped = false;
  let current = start();
  const supervise = async () => {
    while (!stopped) {
      await (await current).exited;
      if (!stopped) current = start();
    }
  };
  void supervise();
  return {
    kill: async () => (await current).kill('SIGKILL'),
    stop: () => {
      stopped = true;
    },
  };
}

async function readEffects(): Promise<Map<string, Set<string>>> {
  const effects = new Map<string, Set<string>>();
  const text = await readFile(join(ledgerDirectory, 'effects.jsonl'), 'utf8');
  for (const line of text.trimEnd().split('\n')) {
    const { effect, idempotencyKey } = JSON.parse(line) as LedgerEntry;
    effects.set(idempotencyKey, (effects.get(idempotencyKey) ?? new Set()).add(effect));
  }
  return effects;
}

function randomFrom(start: number): () => number {
  let state = start % 2147483647 || 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
