// A workflow's code and the history service's rules, played against each other: what the code answers becomes events as
// it does in the service, and no event is made up.
import type { Command, HistoryEvent, WorkflowTask } from '../../schemas/generated/messages.js';
import type { WorkflowExecutorOptions } from '../../sdk/worker/workflow-executor.js';
import type { RunState } from '../../services/history/core/state.js';
import { Scenario } from '../core/scenario.js';
import { bundleOfTests, type FollowedHistory, startExecutor, type TestExecutor } from './executor.js';
import { codec, payload } from './test-history.js';

type EventOf<K extends HistoryEvent['type']> = Extract<HistoryEvent, { readonly type: K }>;

export class Duet {
  readonly history = new Scenario();
  readonly #workers: TestExecutor[] = [];
  /** Called with each task and the answer that history is given. */
  answered: (task: Buffer, answer: Command) => Promise<void> = async () => undefined;

  /** Runs the code of the bundle: the tests' workflows, unless another is given. Other options are the worker's. */
  static async start(bundle?: Partial<WorkflowExecutorOptions>): Promise<Duet> {
    const duet = new Duet();
    await duet.replaceWorker(bundle);
    return duet;
  }

  /** Another worker does all further tasks. Its cache is empty, so that it replays. */
  async replaceWorker(bundle?: Partial<WorkflowExecutorOptions>): Promise<TestExecutor> {
    const worker = await startExecutor(bundle ?? (await bundleOfTests()));
    this.#workers.push(worker);
    return worker;
  }

  get worker(): TestExecutor {
    const worker = this.#workers.at(-1);
    if (worker === undefined) throw new Error('the duet was not started');
    return worker;
  }

  /** Starts the workflow and runs its code until it waits. */
  async run(workflowType: string, ...args: readonly unknown[]): Promise<void> {
    this.history.start({ workflowType, input: args.map((arg) => payload(arg)) });
    await this.settle();
  }

  async signal(signalName: string, ...args: readonly unknown[]): Promise<void> {
    this.history.send('SignalWorkflow', { signalName, input: args.map((arg) => payload(arg)) });
    await this.settle();
  }

  /** Lets time pass, and does what falls due. */
  async advance(ms: number): Promise<void> {
    this.history.advance(ms);
    await this.settle();
  }

  /** Has the workflow tasks carried out that are waiting, until there are none or one fails. */
  async settle(workflowId = 'w'): Promise<void> {
    for (let task = this.#task(workflowId); task !== undefined; task = this.#task(workflowId)) {
      const { runId } = task;
      this.worker.follow(this.followed(runId));
      const bytes = codec.encode({ type: 'WorkflowTask', ...task });
      const outcome = await this.worker.executor.runTask(bytes);
      if (outcome.kind !== 'workflow-task') throw new Error('a workflow task was answered as a query');
      const command = codec.decode(Buffer.from(outcome.command)) as Command;
      await this.answered(bytes, command);
      this.history.input({ kind: 'command', command }, command.type);
    }
  }

  /** Lets what the workflows send each other arrive, and carries out all their tasks, until nothing is left to do. */
  async settleAll(): Promise<void> {
    for (;;) {
      this.history.deliver();
      const open = [...this.history.state.runs.values()].filter(({ status }) => status === 'RUNNING');
      const waiting = open.find(({ workflowId }) => this.#task(workflowId) !== undefined);
      if (waiting === undefined) return;
      await this.settle(waiting.workflowId);
    }
  }

  eventsOf<K extends HistoryEvent['type']>(type: K): Array<EventOf<K>> {
    return this.history.events.filter((event): event is EventOf<K> => event.type === type);
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map(({ executor }) => executor.close()));
  }

  #task(workflowId: string): WorkflowTask | undefined {
    const run: RunState = this.history.run(workflowId);
    const task = run.workflowTask;
    if (task === null || task.retryAt !== null) return undefined;
    const { runId, workflowType, taskQueue, workflowTaskTimeoutMs, seenEventId } = run;
    return {
      workflowId,
      runId,
      workflowType,
      taskQueue,
      scheduledEventId: task.scheduledEventId,
      attempt: task.attempt,
      firstEventId: seenEventId + 1,
      seenEventId: run.nextEventId - 1,
      startToCloseTimeoutMs: workflowTaskTimeoutMs,
      events: this.#encoded(runId, seenEventId + 1),
      updates: task.updateIds.flatMap((updateId) => run.updates.get(updateId)?.request ?? []),
    };
  }

  /** The run's history from an event on. */
  followed(runId: string): FollowedHistory {
    return { runId, encoded: (firstEventId = 1) => this.#encoded(runId, firstEventId) };
  }

  #encoded(runId: string, firstEventId: number): Buffer[] {
    return this.history.events
      .filter((event) => event.type !== 'PartitionOwnerClaimed' && event.header.runId === runId)
      .filter((event) => 'header' in event && event.header.eventId >= firstEventId)
      .map((event) => codec.encode(event));
  }
}
