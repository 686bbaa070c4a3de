// `npm run dev`: Kafka, a schema registry and a history service, until Ctrl-C.

import { consoleLogger } from './console-logger.js';
import { interruption } from './interruption.js';
import { startStack } from './stack.js';

const interrupted = interruption();
try {
  const stack = await Promise.race([startStack(consoleLogger), interrupted]);
  // What was started so far ends with this process.
  if (stack === undefined) process.exit(130);
  console.log(`Millrace is up. Programs find it through

  export KAFKA_BROKERS=${stack.env.KAFKA_BROKERS}
  export SCHEMA_REGISTRY_URL=${stack.env.SCHEMA_REGISTRY_URL}
  export MILLRACE_NAMESPACE=${stack.namespace}

Ctrl-C ends it.`);
  await interrupted;
  consoleLogger.info('stopping');
  await stack.stop();
} catch (error) {
  consoleLogger.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
