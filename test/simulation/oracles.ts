// What has to be true after a simulation, whatever went wrong in it.
import { checkAcceptances } from './acceptance-oracle.js';
import { chainsOf } from './chain-oracle.js';
import { checkDeadLetters } from './dead-letter-oracle.js';
import { checkDispatches } from './dispatch-oracle.js';
import { checkFamilies } from './family-oracle.js';
import { checkLedger } from './ledger-oracle.js';
import { type Run, runsOf } from './recorded-runs.js';
import { checkRun } from './run-oracle.js';
import type { World } from './world.js';

/** Throws at the first thing that is wrong. Returns the number of events looked at. */
export async function checkAll(world: World): Promise<number> {
  if (world.failure !== undefined) throw world.failure;
  const runs = await runsOf(world);
  for (const run of runs.values()) checkRun(run);
  const chains = chainsOf(runs);
  checkEnded(world, chains);
  checkLedger(world.ledger, chains);
  checkDispatches(world, runs);
  checkFamilies(chains);
  await checkAcceptances(world, runs);
  await checkDeadLetters(world);
  let events = 0;
  for (const run of runs.values()) events += run.events.length;
  return events;
}

/** Liveness: in peace, everything comes to an end. */
function checkEnded({ ledger }: World, runs: ReadonlyMap<string, Run>): void {
  const open = ledger.progress.filter(({ ending }) => ending === undefined);
  if (open.length === 0) return;
  const first = open[0]?.errand.workflowId ?? '';
  const events = [...runs.values()].find(({ workflowId }) => workflowId === first)?.events ?? [];
  const last = events.slice(-3).map(({ type }) => type);
  throw new Error(
    `${open.length} of ${ledger.progress.length} workflows have not ended, among them ${first}; its last events: ${last.join(', ')}`,
  );
}
