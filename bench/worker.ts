// The worker of the benchmarks: a process of its own, which says on its standard output when it runs.
import { NativeConnection, Worker } from 'millrace/worker';
import * as activities from './activities.js';

const namespace = process.env.MILLRACE_NAMESPACE ?? 'bench';
const connection = await NativeConnection.connect();
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue: 'bench',
  workflowsPath: new URL('./workflows.js', import.meta.url).pathname,
  activities,
  maxConcurrentWorkflowTaskExecutions: 200,
  maxConcurrentActivityTaskExecutions: 200,
});
const running = worker.run();
console.log(JSON.stringify({ event: 'running' }));
await running;
await connection.close();
