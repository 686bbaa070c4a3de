import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, inject, it, onTestFinished } from 'vitest';
import { type ClusterOptions, startCluster } from '../../services/dev/cluster.js';
import type { ClusterError } from '../../services/dev/errors.js';
import { servingCluster } from '../../services/dev/kafka-probe.js';
import { isAlive } from '../../services/dev/owned-folder.js';
import { projectFolder } from '../../services/dev/project-folder.js';
import { answers } from '../../services/dev/schema-registry.js';
import { silentLogger } from '../../services/platform/logger.js';
import { connectTestLog, eventually, newNamespace } from '../kit/kit.js';
import { environmentWith } from './fake-command.js';

const start = (options: Partial<ClusterOptions>) =>
  startCluster({ logger: silentLogger, usualPorts: false, ...options });

it('brokers and registry of the environment are used as they are', async () => {
  const env = { KAFKA_BROKERS: 'one:9092, two:9092', SCHEMA_REGISTRY_URL: 'http://registry:8081' };
  const cluster = await start({ env });
  expect(cluster).toMatchObject({ brokers: ['one:9092', 'two:9092'], registryUrl: 'http://registry:8081' });
  expect(cluster.broker).toBeUndefined();
  await cluster.stop();
});

it.each([
  ['there is no Java', {}, "no Java ('java' doesn't run)"],
  ['Java is too old', { java: `echo 'openjdk version "11.0.2"' >&2` }, 'Java 11 is too old'],
  ['Maven is missing', { java: `echo 'openjdk version "21.0.1"' >&2` }, "no Maven ('mvn' doesn't run)"],
])('without Docker, and when %s, the error names the three ways', async (_case, commands, lacking) => {
  const failure = await start({ env: await environmentWith(commands) }).catch((error: ClusterError) => error);
  expect(failure).toMatchObject({ code: 'NO_WAY_TO_RUN', retryable: false });
  for (const named of ['KAFKA_BROKERS and SCHEMA_REGISTRY_URL', 'Java 17 or newer and Maven', 'Docker', lacking]) {
    expect(failure).toHaveProperty('message', expect.stringContaining(named));
  }
});

it('without Java, Docker Compose runs both when an engine answers, and is asked to remove them', async () => {
  const kafkaPort = new URL(`kafka://${inject('brokers')[0]}`).port;
  const registryPort = new URL(inject('registryUrl')).port;
  // Stands in for Docker: its containers are those of the run, behind another port.
  const env = await environmentWith({
    docker: `echo "$@" >> "$HOME/calls"
      forward() { exec ${process.execPath} -e '
        const net = require("node:net");
        const [port, target] = process.argv.slice(1);
        net.createServer((near) => {
          const far = net.connect(target, "127.0.0.1");
          near.on("error", () => far.destroy()).pipe(far);
          far.on("error", () => near.destroy()).pipe(near);
        }).listen(port, "127.0.0.1");
      ' "$@"; }
      case "$*" in
        *up*kafka) forward "$KAFKA_PORT" ${kafkaPort} ;;
        *up*registry) forward "$REGISTRY_PORT" ${registryPort} ;;
      esac`,
  });
  const cluster = await start({ env });
  await eventually(async () => {
    expect(await servingCluster(cluster.brokers[0] ?? '')).toBeDefined();
    expect(await answers(cluster.registryUrl)).toBe(true);
  });
  await cluster.stop();
  expect(await servingCluster(cluster.brokers[0] ?? '')).toBeUndefined();
  const calls = await readFile(join(env.HOME ?? '', 'calls'), 'utf8');
  expect(calls.match(/^compose --project-name \S+ --file \S+docker-compose.yml down --volumes$/gm)).toHaveLength(2);
});

it('a broker ended by SIGKILL comes back at the same address with its data, and stop leaves no process behind', async () => {
  const cluster = await start({ reuse: false });
  onTestFinished(() => cluster.stop());
  const log = await connectTestLog(cluster.brokers);
  const source = { topic: newNamespace(), partition: 0 };
  await log.createTopics([{ topic: source.topic, partitions: 1 }]);
  const producer = log.producer();
  await producer.send(source, [{ key: null, value: Buffer.from('kept') }]);

  const pid = cluster.broker?.pid;
  await cluster.broker?.kill('SIGKILL');
  expect(cluster.broker?.pid).toBeUndefined();
  expect(await servingCluster(cluster.brokers[0] ?? '')).toBeUndefined();

  await cluster.broker?.restart();
  expect(cluster.broker?.pid).not.toBe(pid);
  expect((await log.offsets(source)).next).toBe(1);

  const lastPid = cluster.broker?.pid ?? 0;
  await cluster.stop();
  expect(isAlive(lastPid)).toBe(false);
  expect(await answers(cluster.registryUrl)).toBe(false);
});

it('a parent ended by SIGKILL leaves no process behind', async () => {
  const parent = spawn(process.execPath, [join(projectFolder, 'dist/test/dev/own-cluster.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const { brokers, registryUrl, brokerPid } = await firstLine(parent);
  expect(isAlive(brokerPid)).toBe(true);
  await eventually(async () => expect(await answers(registryUrl)).toBe(true));

  parent.kill('SIGKILL');
  await eventually(async () => {
    expect(isAlive(brokerPid)).toBe(false);
    expect(await servingCluster(brokers[0])).toBeUndefined();
    expect(await answers(registryUrl)).toBe(false);
  });
});

async function firstLine(child: ChildProcess) {
  if (child.stdout === null) throw new Error('the child has no pipe');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return JSON.parse(line);
}
