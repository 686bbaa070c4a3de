import type { FencedAppender, Log, Producer } from '../../services/platform/log/log.js';

/** Holds calls back while it is shut. */
export class Gate {
  #open: Promise<void> = Promise.resolve();
  #opened: () => void = () => {};

  shut(): void {
    this.#open = new Promise((resolve) => {
      this.#opened = resolve;
    });
  }

  open(): void {
    this.#opened();
  }

  async pass<T>(act: () => Promise<T>): Promise<T> {
    await this.#open;
    return act();
  }
}

/** Which of a process's ways to the log are held back: all of them for one that is stopped by SIGSTOP. */
export interface Gates {
  /** What passes unless it is the group's. */
  readonly log: Gate;
  /** What the group says to its member. */
  readonly group: Gate;
}

/** A log behind gates. `isGated` narrows the log's to some topics. */
export function pausableLog(log: Log, gates: Gates, isGated: (topic: string) => boolean = () => true): Log {
  const passing = <T>(topic: string, act: () => Promise<T>) => (isGated(topic) ? gates.log.pass(act) : act());
  const appender = (topic: string, inner: FencedAppender): FencedAppender => ({
    append: (records) => passing(topic, () => inner.append(records)),
    close: () => inner.close(),
  });
  const producer = (inner: Producer): Producer => ({
    send: (target, records) => passing(target.topic, () => inner.send(target, records)),
    close: () => inner.close(),
  });
  return {
    fencedAppender: (options) =>
      passing(options.topic, async () => appender(options.topic, await log.fencedAppender(options))),
    producer: (options) => producer(log.producer(options)),
    reader: (onRecords) =>
      log.reader((source, records) => passing(source.topic, async () => onRecords(source, records))),
    joinGroup: (options) =>
      log.joinGroup({
        ...options,
        onAssigned: (assignment) => void gates.group.pass(async () => options.onAssigned(assignment)),
      }),
    offsets: (source) => passing(source.topic, () => log.offsets(source)),
    partitionCount: (topic) => log.partitionCount(topic),
    createTopics: (topics) => log.createTopics(topics),
    close: () => log.close(),
  };
}
