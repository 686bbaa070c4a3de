import { NativeConnection } from 'millrace/worker';
import { createOrderWorker } from './order-worker.js';

// Ends on SIGTERM or SIGINT, once the tasks in hand are done.
const connection = await NativeConnection.connect();
const worker = await createOrderWorker(connection);
await worker.run();
await connection.close();
