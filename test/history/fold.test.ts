import { describe, expect, it } from 'vitest';
import type { Command } from '../../schemas/generated/messages.js';
import type { RunState } from '../../services/history/core/state.js';
import { Decider } from '../../services/history/decider.js';
import { Delivery } from '../../services/history/delivery.js';
import { HistoryFold } from '../../services/history/history-fold.js';
import { PartitionLoop } from '../../services/history/loop.js';
import { takeOver } from '../../services/history/takeover.js';
import { TaskTopics } from '../../services/history/task-topics.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import { createDeadLetters } from '../../services/platform/dead-letters.js';
import { createMemoryBroker } from '../../services/platform/log/memory/memory-log.js';
import { silentLogger } from '../../services/platform/logger.js';
import { provisionNamespace } from '../../services/platform/namespace.js';
import { topicsOf } from '../../services/platform/topics.js';
import { activity, complete, failure, noCommand, startBody } from '../core/scenario.js';
import { ManualClock } from './manual-clock.js';
import { randomFrom } from './random.js';
import { eventually } from './world.js';

const retentionMs = 24 * 60 * 60 * 1000;

/** One partition's loop, with its state in the test's hands. */
async function openLoop() {
  const clock = new ManualClock();
  const log = createMemoryBroker({ now: () => clock.now() }).connect();
  const codec = createLocalCodec();
  const topics = topicsOf('test');
  const configuration = await provisionNamespace({ log, codec, namespace: 'test', partitions: 1 });
  const signal = new AbortController().signal;
  const shared = { log, codec, topics, configuration, partition: 0, identity: 'history', clock, signal };
  const { appender, ownerEpoch, fold } = await takeOver(shared);
  const { projection } = fold;
  const taskTopics = new TaskTopics(shared);
  const producer = log.producer();
  const deadLetters = createDeadLetters({ producer, topics, logger: silentLogger });
  const replies = { topic: topics.replies, partitions: configuration.replyPartitions };
  const onRoom = () => {};
  const delivery = new Delivery({ producer, taskTopics, deadLetters, replies, clock, logger: silentLogger, onRoom }, 0);
  const decider = new Decider({ ...shared, taskTopics, projection, runLog: projection.runLog, commandsOffset: -1 });
  const begin = { ownerEpoch, batch: 0, firstCommand: 0, retentionMs };
  const loop = new PartitionLoop({ ...begin, appender, projection, decider, delivery, clock });
  return { clock, log, codec, topics, projection, loop, ended: loop.run() };
}

describe('H3: state folded again', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    it(`equals the live state after a random run of commands (seed ${seed})`, async () => {
      const { clock, log, codec, topics, projection, loop, ended } = await openLoop();
      const random = randomFrom(seed);
      const pick = (n: number) => Math.floor(random() * n);
      for (let offset = 0; offset < 600; offset++) {
        const run = [...projection.state.runs.values()][pick(projection.state.runs.size)];
        await loop.take([{ offset, command: makeCommand(offset, run, pick) }]);
        // Now and then the append under way gets through and timers fire.
        if (pick(3) === 0) await new Promise((resolve) => setImmediate(resolve));
        if (pick(3) === 0) clock.advance(pick(3_000));
      }
      await loop.stop();
      await ended;

      const again = new HistoryFold({ partition: 0, codec, retentionMs });
      const source = { topic: topics.history, partition: 0 };
      const { next } = await log.offsets(source);
      const reader = log.reader((_, records) => again.add(records));
      await reader.assign(source, 0);
      await eventually(() => again.position === next);
      expect(again.projection.state).toEqual(projection.state);
      expect(projection.state.runs.size).toBeGreaterThan(10);
      for (const runId of projection.state.runs.keys()) {
        expect(again.projection.runLog.get(runId)).toEqual(projection.runLog.get(runId));
      }
      expect(again.commandsOffset).toBeGreaterThan(500);
    });
  }
});

/** A command that makes sense often enough to get deep into the rules, and often doesn't. */
function makeCommand(offset: number, run: RunState | undefined, pick: (n: number) => number): Command {
  const header = {
    requestId: `request-${offset}`,
    workflowId: run?.workflowId ?? 'w0',
    runId: run?.runId ?? null,
    identity: 'test',
    sentAt: 0,
    replyTo: { partition: 0, asker: 'asker' },
  };
  const task = run?.workflowTask;
  if (task && pick(3) > 0) {
    const commands = [
      activity(`a${offset}`, { startToCloseTimeoutMs: 1 + pick(3_000) }),
      { startTimer: { timerId: `t${offset}`, startToFireTimeoutMs: pick(3_000) } },
      ...(pick(6) === 0 ? [complete] : []),
    ].slice(pick(2));
    const answer = { scheduledEventId: task.scheduledEventId, attempt: task.attempt, startedAt: 0 };
    const seenEventId = (run?.nextEventId ?? 1) - 1;
    const all = commands.map((command) => ({ ...noCommand, ...command }));
    return { type: 'CompleteWorkflowTask', header, ...answer, seenEventId, commands: all };
  }
  const some = [...(run?.activities.values() ?? [])][0];
  const target = { header, scheduledEventId: some?.scheduledEventId ?? 5, attempt: some?.attempt ?? 1 };
  const fresh = { ...header, workflowId: `w${pick(20)}`, runId: `run-${offset}` };
  const choices: Command[] = [
    { type: 'StartWorkflow', ...startBody, header: fresh },
    { type: 'StartWorkflow', ...startBody, header: fresh, workflowIdConflictPolicy: 'TERMINATE_EXISTING' },
    { type: 'SignalWorkflow', header, signalName: 's', input: [], headers: {} },
    { type: 'ClaimActivityTask', ...target, startedAt: 0 },
    { type: 'CompleteActivityTask', ...target, result: null },
    { type: 'FailActivityTask', ...target, failure: failure('x') },
    { type: 'AwaitWorkflowResult', header },
    { type: 'DescribeWorkflow', header },
  ];
  return choices[pick(choices.length)] ?? { type: 'DescribeWorkflow', header };
}
