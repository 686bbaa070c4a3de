// Workflows made up by chance, done by a worker that keeps them and, task for task, by one that replays them.
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Command } from '../../schemas/generated/messages.js';
import { bundleWorkflowCode } from '../../sdk/worker/bundler.js';
import type { LocalActivities } from '../../sdk/worker/workflow-executor.js';
import { createRandom } from '../../sdk/workflow/random.js';
import { Duet } from './duet.js';
import { startExecutor } from './executor.js';
import { codec, payload } from './test-history.js';
import type { Script, Step } from './versions/scripts.js';

const bundle = bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('./versions/scripts.ts', import.meta.url)) });

/** Each ends at once, so that their ends come in the order of their beginnings for both workers. */
const localActivities: LocalActivities = {
  types: ['work'],
  run: ({ seq }) => {
    const over = { retryState: 'IN_PROGRESS', backoffMs: null, nextAttempt: 0, failure: null } as const;
    return {
      outcome: Promise.resolve({ ...over, seq, completedAt: 0, result: payload(seq) }),
      cancel: () => undefined,
    };
  },
};

class Chance {
  readonly #random: () => number;
  constructor(seed: number) {
    this.#random = createRandom(`seed ${seed}`);
  }
  upTo(most: number): number {
    return Math.floor(this.#random() * most);
  }
  of<T>(items: readonly T[]): T | undefined {
    return items[this.upTo(items.length)];
  }
  script(depth: number): Script {
    return Array.from({ length: 1 + this.upTo(4) }, () => this.#step(depth));
  }
  #step(depth: number): Step {
    if (depth > 0 && this.upTo(3) === 0) return ['fork', this.script(depth - 1), this.script(depth - 1)];
    const kinds = ['sleep', 'activity', 'local', 'patch', 'random', 'ticks', 'soon'] as const;
    return [this.of(kinds) ?? 'random', 1 + this.upTo(3)];
  }
}

/** Something happens to the workflow. */
async function happen(duet: Duet, chance: Chance, number: number): Promise<void> {
  const { history } = duet;
  switch (chance.upTo(5)) {
    case 0:
      return duet.signal('tick');
    case 1:
      return duet.advance(chance.upTo(2_000));
    case 2: {
      const update = { updateId: `update ${number}`, updateName: 'more', input: [payload(number)], headers: {} };
      history.send('UpdateWorkflow', { update, waitForStage: 'ACCEPTED' });
      return duet.settle();
    }
    case 3: {
      history.send('SignalWorkflow', { signalName: 'tick', input: [] });
      history.send('SignalWorkflow', { signalName: 'tick', input: [] });
      return duet.settle();
    }
    default: {
      const scheduledEventId = chance.of([...history.run().activities.keys()]);
      if (scheduledEventId === undefined) return;
      history.send('CompleteActivityTask', { scheduledEventId, attempt: 1, result: payload(number) });
      return duet.settle();
    }
  }
}

/** What an answer says, but for the time that its task took place at and the ids of requests. */
function said(answer: Command): unknown {
  if (answer.type !== 'CompleteWorkflowTask') return answer;
  const commands = answer.commands.map((command) => {
    const data = command.recordMarker?.details.data;
    return data === undefined ? command : { ...command, recordMarker: `${data.data}`.replace(/"completedAt":\d+/, '') };
  });
  return { commands, forced: answer.forceCreateNewWorkflowTask };
}

const seeds = Array.from({ length: 24 }, (_, seed) => seed);

test.each(seeds)(
  'a workflow made up from seed %i does in each task, replayed, what it did live [determinism.replay-same]',
  async (seed) => {
    const chance = new Chance(seed);
    const options = { ...(await bundle), localActivities, threads: 1 };
    const duet = await Duet.start(options);
    const replaying = await startExecutor({ ...options, maxCachedRuns: 0 });
    let tasks = 0;
    duet.answered = async (task, answer) => {
      replaying.follow(duet.followed(duet.history.run().runId));
      const outcome = await replaying.executor.runTask(task);
      if (outcome.kind !== 'workflow-task') throw new Error('a workflow task was answered as a query');
      expect(said(codec.decode(Buffer.from(outcome.command)) as Command)).toEqual(said(answer));
      tasks += 1;
    };
    try {
      await duet.run('follows', chance.script(2));
      for (let number = 0; number < 25 && duet.history.run().status === 'RUNNING'; number++) {
        await happen(duet, chance, number);
      }
      expect(duet.eventsOf('WorkflowTaskFailed')).toEqual([]);
      expect(tasks).toBeGreaterThan(0);
    } finally {
      await Promise.all([duet.close(), replaying.executor.close()]);
    }
  },
);
