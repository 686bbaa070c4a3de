import { LogError } from './log/errors.js';
import type { LogRecord, NewRecord, Producer, TopicPartition } from './log/log.js';
import type { Logger } from './logger.js';
import type { Topics } from './topics.js';

/** Where records go that could not be read, so that the ones behind them can. */
export interface DeadLetters {
  /** Resolves once the record is kept, with its reason and where it came from in its headers. Errors: those of `send`. */
  put(source: TopicPartition, record: LogRecord, reason: string): Promise<void>;
}

/** Reasons are for people; this many characters of one are kept. */
const MAX_REASON_LENGTH = 1_000;

export function createDeadLetters(options: {
  readonly producer: Producer;
  readonly topics: Topics;
  readonly logger: Logger;
}): DeadLetters {
  const { producer, topics, logger } = options;
  const target = { topic: topics.deadLetters, partition: 0 };
  return {
    async put(source, record, reason) {
      const letter: NewRecord = {
        key: record.key,
        value: record.value,
        headers: {
          ...record.headers,
          'mr-reason': Buffer.from(reason.slice(0, MAX_REASON_LENGTH)),
          'mr-source-topic': Buffer.from(source.topic),
          'mr-source-partition': Buffer.from(String(source.partition)),
          'mr-source-offset': Buffer.from(String(record.offset)),
        },
      };
      try {
        await producer.send(target, [letter]);
      } catch (error) {
        if (!(error instanceof LogError) || error.code !== 'BATCH_TOO_LARGE') throw error;
        // With our headers it passes the limit it was just below. The place it came from still has it.
        await producer.send(target, [{ ...letter, value: null }]);
      }
      logger.warn('record set aside', { ...source, offset: record.offset, reason, deadLetters: target.topic });
    },
  };
}
