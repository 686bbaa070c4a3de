import { rememberTasks } from './recent-tasks.js';

/** A task between its begin and its end. */
export interface TaskInHand {
  /** The task needn't be delivered again: its record is done, and so are those of its duplicates. */
  accept(): void;
  /** As `accept`, for one that was not carried out: it isn't remembered, so that it is taken when history sends it anew. */
  drop(): void;
  /** It's no longer in hand, accepted or not. */
  end(): void;
}

/** The tasks that a consumer has begun and not ended, and those it accepted lately. */
export interface TasksInHand {
  /** Whether the task is in hand or was lately. Then `done` is called, once the task is accepted. */
  isDuplicate(id: string, done: () => void): boolean;
  /** Takes a task in hand. `done` is called when it is accepted. */
  begin(id: string, done: () => void): TaskInHand;
  /** Resolves once each task in hand now is accepted, or has ended without. */
  settled(): Promise<void>;
}

interface Entry {
  accepted: boolean;
  readonly onAccepted: Array<() => void>;
  readonly settled: Promise<void>;
}

export function keepTasksInHand(): TasksInHand {
  const inHand = new Map<string, Entry>();
  const recent = rememberTasks();
  return {
    isDuplicate(id, done) {
      const entry = inHand.get(id);
      if (entry && !entry.accepted) entry.onAccepted.push(done);
      else if (entry || recent.has(id)) done();
      else return false;
      return true;
    },
    begin(id, done) {
      let settle: () => void = () => undefined;
      const settled = new Promise<void>((resolve) => {
        settle = resolve;
      });
      const entry: Entry = { accepted: false, onAccepted: [done], settled };
      inHand.set(id, entry);
      const settleRecords = () => {
        entry.accepted = true;
        for (const act of entry.onAccepted) act();
        settle();
      };
      return {
        accept() {
          if (entry.accepted) return;
          recent.add(id);
          settleRecords();
        },
        drop() {
          if (!entry.accepted) settleRecords();
        },
        end() {
          inHand.delete(id);
          settle();
        },
      };
    },
    async settled() {
      await Promise.all(Array.from(inHand.values(), (entry) => entry.settled));
    },
  };
}
