// Where to connect to, from profiles in a TOML file that the environment may overrule.
import { Client } from 'millrace/client';
import { loadClientConnectConfig } from 'millrace/envconfig';
import { Worker } from 'millrace/worker';
import type { Program } from '../program.js';
import { modulePath } from '../workflows-path.js';
import { ping } from './workflows.js';

export const program: Program = async ({ connection, namespace, taskQueue, id, say }) => {
  // Usually a file, which MILLRACE_CONFIG_FILE names.
  const data = Buffer.from(`
    [profile.default]
    brokers = "localhost:9092"
    namespace = "${namespace}"

    [profile.production]
    brokers = "kafka-1:9093,kafka-2:9093"
    schema_registry = "https://registry:8081"
    namespace = "shop"
    [profile.production.tls]
    server_name = "kafka.example.org"
  `);
  const configSource = { data };
  const production = loadClientConnectConfig({
    configSource,
    profile: 'production',
    overrideEnvVars: { MILLRACE_NAMESPACE: 'shop-2' },
  });
  const { brokers, tls } = production.connectionOptions;
  say(`production: ${brokers}, ${tls ? 'with' : 'without'} TLS, namespace ${production.namespace}`);

  // A program of its own would now `Connection.connect(config.connectionOptions)`; this one has a connection.
  const config = loadClientConnectConfig({ configSource, disableEnv: true });
  const client = new Client({ connection, ...(config.namespace !== undefined && { namespace: config.namespace }) });
  const workflowsPath = modulePath('workflows', import.meta.url);
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowsPath });
  await worker.runUntil(async () => {
    say(await client.workflow.execute(ping, { workflowId: id, taskQueue }));
  });
};
