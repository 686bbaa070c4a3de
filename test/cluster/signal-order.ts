// Signals to one workflow are linearizable: each takes its place in the workflow's history at one moment between its
// call and its acknowledgement. So every acknowledged signal is there once, and none stands behind one that was called
// only after its acknowledgement. Updates will be held to the same, with a call for each and the events of their acceptance
// in `history`, once the workload sends some; their results too depend on that order. (A queue with enqueues alone needs no search for an order: history is the order.)

/** A signal as its client saw it, by one clock. */
export interface SignalCall {
  /** Told apart from all others by what it carries. */
  readonly id: string;
  readonly calledAt: number;
  /** Undefined for one whose outcome the client never learned: it may be there or not, also much later. */
  readonly acknowledgedAt: number | undefined;
}

/** What is wrong with the order in which a workflow's history has its signals; nothing when it is as it should be. */
export function orderFlaws(calls: readonly SignalCall[], history: readonly string[]): string[] {
  const found: string[] = [];
  const byId = new Map(calls.map((call) => [call.id, call]));
  const seen = new Set<string>();
  let latest: SignalCall | undefined;
  for (const id of history) {
    const call = byId.get(id);
    if (call === undefined) found.push(`${id} was never sent`);
    if (seen.has(id)) found.push(`${id} is there twice`);
    seen.add(id);
    if (call === undefined) continue;
    const { acknowledgedAt = Number.POSITIVE_INFINITY } = call;
    if (latest !== undefined && latest.calledAt > acknowledgedAt) {
      found.push(`${id}, acknowledged at ${acknowledgedAt}, stands behind ${latest.id}, called at ${latest.calledAt}`);
    }
    if (latest === undefined || call.calledAt > latest.calledAt) latest = call;
  }
  for (const { id, acknowledgedAt } of calls) {
    if (acknowledgedAt !== undefined && !seen.has(id)) found.push(`${id} was acknowledged and is missing`);
  }
  return found;
}
