import { CompleteAsyncError, Context } from '../../sdk/activity/index.js';
import { ApplicationFailure } from '../../sdk/common/index.js';
import type { Dice } from './dice.js';

export interface SimulatedActivities {
  add(a: number, b: number): Promise<number>;
  square(number: number): Promise<number>;
  /** Fails at its first attempts. */
  flaky(value: number, failures: number): Promise<number>;
  /** Takes many steps, each told by a heartbeat. */
  steady(steps: number): Promise<number>;
  /** Ends when it is cancelled. */
  endless(): Promise<string>;
  /** Takes longer than it may. */
  stuck(): Promise<string>;
  refuse(): Promise<string>;
  /** Left to somebody else, who says what it comes to. */
  entrust(): Promise<number>;
}

/** The activities of the workers. How long each takes is up to the dice; what it comes to is not. Those left to others leave their tokens. */
export function createActivities(dice: Dice, tokens: Map<string, Uint8Array>): SimulatedActivities {
  const work = async () => {
    if (dice.chance(0.5)) await Context.current().sleep(dice.spread(150));
  };
  return {
    async add(a, b) {
      await work();
      return a + b;
    },
    async square(number) {
      await work();
      return number * number;
    },
    async flaky(value, failures) {
      await work();
      const { attempt } = Context.current().info;
      if (attempt <= failures) throw ApplicationFailure.retryable(`attempt ${attempt} fails`);
      return value;
    },
    async steady(steps) {
      const context = Context.current();
      for (let step = (context.info.heartbeatDetails as number | undefined) ?? 0; step < steps; step++) {
        context.heartbeat(step);
        await context.sleep(dice.between(100, 900));
      }
      return steps;
    },
    async endless() {
      const context = Context.current();
      for (;;) {
        context.heartbeat();
        await context.sleep(1_000);
      }
    },
    async stuck() {
      await Context.current().sleep('1 hour');
      return 'too late';
    },
    async entrust() {
      await work();
      const { workflowExecution, taskToken } = Context.current().info;
      tokens.set(workflowExecution.workflowId, taskToken);
      throw new CompleteAsyncError();
    },
    async refuse() {
      await work();
      throw ApplicationFailure.nonRetryable('refused');
    },
  };
}
