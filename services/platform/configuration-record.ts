import type { NamespaceConfigured } from '../../schemas/generated/messages.js';
import type { Codec } from './codec/codec.js';
import { LogError } from './log/errors.js';
import type { Log, LogRecord } from './log/log.js';
import type { Topics } from './topics.js';

/** How long reading a namespace's configuration may take, in milliseconds. */
const READ_TIMEOUT_MS = 30_000;

/** The latest configuration record, or undefined when there is none. */
export async function readConfiguration(
  log: Log,
  codec: Codec,
  topics: Topics,
): Promise<NamespaceConfigured | undefined> {
  if ((await log.partitionCount(topics.configuration)) === undefined) return undefined;
  const value = (await readAll(log, topics.configuration)).at(-1)?.value;
  if (!value) return undefined;
  const message = await codec.decodeLearning(value);
  if (message.type !== 'NamespaceConfigured')
    throw new Error(`topic '${topics.configuration}' holds a ${message.type}`);
  return message;
}

/** The records of the topic's one partition. */
async function readAll(log: Log, topic: string): Promise<LogRecord[]> {
  const source = { topic, partition: 0 };
  const { earliest, next } = await log.offsets(source);
  if (earliest >= next) return [];
  const records: LogRecord[] = [];
  let timer: NodeJS.Timeout | undefined;
  let done = () => {};
  const complete = new Promise<void>((resolve, reject) => {
    done = resolve;
    timer = setTimeout(
      () => reject(new LogError('LOG_UNAVAILABLE', `'${topic}' could not be read: try again`)),
      READ_TIMEOUT_MS,
    );
  });
  const reader = log.reader((_source, read) => {
    records.push(...read);
    if ((read.at(-1)?.offset ?? -1) >= next - 1) done();
  });
  try {
    await reader.assign(source, earliest);
    await complete;
  } finally {
    clearTimeout(timer);
    await reader.close();
  }
  return records;
}
