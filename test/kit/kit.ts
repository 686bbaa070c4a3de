// What tests on a real Kafka share: a namespace of one's own, waiting for a condition, a connection to the log.

import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, inject } from 'vitest';
import { connectKafkaLog, type KafkaLogOptions } from '../../services/platform/log/kafka/kafka-log.js';
import type { Log } from '../../services/platform/log/log.js';
import { silentLogger } from '../../services/platform/logger.js';

const opened: Log[] = [];

afterAll(async () => {
  await Promise.all(opened.splice(0).map((log) => log.close()));
});

/** A namespace that no other test has. */
export function newNamespace(): string {
  return `test-${randomBytes(5).toString('hex')}`;
}

/** Repeats the check until it neither throws nor rejects, and resolves with what it gave; fails with its last error. */
export async function eventually<T>(
  check: () => T | Promise<T>,
  options: { readonly timeoutMs?: number; readonly everyMs?: number } = {},
): Promise<T> {
  const giveUpAt = performance.now() + (options.timeoutMs ?? 30_000);
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() >= giveUpAt) throw error;
    }
    await delay(options.everyMs ?? 50);
  }
}

/** A connection to the brokers of the run, or to others; closed after the file's tests. */
export async function connectTestLog(
  brokers: readonly string[] = inject('brokers'),
  options: Pick<KafkaLogOptions, 'requestTimeoutMs' | 'appendTimeoutMs'> = {},
): Promise<Log> {
  const log = await connectKafkaLog({ ...options, brokers, clientId: 'test', logger: silentLogger });
  opened.push(log);
  return log;
}
