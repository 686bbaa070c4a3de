import { createOrderWorker } from './order-worker.js';

// Ends on SIGTERM or SIGINT, once the tasks in hand are done.
const worker = await createOrderWorker();
await worker.run();
await worker.connection.close();
