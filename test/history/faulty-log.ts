import type { FencedAppender, Log, NewRecord, Producer, TopicPartition } from '../../services/platform/log/log.js';

/** What a test does to a log. Each may reject in place of the call, wait, or go on by calling `next`. */
export interface Faults {
  onAppend?: (records: readonly NewRecord[], next: () => Promise<number>) => Promise<number>;
  onSend?: (target: TopicPartition, records: readonly NewRecord[], next: () => Promise<number>) => Promise<number>;
  onAssign?: (source: TopicPartition, from: number | 'earliest' | 'latest') => void;
  onOffsets?: (source: TopicPartition, next: () => ReturnType<Log['offsets']>) => ReturnType<Log['offsets']>;
}

/** A log whose calls pass the test's faults on their way. They may be changed at any time. */
export function faultyLog(log: Log, faults: Faults): Log {
  const appender = (inner: FencedAppender): FencedAppender => ({
    append: (records) => {
      const next = () => inner.append(records);
      return faults.onAppend?.(records, next) ?? next();
    },
    close: () => inner.close(),
  });
  const producer = (inner: Producer): Producer => ({
    send: (target, records) => {
      const next = () => inner.send(target, records);
      return faults.onSend?.(target, records, next) ?? next();
    },
    close: () => inner.close(),
  });
  return {
    fencedAppender: async (options) => appender(await log.fencedAppender(options)),
    producer: (options) => producer(log.producer(options)),
    reader: (onRecords) => {
      const inner = log.reader(onRecords);
      return {
        assign: (source, from) => {
          faults.onAssign?.(source, from);
          return inner.assign(source, from);
        },
        unassign: (source) => inner.unassign(source),
        pause: (source) => inner.pause(source),
        resume: (source) => inner.resume(source),
        close: () => inner.close(),
      };
    },
    joinGroup: (options) => log.joinGroup(options),
    offsets: (source) => {
      const next = () => log.offsets(source);
      return faults.onOffsets?.(source, next) ?? next();
    },
    partitionCount: (topic) => log.partitionCount(topic),
    createTopics: (topics) => log.createTopics(topics),
    close: () => log.close(),
  };
}
