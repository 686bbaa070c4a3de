// A program that asks something and comes to its end without closing its connection, as many do.

import { Client, Connection } from '../../sdk/client/index.js';

const namespace = process.env.MILLRACE_NAMESPACE ?? 'default';
const client = new Client({ connection: await Connection.connect(), namespace });
const handle = await client.workflow.start('greet', { workflowId: 'left-alone', taskQueue: 'q' });
const { status } = await handle.describe();
console.log(JSON.stringify({ event: 'described', status: status.name }));
