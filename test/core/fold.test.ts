// Random scripts: whatever is sent, the rules hold.
import { describe, expect, it } from 'vitest';
import { apply } from '../../services/history/core/apply.js';
import { dueAt } from '../../services/history/core/due.js';
import { createPartition, currentRun, expiredRuns, forget } from '../../services/history/core/state.js';
import { activity, child, complete, failure, Scenario } from './scenario.js';

/** Mulberry32: the same numbers from the same seed. */
function randomFrom(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A few dozen commands that make sense often enough to get deep into the rules, and often don't. */
function play(seed: number): Scenario {
  const random = randomFrom(seed);
  const s = new Scenario();
  const pick = (n: number) => Math.floor(random() * n);
  let timers = 0;
  for (let step = 0; step < 60; step++) {
    const run = currentRun(s.state, 'w');
    const activities = run === undefined ? [] : [...run.activities.values()];
    const some = activities[pick(Math.max(1, activities.length))];
    const target = {
      scheduledEventId: some?.scheduledEventId ?? 5,
      attempt: (some?.attempt ?? 1) - (pick(5) === 0 ? 1 : 0),
    };
    const moves: Array<() => void> = [
      () => s.start({ workflowIdConflictPolicy: pick(4) === 0 ? 'TERMINATE_EXISTING' : 'FAIL' }, { runId: `r${step}` }),
      () => s.send('SignalWorkflow', { signalName: 's', input: [], headers: {} }, { requestId: `signal-${pick(6)}` }),
      () => s.send('ClaimActivityTask', { ...target, startedAt: s.now }),
      () => s.send('RecordActivityHeartbeat', { ...target, details: [] }),
      () => s.send('CompleteActivityTask', { ...target, result: null }),
      () => s.send('FailActivityTask', { ...target, failure: failure('x', { nonRetryable: pick(4) === 0 }) }),
      () => s.send('CancelActivityTask', { ...target, details: [] }),
      () => s.send('RequestCancelWorkflow', { reason: '' }),
      () => s.advance(pick(20_000)),
      () => s.advance(pick(5_000)),
      () => s.advance(pick(100)),
    ];
    const busyChild = childWithTask(s);
    if (busyChild !== undefined) moves.push(() => s.completeTask(pick(2) ? [complete] : [], {}, busyChild));
    if (run?.workflowTask) {
      const { workflowTask } = run;
      const seenEventId = workflowTask.scheduledEventId + pick(run.nextEventId - workflowTask.scheduledEventId);
      const commands = [
        activity(`a${step}`, { startToCloseTimeoutMs: 1 + pick(3_000), heartbeatTimeoutMs: pick(2) ? 500 : null }),
        { startTimer: { timerId: `t${timers++}`, startToFireTimeoutMs: pick(3_000) } },
        ...(some ? [{ requestCancelActivityTask: { activityId: some.activityId } }] : []),
        ...(run.timers.size > 0 ? [{ cancelTimer: { timerId: [...run.timers.keys()][0] ?? '' } }] : []),
        ...(pick(2) === 0 ? [child({ workflowId: `c${pick(3)}`, parentClosePolicy: 'REQUEST_CANCEL' })] : []),
        { signalExternalWorkflowExecution: { workflowId: `c${pick(3)}`, runId: null, signalName: 's' } },
        { requestCancelExternalWorkflowExecution: { workflowId: `c${pick(9)}`, runId: null, reason: '' } },
        ...(pick(6) === 0 ? [complete] : []),
      ].slice(pick(6));
      moves.push(
        () => s.completeTask(commands, { seenEventId }),
        () => s.completeTask(commands),
        () => s.completeTask(commands, { attempt: workflowTask.attempt + 1 }),
        () =>
          s.send('FailWorkflowTask', {
            scheduledEventId: workflowTask.scheduledEventId,
            attempt: workflowTask.attempt,
            seenEventId,
            cause: 'WORKFLOW_WORKER_UNHANDLED_FAILURE',
            failure: failure('bug'),
          }),
      );
    }
    moves[pick(moves.length)]?.();
    if (pick(2) === 0) passOn(s, pick);
  }
  return s;
}

/** Lets something that the workflows sent each other arrive, perhaps not for the last time. */
function passOn(s: Scenario, pick: (n: number) => number): void {
  const [command] = s.onTheirWay;
  if (command === undefined) return;
  if (pick(4) > 0) s.onTheirWay.shift();
  s.arrive(command);
}

function childWithTask(s: Scenario): string | undefined {
  return ['c0', 'c1', 'c2'].find((id) => currentRun(s.state, id)?.workflowTask);
}

const seeds = Array.from({ length: 300 }, (_, seed) => seed + 1);

describe('the fold', () => {
  it('H3: state folded again from the events equals the live state', () => {
    for (const seed of seeds) {
      const s = play(seed);
      const again = createPartition(0);
      for (const event of s.events) apply(again, event, 100);
      expect(again, `seed ${seed}`).toEqual(s.state);
    }
  });

  it('numbers the events and the records of each run without gaps', () => {
    for (const seed of seeds) {
      const numbers = new Map<string, { eventId: number; sequence: number }>();
      for (const event of play(seed).events) {
        if (event.type === 'PartitionOwnerClaimed') continue;
        const { runId, eventId, sequence } = event.header;
        const last = numbers.get(runId) ?? { eventId: 0, sequence: 0 };
        expect(sequence, `seed ${seed}`).toBe(last.sequence + 1);
        if (eventId !== 0) expect(eventId, `seed ${seed}`).toBe(last.eventId + 1);
        numbers.set(runId, { eventId: Math.max(last.eventId, eventId), sequence });
      }
    }
  });

  it('H7: what was due has been done, so that time moves on', () => {
    for (const seed of seeds) {
      const s = play(seed);
      s.advance(0);
      for (const run of s.state.runs.values()) expect(dueAt(run) ?? Infinity, `seed ${seed}`).toBeGreaterThan(s.now);
    }
  });

  it('leaves no event that workflow code has to be told of without a workflow task', () => {
    for (const seed of seeds) {
      for (const run of play(seed).state.runs.values()) {
        if (run.status !== 'RUNNING' || run.lastInboundEventId <= run.seenEventId) continue;
        expect(run.workflowTask, `seed ${seed}, ${run.runId}`).not.toBeNull();
      }
    }
  });

  it('H6: counts each activity completion once', () => {
    for (const seed of seeds) {
      const ended = new Set<string>();
      for (const event of play(seed).events) {
        if (!/^ActivityTask(Completed|Failed|TimedOut|Canceled)$/.test(event.type)) continue;
        if (!('scheduledEventId' in event)) continue;
        const key = `${event.header.runId} ${event.scheduledEventId}`;
        expect(ended.has(key), `seed ${seed}, ${key}`).toBe(false);
        ended.add(key);
      }
    }
  });

  it('tells a parent of the end of each of its children once, and after its start', () => {
    const told = { started: 0, ended: 0 };
    for (const seed of seeds) {
      const phases = new Map<string, 'started' | 'ended'>();
      for (const event of play(seed).events) {
        if (event.type === 'PartitionOwnerClaimed' || !event.type.startsWith('ChildWorkflowExecution')) continue;
        if (!('initiatedEventId' in event)) continue;
        const key = `${event.header.runId} ${event.initiatedEventId}`;
        const phase = event.type === 'ChildWorkflowExecutionStarted' ? 'started' : 'ended';
        expect(phases.get(key), `seed ${seed}, ${key}`).toBe(phase === 'started' ? undefined : 'started');
        phases.set(key, phase);
        told[phase] += 1;
      }
    }
    expect(told.started).toBeGreaterThan(20);
    expect(told.ended).toBeGreaterThan(10);
  });

  it('keeps closed runs for their retention, then forgets them', () => {
    const s = new Scenario();
    s.start();
    s.completeTask([complete]);
    expect(expiredRuns(s.state, s.now + 999, 1_000)).toEqual([]);
    expect(expiredRuns(s.state, s.now + 1_000, 1_000)).toEqual(['r1']);
    forget(s.state, 'r1');
    expect(s.state).toEqual(createPartitionAt(s));
    s.start({ workflowIdReusePolicy: 'REJECT_DUPLICATE' }, { runId: 'r2' });
    expect(s.run().status).toBe('RUNNING');
  });
});

function createPartitionAt(s: Scenario) {
  return { ...createPartition(0), lastEventTime: s.state.lastEventTime };
}
