// What goes on while things break: diaries that several writers send notes to, by signals and by updates, and heartbeats in every partition. It
// keeps what it was promised, for the oracles.
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client, WorkflowHandle } from 'millrace/client';
import { partitionOf } from '../../services/platform/partitioner.js';
import { eventually } from '../kit/kit.js';
import { partitions, taskQueue } from './platform.js';
import type { SignalCall } from './signal-order.js';
import { type DiaryPages, diary, enter, finish, heartbeat, note } from './workflows.js';

const DIARIES = 6;
const WRITERS = 2;
const PAUSE_MS = 100;

/** After it a writer goes on without the answer of its update, which may still come about. */
const UPDATE_TIMEOUT = '30 seconds';

/** Allows for outages of clients, whose requests wait for 30 seconds, and for takeovers. */
const PATIENCE_MS = 120_000;

export class Workload {
  /** Signals and updates by the diary they were sent to, as their clients saw them. */
  readonly calls = new Map<string, SignalCall[]>();
  /** What acknowledged updates were answered with, by the note that they brought. */
  readonly answers = new Map<string, number>();
  /** What each acknowledged heartbeat gave in the end. */
  readonly beats = new Map<string, Promise<string>>();
  /** When the latest heartbeat that has come to its end was begun, by partition. */
  readonly #begunAt = new Map<number, number>();
  readonly #clients: readonly Client[];
  /** Tells its workflows from those of other workloads. */
  readonly #name = randomBytes(4).toString('hex');
  readonly #work: Promise<void>[] = [];
  #stopped = false;

  private constructor(clients: readonly Client[]) {
    this.#clients = clients;
  }

  /** Begins, with the clients taking turns, and resolves once every partition is at work. */
  static async start(clients: readonly Client[]): Promise<Workload> {
    const workload = new Workload(clients);
    for (let index = 0; index < DIARIES; index++) {
      const workflowId = `${workload.#name}-diary-${index}`;
      workload.calls.set(workflowId, []);
      await workload.#client(index).workflow.start(diary, { workflowId, taskQueue });
      for (let writer = 0; writer < WRITERS; writer++) {
        workload.#work.push(workload.#write(workload.#client(index + writer), workflowId, writer));
      }
    }
    for (let partition = 0; partition < partitions; partition++) workload.#work.push(workload.#beat(partition));
    await workload.progress();
    return workload;
  }

  /** Resolves once a heartbeat begun after this call has come to its end in every partition; gives the time it took. */
  async progress(): Promise<number> {
    const since = performance.now();
    await eventually(
      () => {
        for (let partition = 0; partition < partitions; partition++) {
          const begunAt = this.#begunAt.get(partition) ?? 0;
          if (begunAt < since) throw new Error(`partition ${partition} stands still since ${since - begunAt} ms`);
        }
      },
      { timeoutMs: PATIENCE_MS, everyMs: 10 },
    );
    return performance.now() - since;
  }

  /** Has the writers and the heartbeats come to their end, and the diaries; resolves with the diaries' results. */
  async finish(): Promise<Map<string, DiaryPages>> {
    this.#stopped = true;
    await Promise.all(this.#work);
    const results = [...this.calls.keys()].map(async (workflowId) => {
      const handle = this.#client(0).workflow.getHandle<typeof diary>(workflowId);
      await handle.signal(finish);
      return [workflowId, await handle.result()] as const;
    });
    await Promise.all(this.beats.values());
    return new Map(await Promise.all(results));
  }

  async #write(client: Client, workflowId: string, writer: number): Promise<void> {
    const handle = client.workflow.getHandle(workflowId);
    for (let count = 0; !this.#stopped; count++) {
      const id = `${workflowId}/${writer}/${count}`;
      const calledAt = performance.now();
      const isUpdate = count % 3 === 2;
      const call = isUpdate ? this.#enter(handle, id) : handle.signal(note, id);
      const isAcknowledged = await call.then(
        () => true,
        () => false,
      );
      const acknowledgedAt = isAcknowledged ? performance.now() : undefined;
      this.calls.get(workflowId)?.push({ id, calledAt, acknowledgedAt });
      await delay(PAUSE_MS * (0.5 + Math.random()));
    }
  }

  async #enter(handle: WorkflowHandle, id: string): Promise<void> {
    const answer = await handle.executeUpdate(enter, { args: [id], updateId: id, timeout: UPDATE_TIMEOUT });
    this.answers.set(id, answer);
  }

  async #beat(partition: number): Promise<void> {
    const client = this.#client(partition);
    for (let count = 0; !this.#stopped; count++) {
      const workflowId = idIn(partition, `${this.#name}-beat-${count}`);
      const begunAt = performance.now();
      try {
        const handle = await client.workflow.start(heartbeat, { workflowId, taskQueue, args: [workflowId] });
        const result = handle.result();
        this.beats.set(workflowId, result);
        await result;
        this.#begunAt.set(partition, begunAt);
      } catch {
        // It wasn't acknowledged, or its end is looked at with the others'.
      }
      await delay(PAUSE_MS);
    }
  }

  #client(index: number): Client {
    const client = this.#clients[index % this.#clients.length];
    if (client === undefined) throw new Error('a workload needs a client');
    return client;
  }
}

/** A workflow id that lives in the partition. */
function idIn(partition: number, name: string): string {
  for (let salt = 0; ; salt++) {
    const id = `${name}-${salt}`;
    if (partitionOf(id, partitions) === partition) return id;
  }
}
