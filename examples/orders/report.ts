import { isDeepStrictEqual } from 'node:util';
import { expectedOutcome } from './expected-outcome.js';
import type { RefusedLine } from './read-orders.js';
import type { HandledOrder } from './start-orders.js';

export interface Run {
  readonly handled: readonly HandledOrder[];
  readonly refused: readonly RefusedLine[];
  readonly tookMs: number;
}

/** The orders that didn't end as their data says they must. */
export function surprises({ handled }: Run): readonly HandledOrder[] {
  return handled.filter(({ order, outcome }) => !isDeepStrictEqual(outcome, expectedOutcome(order)));
}

/** A table of how many orders ended in which way, how long they took, and whether all ended as they must. */
export function summarize(run: Run): string {
  const { handled, refused, tookMs } = run;
  const counts = new Map<string, number>();
  const rows = [
    ...handled.map(({ outcome }) => endOf(outcome)),
    ...refused.map(({ reason }) => row('refused at edge', reason)),
  ];
  for (const text of rows) counts.set(text, (counts.get(text) ?? 0) + 1);

  const times = handled.map((order) => order.tookMs).sort((a, b) => a - b);
  const unexpected = surprises(run);
  return [
    ...[...counts]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([text, count]) => `${String(count).padStart(5)}  ${text}`),
    '',
    `${rows.length} lines in ${seconds(tookMs)}; an order took ${seconds(quantile(times, 0.5))} (median), ${seconds(quantile(times, 0.99))} (99 %)`,
    ...unexpected.map(({ order, outcome }) => `UNEXPECTED ${order.id}: ${describe(outcome)}`),
    unexpected.length === 0 ? 'all orders ended as they must' : `${unexpected.length} orders did not end as they must`,
  ].join('\n');
}

function endOf(outcome: HandledOrder['outcome']): string {
  if (outcome instanceof Error) return row('failed', outcome.name);
  if (outcome.outcome === 'COMPLETED') return row('completed', outcome.customerTold ? '' : '(mail bounced)');
  if (outcome.outcome === 'REJECTED') return row('rejected', outcome.reason);
  return row('compensated', outcome.reason, `undone: ${outcome.undone.join(', ')}`);
}

function row(end: string, reason: string, note = ''): string {
  return `${end.padEnd(16)} ${reason.padEnd(20)} ${note}`.trimEnd();
}

function describe(outcome: HandledOrder['outcome']): string {
  return outcome instanceof Error ? String(outcome) : JSON.stringify(outcome);
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
