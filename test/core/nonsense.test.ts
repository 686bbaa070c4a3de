// Commands that can be read and make no sense: a broken or foreign client's, an old worker's, somebody's experiment.
// Whatever they say, the partition goes on (H9 is for its own defects).
import { expect, it } from 'vitest';
import { defaultsOf } from '../../schemas/generated/defaults.js';
import type { Command, WorkflowCommand } from '../../schemas/generated/messages.js';
import { dueAt } from '../../services/history/core/due.js';
import type { Input } from '../../services/history/core/input.js';
import { runOf } from '../../services/history/core/lookup.js';
import type { RunState } from '../../services/history/core/state.js';
import { keepRun, readKept, unpackRun } from '../../services/history/kept-run.js';
import { createLocalCodec } from '../../services/platform/codec/local-codec.js';
import { messageNames, randomFrom, sampleMessage } from '../codec/samples.js';
import { Scenario, startBody } from './scenario.js';

const codec = createLocalCodec();
const commandNames = messageNames.filter((name) => /^millrace\.command\.\w+$/.test(name) && isCommand(name));
const workflowIds = ['a', 'b'];

function isCommand(name: string): boolean {
  return 'header' in sampleMessage(name, randomFrom(1));
}

function currentRunOf({ state }: Scenario, workflowId: string): RunState | undefined {
  const header = { requestId: '', workflowId, runId: null, identity: '', sentAt: 0, replyTo: null };
  return runOf(state, header);
}

/** A command of any type and content, of which some parts are aimed at what there is. */
function nonsense(random: () => number, scenario: Scenario): Command {
  const pick: Pick = (values) => values[Math.floor(random() * values.length)] as (typeof values)[number];
  const often = () => random() < 0.8;
  // Answers to workflow tasks get deepest, and are one type among many.
  const name = random() < 0.35 ? 'millrace.command.CompleteWorkflowTask' : pick(commandNames);
  const sample = sampleMessage(name, random) as Command;
  const workflowId = pick(workflowIds);
  const run = currentRunOf(scenario, workflowId);
  const header = {
    ...sample.header,
    workflowId,
    runId: often() ? (run?.runId ?? `run-${random()}`) : sample.header.runId,
    requestId: often() ? `request-${random()}` : sample.header.requestId,
  };
  const command = { ...sample, header };
  if (command.type === 'StartWorkflow' && often()) return { type: 'StartWorkflow', ...startBody, header };
  if (run !== undefined && often()) return aimed(command, run, pick, random);
  return command;
}

type Pick = <T>(values: readonly T[]) => T;

function aimed(command: Command, run: RunState, pick: Pick, random: () => number): Command {
  if (command.type === 'CompleteWorkflowTask' || command.type === 'FailWorkflowTask') {
    const { scheduledEventId = 0, attempt = 0 } = run.workflowTask ?? {};
    const seenEventId = run.nextEventId - 1 - Math.floor(random() * 3);
    if (command.type === 'FailWorkflowTask') return { ...command, scheduledEventId, attempt, seenEventId };
    return {
      ...command,
      scheduledEventId,
      attempt,
      seenEventId,
      commands: command.commands.slice(0, 1 + Math.floor(random() * 2)).map((each) => oneOnly(each, run, pick)),
    };
  }
  if ('initiatedEventId' in command) {
    const initiatedEventId = pick([...run.children.keys(), ...run.outgoing.keys()]);
    return initiatedEventId === undefined ? command : { ...command, initiatedEventId };
  }
  if ('scheduledEventId' in command) {
    const activity = pick([...run.activities.values()]);
    if (activity === undefined) return command;
    return { ...command, scheduledEventId: activity.scheduledEventId, attempt: activity.attempt };
  }
  return command;
}

const schedulable = { taskQueue: 'q', activityType: 'a', startToCloseTimeoutMs: 1_000, retryPolicy: null };
const startable = { taskQueue: 'q', workflowType: 'w', workflowTaskTimeoutMs: 1_000, retryPolicy: null };

