import { randomUUID } from 'node:crypto';
import { Client, Connection } from 'millrace/client';
import { hello } from './workflows.js';

const connection = await Connection.connect();
const client = new Client({ connection });
const greeting = await client.workflow.execute(hello, {
  workflowId: `hello-${randomUUID()}`,
  taskQueue: 'hello',
  args: [process.argv[2] ?? 'world'],
});
console.log(greeting);
await connection.close();
