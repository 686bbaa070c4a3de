// Turns a user's workflow module and all that it imports into one script for the sandbox.
import { isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildFailure, type BuildResult, build } from 'esbuild';
import { checkForbiddenImports, sandboxModules } from './sandbox/bundle-modules.js';
import { BUNDLE_FILE } from './sandbox/source-positions.js';

export interface BundleOptions {
  /** The module that exports the workflows, TypeScript or JavaScript: a path or a file URL. */
  readonly workflowsPath: string | URL;
}

export interface WorkflowBundle {
  /** An expression: a function that evaluates all modules anew at each call. */
  readonly code: string;
}

/** The workflows can't be bundled; the message says where and why. */
export class WorkflowBundleError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'WorkflowBundleError';
  }
}

/** Bundles workflow code. Rejects with a WorkflowBundleError. */
export async function bundleWorkflowCode(options: BundleOptions): Promise<WorkflowBundle> {
  const entry = pathOf(options.workflowsPath);
  const workingDir = process.cwd();
  let result: BuildResult<{ metafile: true; write: false }>;
  try {
    result = await build({
      entryPoints: [entry],
      absWorkingDir: workingDir,
      // Never written: the map's sources are relative to it.
      outfile: join(workingDir, BUNDLE_FILE),
      bundle: true,
      write: false,
      metafile: true,
      format: 'cjs',
      platform: 'neutral',
      target: 'node20',
      mainFields: ['module', 'main'],
      conditions: ['module', 'default'],
      define: { 'process.env.NODE_ENV': JSON.stringify('production') },
      sourcemap: 'inline',
      keepNames: true,
      banner: { js: '(function (module, __millrace) { var exports = module.exports;' },
      footer: { js: '})' },
      plugins: [await sandboxModules()],
      logLevel: 'silent',
    });
  } catch (error) {
    throw new WorkflowBundleError(`workflows of ${relative(workingDir, entry)} can't be bundled: ${textOf(error)}`, {
      cause: error,
    });
  }
  const problem = checkForbiddenImports(result.metafile);
  if (problem !== undefined) throw new WorkflowBundleError(problem);
  const [output] = result.outputFiles;
  if (output === undefined) throw new WorkflowBundleError('esbuild made no output');
  return { code: output.text };
}

function pathOf(workflowsPath: string | URL): string {
  const text = String(workflowsPath);
  const path = text.startsWith('file:') ? fileURLToPath(text) : text;
  return isAbsolute(path) ? path : resolve(path);
}

/** esbuild's own message lists all errors with their places. */
function textOf(error: unknown): string {
  const { errors } = error as Partial<BuildFailure>;
  if (errors === undefined || errors.length === 0) return error instanceof Error ? error.message : String(error);
  const lines = errors.map(({ text, location }) => {
    return location === null ? text : `${text} (${location.file}:${location.line}:${location.column + 1})`;
  });
  return lines.join('; ');
}
