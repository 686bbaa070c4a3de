import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundle } from '../../../sdk/worker/bundler.js';
import { Duet } from '../duet.js';
import { decoded, payload } from '../test-history.js';

let bundle: Promise<WorkflowBundle> | undefined;

/** The test's workflows, all in one partition, and a worker for them. */
export class Family {
  readonly duet: Duet;

  private constructor(duet: Duet) {
    this.duet = duet;
  }

  static async start(): Promise<Family> {
    bundle ??= bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)) });
    return new Family(await Duet.start(await bundle));
  }

  /** Starts a workflow and has everybody work until nothing is left to do. */
  async begin(workflowType: string, args: readonly unknown[] = [], workflowId = 'w'): Promise<void> {
    const input = args.map((arg) => payload(arg));
    this.duet.history.start({ workflowType, input }, { workflowId, runId: `run of ${workflowId}` });
    await this.duet.settleAll();
  }

  async signal(workflowId: string, signalName: string, ...args: readonly unknown[]): Promise<void> {
    const input = args.map((arg) => payload(arg));
    this.duet.history.send('SignalWorkflow', { signalName, input }, { workflowId });
    await this.duet.settleAll();
  }

  async advance(ms: number): Promise<void> {
    this.duet.history.advance(ms);
    await this.duet.settleAll();
  }

  /** Has all further work done by a worker that knows nothing yet, and so replays. */
  async replaceWorker(): Promise<void> {
    await this.duet.replaceWorker(await bundle);
  }

  status(workflowId: string): string {
    return this.duet.history.run(workflowId).status;
  }

  /** What the workflow returned. */
  result(workflowId = 'w'): unknown {
    const event = this.duet.history.run(workflowId).closed?.event;
    if (event?.type === 'WorkflowExecutionCompleted') return decoded(event.result);
    throw new Error(`workflow '${workflowId}' is ${this.status(workflowId)}: ${this.duet.history.text()}`);
  }

  /** The types of a workflow's events about other workflows, in order. */
  relations(workflowId = 'w'): string[] {
    const own = this.duet.history.events.flatMap((event) =>
      event.type !== 'PartitionOwnerClaimed' && event.header.workflowId === workflowId ? [event.type] : [],
    );
    return own.filter((type) => /Child|External/.test(type));
  }
}
