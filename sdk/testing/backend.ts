import type { Connection } from '../client/connection.js';

/** What stands behind a test environment. */
export interface Backend {
  readonly namespace: string;
  /** Where it is to be found: brokers, or a word for one that is in this process. */
  readonly address: string;
  readonly supportsTimeSkipping: boolean;
  connect(): Promise<Connection>;
  now(): number;
  sleep(ms: number): Promise<void>;
}
