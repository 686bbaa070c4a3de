import { Client, Connection } from 'millrace/client';
import { environment } from './environment.js';
import { handleOrderFile } from './handle-order-file.js';
import { summarize, surprises } from './report.js';

const connection = await Connection.connect();
const client = new Client({ connection, namespace: environment.namespace });

const run = await handleOrderFile(client, process.argv[2] ?? environment.ordersFile);
console.log(summarize(run));
process.exitCode = surprises(run).length === 0 ? 0 : 1;

await connection.close();
