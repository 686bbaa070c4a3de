import type { NamespaceConfigured } from '../../schemas/generated/messages.js';
import { after, type Clock } from './clock.js';
import type { Codec } from './codec/codec.js';
import { CodecError } from './codec/errors.js';
import { LogError } from './log/errors.js';
import type { Log, LogRecord } from './log/log.js';
import type { Topics } from './topics.js';

/** How long reading a namespace's configuration may take, in milliseconds. */
const READ_TIMEOUT_MS = 30_000;

/**
 * The latest configuration record, or undefined when there is none. Records that strangers have put behind it are
 * passed over; where there are none but theirs, it throws.
 */
export async function readConfiguration(
  log: Log,
  codec: Codec,
  topics: Topics,
  clock: Clock,
): Promise<NamespaceConfigured | undefined> {
  if ((await log.partitionCount(topics.configuration)) === undefined) return undefined;
  const records = await readAll(log, topics.configuration, clock);
  let problem: string | undefined;
  for (const { value } of records.toReversed()) {
    if (value === null) continue;
    try {
      const message = await codec.decodeLearning(value);
      if (message.type === 'NamespaceConfigured') return message;
      problem ??= `a ${message.type} is no configuration`;
    } catch (error) {
      if (!(error instanceof CodecError) || error.retryable) throw error;
      problem ??= error.message;
    }
  }
  if (problem === undefined) return undefined;
  throw new Error(
    `topic '${topics.configuration}' holds no configuration that can be read (${problem}): remove the topic if it isn't Millrace's, or choose another namespace`,
  );
}

/** The records of the topic's one partition. */
async function readAll(log: Log, topic: string, clock: Clock): Promise<LogRecord[]> {
  const source = { topic, partition: 0 };
  const { earliest, next } = await log.offsets(source);
  if (earliest >= next) return [];
  const records: LogRecord[] = [];
  let done = () => {};
  let giveUp = () => {};
  const complete = new Promise<void>((resolve, reject) => {
    done = resolve;
    giveUp = () => reject(new LogError('LOG_UNAVAILABLE', `'${topic}' could not be read: try again`));
  });
  const callOff = after(clock, READ_TIMEOUT_MS, giveUp);
  const reader = log.reader((_source, read) => {
    records.push(...read);
    if ((read.at(-1)?.offset ?? -1) >= next - 1) done();
  });
  try {
    // Both at once: a broker may be so far away that the reader isn't even placed in time.
    await Promise.all([reader.assign(source, earliest), complete]);
  } finally {
    callOff();
    await reader.close();
  }
  return records;
}
