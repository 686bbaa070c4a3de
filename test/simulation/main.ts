// npm run simulate -- --seed N | --seeds A..B [--minutes M] [--sites]
import { parseArgs } from 'node:util';
import { CrashSites } from './crash-sites.js';
import { type SimulationReport, simulate } from './simulation.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    minutes: { type: 'string', default: '3' },
    /** Goes on after a failure. */
    all: { type: 'boolean', default: false },
    /** Lists the places at which processes were killed. */
    sites: { type: 'boolean', default: false },
  },
});

const minutes = Number(values.minutes);
const [first, last] = rangeOf(values.seeds ?? values.seed ?? String(Date.now() % 1_000_000));
const sites = new CrashSites();
const startedAt = Date.now();
let simulatedMs = 0;
let runs = 0;
let events = 0;
let failures = 0;

for (let seed = first; seed <= last; seed++) {
  const report = await simulate({ seed, minutes });
  sites.add(report.sites);
  runs += 1;
  simulatedMs += report.simulatedMs;
  events += report.events;
  if (report.failure !== undefined) {
    failures += 1;
    process.exitCode = 1;
    tellOf(report, report.failure);
    if (!values.all) break;
  } else if (first === last) tellOfOne(report);
  else if (runs % 100 === 0) sumUp();
}
sumUp();
if (values.sites) for (const line of sites.lines()) say(line);

function rangeOf(text: string): [number, number] {
  const match = /^(\d+)(?:\.\.(\d+))?$/.exec(text);
  if (match === null) throw new TypeError(`'${text}' is no seed and no range of seeds: give N or A..B`);
  return [Number(match[1]), Number(match[2] ?? match[1])];
}

function tellOf({ seed, trace }: SimulationReport, failure: Error): void {
  say(`\nseed ${seed} FAILED: ${failure.message}`);
  for (let cause: unknown = failure.cause; cause instanceof Error; cause = cause.cause)
    say(cause.stack ?? cause.message);
  say(`the last steps of those concerned (milliseconds since the start, who, what):`);
  for (const line of trace) say(line);
  say(`run it again with: npm run simulate -- --seed ${seed} --minutes ${minutes}\n`);
}

function tellOfOne({ seed, fingerprint, steps, workflows }: SimulationReport): void {
  say(`seed ${seed}: ${workflows} workflows, ${steps} steps, fingerprint ${fingerprint.slice(0, 16)}`);
}

function sumUp(): void {
  const hours = (simulatedMs / 3_600_000).toFixed(1);
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(0);
  say(`${runs} seeds, ${failures} failed; ${hours} simulated hours in ${seconds} s; ${events} events`);
  for (const kind of ['history', 'worker', 'client'] as const) {
    const { covered, total, missing } = sites.coverage(kind);
    const rest = missing.length > 0 && missing.length <= 8 ? `; not yet: ${missing.join(', ')}` : '';
    say(`  places at which a ${kind} process was killed: ${covered} of ${total}${rest}`);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
