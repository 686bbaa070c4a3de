// `npm run quickstart`: the stack of `npm run dev`, the orders example on it, and the end of both.

import { join } from 'node:path';
import { startChild } from './child-process.js';
import { consoleLogger } from './console-logger.js';
import { interruption } from './interruption.js';
import { projectFolder } from './project-folder.js';
import { startStack } from './stack.js';

const interrupted = interruption();
try {
  const stack = await Promise.race([startStack(consoleLogger), interrupted]);
  if (stack === undefined) process.exit(130);
  consoleLogger.info('Kafka, the registry and a history service are up; running examples/orders');
  const example = await startChild({
    command: process.execPath,
    args: ['--enable-source-maps', join(projectFolder, 'dist', 'examples', 'orders', 'main.js')],
    env: stack.env,
    cwd: projectFolder,
    onLine(line, stream) {
      process[stream].write(`${line}\n`);
    },
  });
  const status = await Promise.race([example.exited, interrupted]);
  await example.stop();
  await stack.stop();
  process.exit(status === undefined ? 130 : (status.code ?? 1));
} catch (error) {
  consoleLogger.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