/** Leaves one kind of the command, and lets what it asks for begin or be answered: nothing would come after a refusal otherwise. */
function oneOnly(command: WorkflowCommand, run: RunState, pick: Pick): WorkflowCommand {
  const [kind, attributes] = pick(Object.entries(command).filter(([, value]) => value !== null)) ?? [];
  if (kind === undefined) return command;
  return { ...defaultsOf.WorkflowCommand, [kind]: { ...attributes, ...legal(kind, run, pick) } };
}

function legal(kind: string, run: RunState, pick: Pick): object {
  if (kind === 'scheduleActivityTask') return schedulable;
  if (kind === 'startChildWorkflowExecution') return { ...startable, workflowId: pick([...workflowIds, 'c']) };
  if (kind.endsWith('Update')) return { updateId: pick([...run.updates.keys()]) ?? '' };
  return kind.includes('External') ? { workflowId: pick([...workflowIds, 'c']), runId: null } : {};
}

/** Lets something that workflows sent each other arrive, perhaps not for the last time. */
function passOn(scenario: Scenario, random: () => number): void {
  const [command] = scenario.onTheirWay;
  if (command === undefined) return;
  if (random() < 0.7) scenario.onTheirWay.shift();
  feed(scenario, { kind: 'command', command: codec.decode(codec.encode(command)) as Command });
}

/** Feeds an input, encodes what it decides as the owner does, and tells how many events there were. */
function feed(scenario: Scenario, input: Input): number {
  const { events, effects } = scenario.input(input, input.kind);
  for (const event of events) codec.encode(event);
  for (const effect of effects) if (effect.kind === 'reply') codec.encode(effect.reply);
  return events.length;
}

/** Does what is due by now. Something must come of it, or it would be due for ever. */
function passTime(scenario: Scenario): void {
  for (const workflowId of workflowIds) {
    const run = currentRunOf(scenario, workflowId);
    for (let turn = 0; run !== undefined && turn < 20 && (dueAt(run) ?? Infinity) <= scenario.now; turn++) {
      expect(feed(scenario, { kind: 'timer-due', runId: run.runId })).toBeGreaterThan(0);
    }
  }
}

/** The run as it comes back from a snapshot or from the local store. */
function afterKeeping(run: RunState): RunState {
  const { workflowId, runId } = run;
  const places = { lastEventId: 0, firstOffset: 0, lastOffset: 0, unplaced: 0 };
  const records = { workflowId, runId, key: Buffer.from(workflowId), events: [], ...places };
  return unpackRun(codec, readKept(codec, keepRun(codec, { run, records }))).run;
}

it('commands that make no sense never stop a partition, and leave runs that can be kept', () => {
  const statuses = new Set<string | undefined>();
  for (let seed = 1; seed <= 60; seed++) {
    const random = randomFrom(seed);
    const scenario = new Scenario();
    scenario.now = 1_795_000_000_000;
    for (let turn = 0; turn < 60; turn++) {
      const command = nonsense(random, scenario);
      const asRead = codec.decode(codec.encode(command)) as Command;
      try {
        feed(scenario, { kind: 'command', command: asRead });
        passOn(scenario, random);
        scenario.now += Math.floor(random() ** 4 * 100_000);
        passTime(scenario);
      } catch (error) {
        throw new Error(`seed ${seed}, turn ${turn}: ${JSON.stringify(asRead)}`, { cause: error });
      }
      statuses.add(runOf(scenario.state, asRead.header)?.status);
      const run = currentRunOf(scenario, workflowIds[turn % 2] ?? '');
      if (run !== undefined) expect(afterKeeping(run), `seed ${seed}, turn ${turn}`).toEqual(run);
    }
  }
  // The nonsense reaches far enough to be worth something.
  expect(statuses.size).toBeGreaterThan(4);
});
