import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from 'millrace/worker';
import * as activities from './activities.js';

const connection = await NativeConnection.connect();
const worker = await Worker.create({
  connection,
  taskQueue: 'hello',
  workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)),
  activities,
});
await worker.run();
await connection.close();
