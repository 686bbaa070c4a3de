// History services as processes of their own, on a real Kafka, whose group would wait for a dead one for longer than
// this test may take: what goes on after a SIGKILL or a SIGSTOP goes on by the leases.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Command, CommandHeader, Message } from '../../schemas/generated/messages.js';
import type { Codec } from '../../services/platform/codec/codec.js';
import { connectCodec } from '../../services/platform/codec/registry.js';
import type { Log, Producer, Reader } from '../../services/platform/log/log.js';
import { silentLogger } from '../../services/platform/logger.js';
import { provisionNamespace } from '../../services/platform/namespace.js';
import { partitionOf } from '../../services/platform/partitioner.js';
import { topicsOf } from '../../services/platform/topics.js';
import { startBody } from '../core/scenario.js';
import { connectTestLog, eventually, newNamespace } from '../kit/kit.js';
import { type SpawnedProcess, spawnHistoryService } from '../kit/processes.js';

const PARTITIONS = 8;
/** Between two workflows started in the background. */
const EVERY_MS = 20;

let log: Log;
let codec: Codec;
let producer: Producer;

beforeAll(async () => {
  log = await connectTestLog();
  codec = await connectCodec({ registryUrl: inject('registryUrl'), logger: silentLogger });
  producer = log.producer();
});

afterAll(() => producer?.close());

/** A namespace in which workflows are started all the time. */
class Traffic {
  readonly namespace = newNamespace();
  readonly sent: string[] = [];
  readonly started: string[] = [];
  /** The owner's identity at each claim of a partition. */
  readonly claims = new Map<number, string[]>();
  readonly #topics = topicsOf(this.namespace);
  readonly #reader: Reader = log.reader((_source, records) => {
    for (const { value } of records) if (value !== null) this.#note(codec.decode(value));
  });
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<unknown>[] = [];

  async begin(): Promise<void> {
    await provisionNamespace({ log, codec, namespace: this.namespace, partitions: PARTITIONS });
    for (let partition = 0; partition < PARTITIONS; partition++) {
      await this.#reader.assign({ topic: this.#topics.history, partition }, 'earliest');
    }
    this.#timer = setInterval(() => this.#start(`w${this.sent.length}`), EVERY_MS);
  }

  /** Ends the load. Resolves once all is sent. */
  async rest(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#sending);
  }

  async close(): Promise<void> {
    await this.rest();
    await this.#reader.close();
  }

  /** Resolves once workflows that are started from now on are under way on all partitions. */
  async goesOn(): Promise<void> {
    const first = this.sent.length;
    const at = (ids: readonly string[]) => new Set(ids.map((id) => partitionOf(id, PARTITIONS))).size;
    await eventually(() => {
      expect(at(this.started.filter((id) => Number(id.slice(1)) >= first))).toBe(PARTITIONS);
    });
  }

  /** The partitions whose latest claim is of this process. */
  ownedBy({ pid }: SpawnedProcess): number[] {
    return [...this.claims].filter(([, owners]) => owners.at(-1)?.endsWith(`#${pid}`)).map(([partition]) => partition);
  }

  #start(workflowId: string): void {
    const identity = { requestId: `start-${workflowId}`, runId: `run-of-${workflowId}`, identity: 'test' };
    const header: CommandHeader = { ...identity, workflowId, sentAt: 0, replyTo: null };
    const command: Command = { type: 'StartWorkflow', ...startBody, header };
    const target = { topic: this.#topics.commands, partition: partitionOf(workflowId, PARTITIONS) };
    this.sent.push(workflowId);
    this.#sending.push(producer.send(target, [{ key: Buffer.from(workflowId), value: codec.encode(command) }]));
  }

  #note(event: Message): void {
    if (event.type === 'WorkflowExecutionStarted') this.started.push(event.header.workflowId);
    if (event.type !== 'PartitionOwnerClaimed') return;
    this.claims.set(event.partition, [...(this.claims.get(event.partition) ?? []), event.identity]);
  }
}

/** Starts so many services, one after the other, and waits until each has its share. */
async function startServices(traffic: Traffic, count: number, sessionTimeoutMs: number): Promise<SpawnedProcess[]> {
  const services: SpawnedProcess[] = [];
  const env = { MILLRACE_SESSION_TIMEOUT_MS: String(sessionTimeoutMs) };
  for (let index = 0; index < count; index++) {
    services.push(await spawnHistoryService({ namespace: traffic.namespace, env }));
  }
  const share = Math.floor(PARTITIONS / count);
  await eventually(() => {
    for (const service of services) expect(traffic.ownedBy(service).length).toBeGreaterThanOrEqual(share);
  });
  return services;
}

describe('under load, with a group that waits for its members for minutes', () => {
  it('one service after the other is killed, and the rest go on with all partitions; nothing is lost or doubled', async () => {
    const traffic = new Traffic();
    await traffic.begin();
    const services = await startServices(traffic, 3, 300_000);
    await traffic.goesOn();
    while (services.length > 1) {
      const [oldest] = services.splice(0, 1);
      await oldest?.kill('SIGKILL');
      await traffic.goesOn();
    }
    await traffic.rest();
    await eventually(() => expect(traffic.started.length).toBe(traffic.sent.length));
    expect([...traffic.started].sort()).toEqual([...traffic.sent].sort());
    await traffic.close();
  });

  it('one that is stopped for a while and goes on lets go of what others took over, and gets a share again', async () => {
    const traffic = new Traffic();
    await traffic.begin();
    const [a, b] = await startServices(traffic, 2, 300_000);
    if (a === undefined || b === undefined) throw new Error('two were started');
    await b.kill('SIGSTOP');
    await eventually(() => expect(traffic.ownedBy(a).length).toBe(PARTITIONS));
    await traffic.goesOn();
    await b.kill('SIGCONT');
    await eventually(() => expect(traffic.ownedBy(b).length).toBe(PARTITIONS / 2));
    await traffic.goesOn();
    const claims = new Map(traffic.claims);
    await traffic.goesOn();
    expect(traffic.claims).toEqual(claims);
    await traffic.rest();
    await eventually(() => expect(traffic.started.length).toBe(traffic.sent.length));
    expect([...traffic.started].sort()).toEqual([...traffic.sent].sort());
    await traffic.close();
  });
});
