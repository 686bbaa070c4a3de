// Runs an example: node dist/examples/main.js <name>. The services are those of KAFKA_BROKERS and SCHEMA_REGISTRY_URL.
import { randomUUID } from 'node:crypto';
import { Connection } from 'millrace/client';
import { examples } from './examples.js';

const name = process.argv[2] ?? '';
const load = examples.get(name);
if (load === undefined) {
  console.error(
    `usage: node dist/examples/main.js <name>, where the name is one of:\n  ${[...examples.keys()].join('\n  ')}`,
  );
  process.exit(2);
}
const namespace = process.env.MILLRACE_NAMESPACE ?? 'default';
const connection = await Connection.connect();
try {
  const { program } = await load();
  const id = `${name}-${randomUUID().slice(0, 8)}`;
  await program({ connection, namespace, taskQueue: id, id, say: (line) => console.log(line) });
} finally {
  await connection.close();
}
