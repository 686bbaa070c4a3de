import type { Connection } from 'millrace/client';

/** What an example is given to run in. */
export interface Surroundings {
  readonly connection: Connection;
  readonly namespace: string;
  /** A task queue of its own. */
  readonly taskQueue: string;
  /** Unique to this run: workflow ids begin with it. */
  readonly id: string;
  /** Tells what happens, a line at a time. */
  readonly say: (line: string) => void;
}

/** An example: its workers and its client in one process, from beginning to end. */
export type Program = (surroundings: Surroundings) => Promise<void>;
