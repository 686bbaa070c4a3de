// Nothing on its way is lost for good: a task that was put on its queue is carried out without being put there again.
import { type Run, type RunEvent, wrong } from './recorded-runs.js';
import type { World } from './world.js';

/** How long after the troubled time the last of its troubles may be felt: sessions end, processes start again. */
const AFTERMATH_MS = 45_000;

/**
 * History puts a task on its queue again when nobody has answered for a minute, and asks another workflow again that has
 * not answered for ten seconds. In peace, with room at the workers and
 * clocks that agree, that time never passes, unless the task had been lost: by an effect that was not sent again after
 * a takeover, or by a worker that took it for done too early.
 */
export function checkDispatches(world: World, runs: ReadonlyMap<string, Run>): void {
  if (world.slots < 20 || world.skewMs > 1_000 || world.clocksJumped) return;
  const peaceMs = world.startMs + world.troubledMs + AFTERMATH_MS;
  for (const run of runs.values()) {
    const attempts = new Map<string, number>();
    run.events.forEach((event, index) => {
      const recordedAtMs = run.recordedAtMs[index] ?? 0;
      if (event.type === 'ExternalCommandRedispatched' && recordedAtMs > peaceMs)
        throw wrong(run, `what it asked another workflow by event ${event.initiatedEventId} was lost`);
      const dispatch = dispatchOf(event);
      if (dispatch === undefined) return;
      const isAgain = !dispatch.isNew && attempts.get(dispatch.task) === dispatch.attempt;
      attempts.set(dispatch.task, dispatch.attempt);
      if (isAgain && recordedAtMs > peaceMs)
        throw wrong(run, `${dispatch.task} was lost: ${event.type} comes again with attempt ${dispatch.attempt}`);
    });
  }
}

interface Dispatch {
  readonly task: string;
  readonly attempt: number;
  readonly isNew: boolean;
}

function dispatchOf(event: RunEvent): Dispatch | undefined {
  switch (event.type) {
    case 'ActivityTaskScheduled':
      return { task: `activity ${event.header.eventId}`, attempt: 1, isNew: true };
    case 'ActivityTaskAttemptScheduled':
      return { task: `activity ${event.scheduledEventId}`, attempt: event.attempt, isNew: false };
    case 'WorkflowTaskScheduled':
      // One at a time: a numbered event begins the next.
      return { task: 'its workflow task', attempt: event.attempt, isNew: event.header.eventId !== 0 };
    default:
      return undefined;
  }
}
