import type { Measurement } from './measurement.js';

/** One JSON object a line. */
export function asJson(measurements: readonly Measurement[]): string {
  return measurements.map((measurement) => JSON.stringify(measurement)).join('\n');
}

/** A table for people, with what each benchmark wrote and took underneath. */
export function asTable(measurements: readonly Measurement[]): string {
  const head = ['benchmark', 'p50 ms', 'p99 ms', 'max ms', 'per second', '× roundtrip', 'records/wf', 'bytes/wf'];
  const rows = measurements.map(({ name, p50Ms, p99Ms, maxMs, perSecond, ratio, traffic }) => [
    name,
    p50Ms.toFixed(2),
    p99Ms.toFixed(2),
    maxMs.toFixed(2),
    perSecond.toFixed(0),
    ratio.toFixed(1),
    traffic === undefined ? '' : traffic.records.toFixed(1),
    traffic === undefined ? '' : traffic.bytes.toFixed(0),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return [
    line(head),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map(line),
    '',
    ...measurements.flatMap(details),
  ].join('\n');
}

function details({ name, count, processor, traffic }: Measurement): string[] {
  const lines: string[] = [];
  if (processor !== undefined) {
    const times = Object.entries(processor).map(([process, ms]) => `${process} ${(ms / count).toFixed(2)}`);
    lines.push(`${name}: processor ms a sample: ${times.join(', ')}`);
  }
  if (traffic !== undefined) {
    const topics = Object.entries(traffic.recordsByTopic).map(([topic, records]) => `${topic} ${records.toFixed(1)}`);
    lines.push(`${name}: records a workflow: ${topics.join(', ')}`);
  }
  return lines;
}
