import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectKafkaLog } from '../../services/platform/log/kafka/kafka-log.js';
import type { Log } from '../../services/platform/log/log.js';
import { silentLogger } from '../../services/platform/logger.js';
import { brokers } from './brokers.js';
import { newTopic, readAll, record } from './contract-kit.js';

describe('log on Kafka, when an owner is paused', () => {
  let log: Log;
  let folder: string;
  const owners = new Set<ChildProcess>();

  beforeAll(async () => {
    log = await connectKafkaLog({ brokers: brokers(), clientId: 'contract', logger: silentLogger });
    // Inside the project, so that the owner finds the packages it imports.
    folder = await mkdtemp(join(import.meta.dirname, '../../node_modules/.paused-owner-'));
    await build({
      entryPoints: [join(import.meta.dirname, 'paused-owner.ts')],
      outfile: join(folder, 'owner.mjs'),
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
    });
  });

  afterAll(async () => {
    for (const owner of owners) owner.kill('SIGKILL');
    await log.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Starts an owner; the iterator gives what it says, a line at a time. */
  function startOwner(topic: string) {
    const owner = spawn(process.execPath, [join(folder, 'owner.mjs'), brokers().join(','), topic], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    owners.add(owner);
    owner.once('exit', () => owners.delete(owner));
    return { owner, said: createInterface({ input: owner.stdout })[Symbol.asyncIterator]() };
  }

  it.each([1, 2, 3, 4, 5])(
    'H1: one that is stopped during a takeover and then resumed is refused (trial %i)',
    async () => {
      const topic = await newTopic(log);
      const { owner, said } = startOwner(topic);
      for (let appended = 0; appended < 20; appended++) expect((await said.next()).value).toBe('appended');
      owner.kill('SIGSTOP');
      const after = await log.fencedAppender({ topic, partition: 0, transactionalId: topic });
      const claim = await after.append([record('new')]);
      owner.kill('SIGCONT');
      let last = await said.next();
      while (last.value === 'appended') last = await said.next();
      expect(last.value).toBe('LOG_FENCED');
      await after.append([record('newer')]);
      const written = await readAll(log, { topic, partition: 0 });
      expect(written.slice(claim)).toEqual(['new', 'newer']);
      expect(written.slice(0, claim).every((value) => value.startsWith('old-'))).toBe(true);
    },
  );
});
