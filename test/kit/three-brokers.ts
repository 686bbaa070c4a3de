// A cluster of three Kafka nodes and a registry. Each record is on three of them, and confirmed once two have it; each
// node is a process that a test may kill, pause and start again.

import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Admin, type ITopicMetadata, Kafka, logLevel } from 'kafkajs';
import { kafkaArtifact, registryArtifact, resolveArtifact } from '../../services/dev/artifacts.js';
import type { BrokerProcess, Cluster } from '../../services/dev/cluster.js';
import { consoleLogger } from '../../services/dev/console-logger.js';
import { findJava } from '../../services/dev/java.js';
import { KafkaBroker, newClusterId } from '../../services/dev/kafka-broker.js';
import { type KafkaNode, recordsFolder } from '../../services/dev/kafka-settings.js';
import { createOwnedFolder } from '../../services/dev/owned-folder.js';
import { freePort } from '../../services/dev/ports.js';
import { type SchemaRegistry, startSchemaRegistry } from '../../services/dev/schema-registry.js';
import { silentLogger } from '../../services/platform/logger.js';
import { eventually } from './kit.js';
import { SmallDisk, unmountAbandoned } from './small-disk.js';
import { TcpProxy } from './tcp-proxy.js';

const NODES = 3;
const FOLDER_NAME = 'millrace-three';

/** Nodes whose records are on a disk of their own, which can be filled. */
const ON_SMALL_DISKS = [2, 3];

/** Room for the records of these tests, and little more. */
const SMALL_DISK_MB = 256;

/** Allows for an election, a restart and a replica that catches up, on a slow machine. */
const PATIENCE_MS = 90_000;

export class ThreeBrokers implements Cluster {
  readonly registryUrl: string;
  /** The disks with the records of nodes 2 and 3, by node; none where nobody may mount one. */
  readonly smallDisks: ReadonlyMap<number, SmallDisk>;
  /** What the other nodes reach each node through. */
  readonly #links: ReadonlyMap<number, TcpProxy>;
  readonly #nodes: ReadonlyMap<number, KafkaBroker>;
  readonly #registry: SchemaRegistry;
  readonly #folder: string;
  readonly #admin: Admin;
  #nextToKill = 1;

  private constructor(
    nodes: ReadonlyMap<number, KafkaBroker>,
    registry: SchemaRegistry,
    folder: string,
    smallDisks: ReadonlyMap<number, SmallDisk>,
    links: ReadonlyMap<number, TcpProxy>,
  ) {
    this.smallDisks = smallDisks;
    this.#links = links;
    this.registryUrl = registry.url;
    this.#nodes = nodes;
    this.#registry = registry;
    this.#folder = folder;
    const kafka = new Kafka({ brokers: this.brokers, clientId: 'test', logLevel: logLevel.NOTHING });
    this.#admin = kafka.admin({ retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 20 } });
  }

  static async start(): Promise<ThreeBrokers> {
    const { env } = process;
    const found = await findJava(env);
    if (!found.found) throw new Error(`three brokers need Java: ${found.reason}`);
    const java = found.command;
    const [jars, files] = [
      await resolveArtifact(kafkaArtifact, env, consoleLogger),
      await resolveArtifact(registryArtifact, env, consoleLogger),
    ];
    await unmountAbandoned(FOLDER_NAME);
    const folder = await createOwnedFolder(tmpdir(), FOLDER_NAME);
    const smallDisks = new Map<number, SmallDisk>();
    for (const id of ON_SMALL_DISKS) {
      const disk = await SmallDisk.mount(recordsFolder(nodeFolder(folder, id)), SMALL_DISK_MB);
      if (disk !== undefined) smallDisks.set(id, disk);
    }
    const links = new Map<number, TcpProxy>();
    const nodes = await newNodes(links);
    const common = { java, jars, env, logger: silentLogger, nodes, clusterId: newClusterId(), maxHeapMb: 320 };
    const brokers = nodes.map((node) => new KafkaBroker({ ...common, node, dataDir: nodeFolder(folder, node.id) }));
    const dataDir = join(folder, 'registry');
    const [registry] = await Promise.all([
      startSchemaRegistry({ java, files, dataDir, env, logger: silentLogger, preferredPort: undefined }),
      ...brokers.map((broker) => broker.restart()),
    ]);
    const started = new ThreeBrokers(
      new Map(brokers.map((broker, index) => [index + 1, broker])),
      registry,
      folder,
      smallDisks,
      links,
    );
    await started.#admin.connect();
    return started;
  }

