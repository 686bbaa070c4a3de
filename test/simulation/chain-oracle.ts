// What has to be true of the runs of one workflow. The workload starts each id once: all its runs are one chain.
import { type Run, type RunEvent, wrong } from './recorded-runs.js';

/**
 * Each workflow's chain, as if it were one run, by workflow id. Throws where a run doesn't follow from the one before,
 * where one follows twice, or where a run is to follow and there is none.
 */
export function chainsOf(runs: ReadonlyMap<string, Run>): Map<string, Run> {
  const chains = new Map<string, Run>();
  const lastRuns = new Map<string, Run>();
  for (const run of runs.values()) {
    const { workflowId } = run;
    const [before, chain] = [lastRuns.get(workflowId), chains.get(workflowId)];
    checkFollows(run, before);
    lastRuns.set(workflowId, run);
    chains.set(workflowId, chain === undefined ? run : joined(chain, run));
  }
  for (const run of lastRuns.values()) {
    if (nextRunId(run.events.at(-1)) !== undefined) throw wrong(run, 'its next run never began');
  }
  return chains;
}

/** The next run begins with the end of the one before, and carries what binds them. */
function checkFollows(run: Run, before: Run | undefined): void {
  const [start] = run.events;
  if (start?.type !== 'WorkflowExecutionStarted') throw wrong(run, 'it does not begin with its start');
  if (before === undefined) {
    if (start.continuedExecutionRunId !== null) throw wrong(run, 'it follows a run that is not there');
    return;
  }
  const close = before.events.at(-1);
  const [first] = before.events;
  if (nextRunId(close) !== run.runId) throw wrong(run, `it began, and run ${before.runId} says nothing of it`);
  if (start.continuedExecutionRunId !== before.runId) throw wrong(run, `it doesn't follow ${before.runId}`);
  if (start.header.eventTime !== close?.header.eventTime) throw wrong(run, 'it began apart from the end before it');
  if (first?.type === 'WorkflowExecutionStarted' && first.firstExecutionRunId !== start.firstExecutionRunId)
    throw wrong(run, 'it names another first run than the run before');
}

function nextRunId(event: RunEvent | undefined): string | undefined {
  return (event !== undefined && 'newExecutionRunId' in event && event.newExecutionRunId) || undefined;
}

function joined(chain: Run, run: Run): Run {
  return {
    ...chain,
    events: [...chain.events, ...run.events],
    recordedAtMs: [...chain.recordedAtMs, ...run.recordedAtMs],
  };
}
