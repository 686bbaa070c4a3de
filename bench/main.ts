// `npm run bench [-- --json] [-- --only NAME …]`: the benchmarks, each as a ratio to `kafka-roundtrip` of the same run.
import { parseArgs } from 'node:util';
import { failover } from './failover.js';
import { helloSequential, helloThroughput } from './hello.js';
import { kafkaRoundtrip } from './kafka-roundtrip.js';
import { type Measurement, measurementOf, type Samples } from './measurement.js';
import { openWorkflows } from './open-workflows.js';
import { percentile } from './percentile.js';
import { timeBetween } from './processor-time.js';
import { replays } from './replay.js';
import { asJson, asTable } from './report.js';
import { restart } from './restart.js';
import { type Rig, startRig } from './rig.js';
import { remoteSteps } from './steps.js';
import { startEnvironments } from './test-environment.js';
import { endsOf, trafficSince } from './traffic.js';

interface Benchmark {
  readonly name: string;
  /** Runs it; `onMeasured` is called when its warm-up is over. */
  run(rig: Rig, onMeasured: () => void): Promise<Samples>;
  /** Workflows that were run, the warm-up included, where the traffic of each is of interest. */
  readonly workflows?: number;
  /** Takes minutes, and is run only when it is named. */
  readonly isLong?: true;
}

const STEPS = 50;
const STEP_WORKFLOWS = 20;

const benchmarks: readonly Benchmark[] = [
  { name: 'hello-sequential', workflows: 530, run: ({ client }) => helloSequential(client, 500) },
  { name: 'steps-50', workflows: STEP_WORKFLOWS + 1, run: ({ client }) => remoteSteps(client, STEPS, STEP_WORKFLOWS) },
  {
    name: 'hello-throughput-200',
    run: ({ client }, onMeasured) => helloThroughput(client, 'throughput-200', 10_000, 200, onMeasured),
  },
  {
    name: 'hello-throughput-1000',
    run: ({ client }, onMeasured) => helloThroughput(client, 'throughput-1000', 20_000, 1_000, onMeasured),
  },
  { name: 'test-environment-start', run: () => startEnvironments(20) },
  { name: 'replay-10000', run: ({ client }) => replays(client, 10_000, 20) },
  { name: 'restart-10000-open', run: (rig) => restart(rig, 10_000) },
  { name: 'failover-10000-open', isLong: true, run: (rig) => failover(rig, 10_000, 10) },
  { name: 'failover-100000-open', isLong: true, run: (rig) => failover(rig, 100_000, 10) },
  { name: 'open-workflows-100000', isLong: true, run: (rig) => openWorkflows(rig, 100_000) },
  { name: 'open-workflows-1000000', isLong: true, run: (rig) => openWorkflows(rig, 1_000_000) },
];

const { values } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string', multiple: true } } });
const chosen = benchmarks.filter(({ name, isLong }) => values.only?.includes(name) ?? !isLong);

/** Run before anything is measured, so that the broker and the processes of Node have compiled what is hot. */
const WARM_UP_WORKFLOWS = 5_000;

const rig = await startRig();
try {
  console.error('warming up …');
  await helloThroughput(rig.client, 'warm-up', WARM_UP_WORKFLOWS, 50);
  const unit = await kafkaRoundtrip(rig.log, rig.namespace, 2_000);
  const roundtripMs = percentile(unit.samplesMs, 0.5);
  const measurements = [measurementOf('kafka-roundtrip', unit, roundtripMs)];
  for (const benchmark of chosen) measurements.push(await measure(benchmark, roundtripMs));
  console.log(values.json ? asJson(measurements) : asTable(measurements));
} finally {
  await rig.stop();
}

async function measure({ name, run, workflows }: Benchmark, roundtripMs: number): Promise<Measurement> {
  console.error(`${name} …`);
  const ends = await endsOf(rig.log, rig.topics);
  let before = rig.processorTime();
  const samples = await run(rig, () => {
    before = rig.processorTime();
  });
  const processor = timeBetween(before, rig.processorTime());
  const measurement = { ...measurementOf(name, samples, roundtripMs), processor };
  if (workflows === undefined) return measurement;
  return { ...measurement, traffic: await trafficSince(rig.log, ends, workflows) };
}
