// A worker as a process of its own: what it runs is said by its environment.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NativeConnection, Worker } from 'millrace/worker';

const { MILLRACE_NAMESPACE = 'default', TASK_QUEUE = 'q', WORKFLOWS_MODULE, ACTIVITIES_MODULE } = process.env;

const connection = await NativeConnection.connect();
const worker = await Worker.create({
  connection,
  namespace: MILLRACE_NAMESPACE,
  taskQueue: TASK_QUEUE,
  ...(WORKFLOWS_MODULE ? { workflowsPath: resolve(WORKFLOWS_MODULE) } : {}),
  ...(ACTIVITIES_MODULE ? { activities: await import(pathToFileURL(resolve(ACTIVITIES_MODULE)).href) } : {}),
});
const running = worker.run();
process.stdout.write(`${JSON.stringify({ event: 'running', identity: `${process.pid}` })}\n`);
await running;
await connection.close();
