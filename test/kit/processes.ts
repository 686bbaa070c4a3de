// History services and workers as processes of their own, so that tests can end them by any signal. They run from
// `dist`, which `npm test` builds first.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, inject } from 'vitest';
import { type ExitStatus, type GuardedChild, startChild } from '../../services/dev/child-process.js';
import { projectFolder } from '../../services/dev/project-folder.js';
import { until } from '../../services/dev/until.js';

export interface SpawnOptions {
  readonly namespace: string;
  /** Default: those of the run. */
  readonly brokers?: readonly string[];
  readonly registryUrl?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether to wait until the process says that it runs. Default true. */
  readonly waitUntilReady?: boolean;
}

export interface SpawnedProcess {
  readonly pid: number;
  readonly exited: Promise<ExitStatus>;
  /** What it printed as JSON on stdout, a value a line. */
  readonly said: readonly Readonly<Record<string, unknown>>[];
  /** Sends a signal; for those that end a process it resolves once it has ended. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Its last lines on both streams. */
  lastLines(): string;
}

/** Allows for a takeover while the machine is busy. */
const READY_TIMEOUT_MS = 60_000;

const children: GuardedChild[] = [];

afterAll(async () => {
  await Promise.all(
    children.splice(0).map((child) => {
      child.kill('SIGKILL');
      return child.exited;
    }),
  );
});

/** Starts a history service and resolves once it serves its partitions. */
export function spawnHistoryService(options: SpawnOptions): Promise<SpawnedProcess> {
  return spawnProcess('dist/services/history/main.js', options);
}

/** Starts a worker from a script below the project's folder, such as `dist/test/e2e/worker.js`; the script says on stdout, as a line of JSON with an `event`, that it runs. */
export function spawnWorker(options: SpawnOptions & { readonly script: string }): Promise<SpawnedProcess> {
  return spawnProcess(options.script, options);
}

async function spawnProcess(script: string, options: SpawnOptions): Promise<SpawnedProcess> {
  const path = join(projectFolder, script);
  if (!existsSync(path)) throw new Error(`${script} doesn't exist: run 'npm run build' first`);
  const said: Record<string, unknown>[] = [];
  const child = await startChild({
    command: process.execPath,
    args: ['--enable-source-maps', path],
    cwd: projectFolder,
    env: {
      ...process.env,
      KAFKA_BROKERS: (options.brokers ?? inject('brokers')).join(','),
      SCHEMA_REGISTRY_URL: options.registryUrl ?? inject('registryUrl'),
      MILLRACE_NAMESPACE: options.namespace,
      ...options.env,
    },
    onLine(line, stream) {
      if (stream === 'stdout' && line.startsWith('{')) said.push(JSON.parse(line));
    },
  });
  children.push(child);
  if (options.waitUntilReady !== false) await waitUntilReady(script, child, said);
  return {
    pid: child.pid,
    exited: child.exited,
    said,
    async kill(signal) {
      child.kill(signal);
      if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await child.exited;
    },
    lastLines: () => child.lastLines(),
  };
}

async function waitUntilReady(
  script: string,
  child: GuardedChild,
  said: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  const ready = await until(
    () => {
      if (!child.running) throw new Error(`${script} ended before it was ready:\n${child.lastLines()}`);
      return said.some((line) => 'event' in line) || undefined;
    },
    { timeoutMs: READY_TIMEOUT_MS },
  );
  if (!ready) throw new Error(`${script} was not ready within ${READY_TIMEOUT_MS} ms:\n${child.lastLines()}`);
}
