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

/** A table of how many orders ended in which way, and how long they took. */
export function summarize(run: Run): string {
  const { handled, refused, tookMs } = run;
  const rows = new Map<string, number>();
  const count = (row: string) => rows.set(row, (rows.get(row) ?? 0) + 1);

  for (const { outcome } of handled) {
    if (outcome instanceof Error) count(row('failed', outcome.name, ''));
    else if (outcome.outcome === 'COMPLETED') count(row('completed', '', outcome.customerTold ? '' : 'mail bounced'));
    else if (outcome.outcome === 'REJECTED') count(row('rejected', outcome.reason, ''));
    else count(row('compensated', outcome.reason, `undone: ${outcome.undone.join(', ')}`));
  }
  for (const { reason } of refused) count(row('refused at the edge', reason, ''));

  const times = handled.map((order) => order.tookMs).sort((a, b) => a - b);
  const lines = [...rows]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([text, n]) => `${String(n).padStart(5)}  ${text}`);
  return [
    ...lines.map((line) => line.trimEnd()),
    '',
    `${handled.length + refused.length} lines in ${seconds(tookMs)}; an order took ${seconds(quantile(times, 0.5))} (median), ` +
      `${seconds(quantile(times, 0.99))} (99 %)`,
    ...surprises(run).map(({ order, outcome }) => `UNEXPECTED ${order.id}: ${describe(outcome)}`),
  ].join('\n');
}

function row(outcome: string, reason: string, note: string): string {
  return `${outcome.padEnd(20)} ${reason.padEnd(22)} ${note}`;
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