  /** Addresses that clients connect to. */
  get brokers(): string[] {
    return [...this.#nodes.values()].map(({ address }) => address);
  }

  /** The ids of the nodes. */
  get ids(): number[] {
    return [...this.#nodes.keys()];
  }

  node(id: number): KafkaBroker {
    const node = this.#nodes.get(id);
    if (node === undefined) throw new Error(`there is no node ${id}`);
    return node;
  }

  /** What the other nodes reach this one through: clients and controllers have ways of their own. */
  linkTo(id: number): TcpProxy {
    const link = this.#links.get(id);
    if (link === undefined) throw new Error(`there is no node ${id}`);
    return link;
  }

  /** One node after the other: for tests that know of one broker only. Restarting it waits until the next may be killed. */
  get broker(): BrokerProcess {
    const node = this.node(this.#nextToKill);
    return {
      pid: node.pid,
      kill: (signal) => node.kill(signal),
      restart: async () => {
        await node.restart();
        await this.whole();
        this.#nextToKill = (this.#nextToKill % NODES) + 1;
      },
    };
  }

  async leaderOf(topic: string, partition: number): Promise<number> {
    return (await this.#partition(topic, partition)).leader;
  }

  /** Has another of the partition's replicas lead it, without any node's end; resolves with who leads then. */
  async moveLeader(topic: string, partition: number): Promise<number> {
    const { leader, replicas } = await this.#partition(topic, partition);
    const others = replicas.length > 2 ? replicas.filter((id) => id !== leader) : [];
    const spare = this.ids.find((id) => !replicas.includes(id));
    const next = spare === undefined ? others : [...replicas.filter((id) => id !== leader), spare];
    await this.#admin.alterPartitionReassignments({
      topics: [{ topic, partitionAssignment: [{ partition, replicas: next }] }],
    });
    return eventually(
      async () => {
        const now = await this.#partition(topic, partition);
        if (now.leader === leader || now.leader < 0)
          throw new Error(`node ${leader} still leads ${topic}[${partition}]`);
        return now.leader;
      },
      { timeoutMs: PATIENCE_MS },
    );
  }

  /** Resolves once every node runs and every replica of every partition is in sync, so that any one may go. */
  async whole(): Promise<void> {
    await eventually(
      async () => {
        const { topics } = await this.#admin.fetchTopicMetadata();
        const lagging = topics.filter((topic) => !isWhole(topic)).map(({ name }) => name);
        if (lagging.length > 0) throw new Error(`replicas are missing of ${lagging.join(', ')}`);
      },
      { timeoutMs: PATIENCE_MS, everyMs: 200 },
    );
  }

  /** Resolves once the others are so far behind the node that they are no replicas in sync any more of something it leads. */
  async alone(id: number): Promise<void> {
    await eventually(
      async () => {
        const { topics } = await this.#admin.fetchTopicMetadata();
        const led = topics.flatMap(({ partitions }) => partitions.filter(({ leader }) => leader === id));
        if (!led.some(({ isr }) => isr.length === 1)) throw new Error(`others still copy all that node ${id} leads`);
      },
      { timeoutMs: PATIENCE_MS, everyMs: 200 },
    );
  }

  async stop(): Promise<void> {
    await this.#admin.disconnect();
    // Nobody needs their data: a clean end would have them wait for each other.
    await Promise.all([this.#registry.stop(), ...[...this.#nodes.values()].map((node) => node.kill('SIGKILL'))]);
    await Promise.all([...this.#links.values()].map((link) => link.close()));
    for (const disk of this.smallDisks.values()) await disk.unmount();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #partition(topic: string, partition: number): Promise<ITopicMetadata['partitions'][number]> {
    const { topics } = await this.#admin.fetchTopicMetadata({ topics: [topic] });
    const found = topics[0]?.partitions.find(({ partitionId }) => partitionId === partition);
    if (found === undefined) throw new Error(`there is no ${topic}[${partition}]`);
    return found;
  }
}

async function newNodes(links: Map<number, TcpProxy>): Promise<KafkaNode[]> {
  const nodes: KafkaNode[] = [];
  for (let id = 1; id <= NODES; id++) {
    const port = await freePort();
    const link = await TcpProxy.start({ server: `127.0.0.1:${port}` });
    links.set(id, link);
    const replication = { port, advertisedPort: link.port };
    nodes.push({ id, port: await freePort(), controllerPort: await freePort(), replication });
  }
  return nodes;
}

function nodeFolder(folder: string, id: number): string {
  return join(folder, `node-${id}`);
}

function isWhole({ partitions }: ITopicMetadata): boolean {
  return partitions.every(({ leader, isr, replicas }) => leader >= 0 && isr.length === replicas.length);
}
