import type { Log, LogRecord, Reader, TopicPartition } from '../platform/log/log.js';
import { createDeferred } from './deferred.js';

export interface ReadRangeOptions {
  readonly log: Log;
  readonly source: TopicPartition;
  /** First offset wanted, and the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly onRecords: (records: readonly LogRecord[]) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Reads a stretch of a partition in order. Rejects as `onRecords` does, or with the signal's reason. */
export async function readRange({ log, source, from, to, onRecords, signal }: ReadRangeOptions): Promise<void> {
  if (from >= to) return;
  signal.throwIfAborted();
  const ended = createDeferred();
  const abort = () => ended.reject(signal.reason);
  signal.addEventListener('abort', abort);
  let isOver = false;
  const reader: Reader = log.reader(async (_source, records) => {
    if (isOver) return;
    try {
      await onRecords(records.filter((record) => record.offset < to));
      if ((records.at(-1)?.offset ?? -1) >= to - 1) ended.resolve();
    } catch (error) {
      ended.reject(error);
    }
  });
  try {
    await Promise.race([reader.assign(source, from).then(() => ended.promise), ended.promise]);
  } finally {
    isOver = true;
    signal.removeEventListener('abort', abort);
    await reader.close();
  }
}
