import type { Client } from 'millrace/client';
import { inFlight, oneByOne, type Samples } from './measurement.js';
import type { hello } from './workflows.js';

/** One workflow with one activity after the other: from the call of `execute` to its result. */
export function helloSequential(client: Client, count: number): Promise<Samples> {
  return oneByOne(count, 30, (index) => execute(client, 'sequential', index));
}

/** The same with `open` workflows under way at any time; their ids begin with `series`. */
export function helloThroughput(
  client: Client,
  series: string,
  count: number,
  open: number,
  onMeasured: () => void = () => {},
): Promise<Samples> {
  return inFlight(count, open * 2, open, (index) => execute(client, series, index), onMeasured);
}

async function execute(client: Client, series: string, index: number): Promise<void> {
  const greeting = await client.workflow.execute<typeof hello>('hello', {
    taskQueue: 'bench',
    workflowId: `${series}-${index}`,
    args: ['Ada'],
  });
  if (greeting !== 'Hello, Ada!') throw new Error(`workflow ${series}-${index} answered ${greeting}`);
}
