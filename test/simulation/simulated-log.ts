// The log as one process of the simulation sees it: the in-memory log behind a network that the seed rules. Each operation
// is two steps, its effect at the broker and its answer at the process; either may be late, lost or doubled, and the
// process may die at any of them. What the log does, the in-memory log does; nothing of it is done here again.

import { LogError } from '../../services/platform/log/errors.js';
import type {
  FencedAppender,
  GroupMembership,
  GroupOptions,
  Log,
  NewRecord,
  Producer,
  Reader,
  RecordsHandler,
  TopicPartition,
  TopicSpec,
} from '../../services/platform/log/log.js';
import type { Dice } from './dice.js';
import type { Scheduler } from './scheduler.js';
import { SimulatedGroup } from './simulated-group.js';
import type { CrashKind, SimulatedProcess } from './simulated-process.js';
import { SimulatedReader } from './simulated-reader.js';
import { unavailable, type Weather } from './weather.js';

export interface Network {
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly weather: Weather;
  /** Called with each commit that a member of a group has made. */
  readonly onCommitted: (offsets: ReadonlyArray<TopicPartition & { readonly offset: number }>) => Promise<void>;
}

/** What an operation is, for the network. */
export interface Operation<T> {
  readonly kind: CrashKind;
  /** What it is and where, as the trace shows it. */
  readonly what: string;
  /** What it acts on: `topic/partition` or a group. */
  readonly place: string;
  readonly effect: () => Promise<T>;
  /** What may go wrong besides the process dying. */
  readonly fails?: 'never' | 'once' | 'doubled';
}

export class SimulatedLog implements Log {
  readonly process: SimulatedProcess;
  readonly network: Network;
  readonly #inner: Log;
  /** What is on its way to each place: it arrives in the order in which it was sent. */
  readonly #onTheWay = new Map<string, Array<() => void>>();

  constructor(process: SimulatedProcess, inner: Log, network: Network) {
    this.process = process;
    this.network = network;
    this.#inner = inner;
  }

  async fencedAppender(options: TopicPartition & { readonly transactionalId: string }): Promise<FencedAppender> {
    const place = placeOf(options);
    const appender = await this.operate({
      kind: 'open',
      what: `open appender of ${place}`,
      place,
      effect: () => this.#inner.fencedAppender(options),
      fails: 'once',
    });
    let isEnded = false;
    return {
      append: (records) => {
        if (isEnded) throw new LogError('LOG_UNAVAILABLE', 'this appender has ended: open another');
        const effect = () => appender.append(records);
        const what = `append ${records.length} to ${place}`;
        return this.operate({ kind: 'append', what, place, effect, fails: 'once' }).catch((error: unknown) => {
          isEnded = !(error instanceof LogError && error.code === 'BATCH_TOO_LARGE');
          throw error;
        });
      },
      // What was sent before may still arrive after it: the connection's end is nothing that a broker waits for.
      close: async () => {
        isEnded = true;
      },
    };
  }

  producer(): Producer {
    const inner = this.#inner.producer();
    let isEnded = false;
    return {
      send: (target: TopicPartition, records: readonly NewRecord[]) => {
        if (isEnded) return Promise.reject(new LogError('LOG_UNAVAILABLE', 'this producer is closed: make another'));
        const place = placeOf(target);
        const effect = () => inner.send(target, records);
        const what = `send ${records.length} to ${place}`;
        return this.operate({ kind: 'send', what, place, effect, fails: 'doubled' });
      },
      close: async () => {
        isEnded = true;
      },
    };
  }

  reader(onRecords: RecordsHandler): Reader {
    return new SimulatedReader(this, (deliver) => this.#inner.reader(deliver), onRecords);
  }

  joinGroup(options: GroupOptions): Promise<GroupMembership> {
    return new SimulatedGroup(this, (wrapped) => this.#inner.joinGroup(wrapped), options).join();
  }

  offsets(source: TopicPartition): Promise<{ readonly earliest: number; readonly next: number }> {
    const place = placeOf(source);
    const effect = () => this.#inner.offsets(source);
    return this.operate({ kind: 'read', what: `offsets of ${place}`, place, effect, fails: 'once' });
  }

  partitionCount(topic: string): Promise<number | undefined> {
    const effect = () => this.#inner.partitionCount(topic);
    return this.operate({ kind: 'read', what: `partitions of ${topic}`, place: topic, effect, fails: 'once' });
  }

  createTopics(topics: readonly TopicSpec[]): Promise<void> {
    const effect = () => this.#inner.createTopics(topics);
    const what = `create ${topics.map(({ topic }) => topic).join(', ')}`;
    return this.operate({ kind: 'open', what, place: '', effect, fails: 'once' });
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  /** Carries an operation out on the network. A process that is dead, or dies of it, never hears of it again. */
  operate<T>({ kind, what, place, effect, fails = 'never' }: Operation<T>): Promise<T> {
    const { process } = this;
    const { scheduler, weather, dice } = this.network;
    const site = process.siteOf(whatKind(what));
    if (process.diesAt(kind, site, 'before')) return never();
    const fate = fails === 'never' ? 'done' : weather.fate(place, scheduler.nowMs);
    return new Promise<T>((resolve, reject) => {
      const answer = (settle: () => void, label: string) => {
        scheduler.after(weather.latencyMs(place, scheduler.nowMs), `${label} ${what}`, settle, process);
      };
      const take = (isHeard: boolean) => {
        const taken = effect();
        if (process.diesAt(kind, site, 'after') || !isHeard) return void taken.catch(() => undefined);
        taken.then(
          (value) => answer(() => resolve(value), 'ok'),
          (error: unknown) => answer(() => reject(error), `failed (${(error as Error).message})`),
        );
      };
      const label = `at the broker: ${what} of ${process.name}`;
      const fail = () => answer(() => reject(unavailable()), 'no answer:');
      if (fate === 'refused') return fail();
      if (fate === 'late-effect') {
        scheduler.after(dice.spread(3_000), `${label}, late`, () => take(false));
        return fail();
      }
      this.#arrive(place, label, () => {
        take(fate !== 'answer-lost');
        if (fate === 'answer-lost') fail();
        if (fate !== 'doubled' || fails !== 'doubled') return;
        // Sent again by a network that had not heard that it had arrived.
        scheduler.after(dice.spread(2_000), `${label}, again`, () => void effect().catch(() => undefined));
      });
    });
  }

  #arrive(place: string, label: string, act: () => void): void {
    const { scheduler, weather } = this.network;
    const queue = this.#onTheWay.get(place) ?? [];
    this.#onTheWay.set(place, queue);
    queue.push(act);
    scheduler.after(weather.latencyMs(place, scheduler.nowMs), label, () => queue.shift()?.());
  }
}

export function placeOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

/** The operation without its numbers and names, so that it counts as one place in the code. */
function whatKind(what: string): string {
  return what
    .replace(/ \d+ /, ' ')
    .replace(/^create .*/, 'create topics')
    .replace(/\b\w+\.tasks\.[\w-]+\.(\w+)(\/\d+)?/, 'tasks.$1')
    .replace(/\b\w+\.([\w-]+)(\/\d+)?$/, '$1');
}

export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
