import { readFile } from 'node:fs/promises';
import type { Logger } from '../../services/platform/logger.js';
import { bundleWorkflowCode } from './bundler.js';
import type { CompiledWorkerOptions } from './worker-options.js';

/** The bundle that a worker's options name, made now if they name modules. */
export async function workflowCode(
  workflows: NonNullable<CompiledWorkerOptions['workflows']>,
  logger: Logger,
): Promise<string> {
  if ('code' in workflows) return workflows.code;
  if ('codePath' in workflows) return readFile(workflows.codePath, 'utf8');
  const { code } = await bundleWorkflowCode({ logger, ...workflows });
  return code;
}
