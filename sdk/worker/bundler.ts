// Turns a user's workflow module and all that it imports into one script for the sandbox.
import { join, relative } from 'node:path';
import { type BuildFailure, type BuildResult, build } from 'esbuild';
import type { LogMetadata } from '../common/logger.js';
import { type BundledModules, type BundleEntry, bundleEntry, ENTRY_FILE } from './sandbox/bundle-entry.js';
import { checkForbiddenImports, sandboxModules } from './sandbox/bundle-modules.js';
import { BUNDLE_FILE } from './sandbox/source-positions.js';

/** What becomes of the bundle besides the workflows; `WorkerOptions.bundlerOptions`. */
export interface BundlerOptions {
  /** Modules that workflow code imports and never uses at run time: they are left out, as empty objects. */
  readonly ignoreModules?: readonly string[];
  /** Temporal shares these between the runs of a thread. Here each run has its own, so that naming them changes nothing. */
  readonly preloadModules?: readonly string[];
  /** There is no webpack here: a hook is not called, and a warning says so. */
  readonly webpackConfigHook?: unknown;
}

/** The options of `bundleWorkflowCode`; names are Temporal's. */
export interface BundleOptions extends BundledModules, BundlerOptions {
  readonly logger?: { warn(message: string, meta?: LogMetadata): unknown };
  /** Each may change the options before the bundle is made, in order. */
  readonly plugins?: readonly BundlerPlugin[];
}

export interface BundlerPlugin {
  readonly name: string;
  configureBundler?(options: BundleOptions): BundleOptions;
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

/** Bundles workflow code. Rejects with a WorkflowBundleError, or a ValueError for an option that is none. */
export async function bundleWorkflowCode(options: BundleOptions): Promise<WorkflowBundle> {
  const configured = (options.plugins ?? []).reduce((all, plugin) => plugin.configureBundler?.(all) ?? all, options);
  const { ignoreModules = [], webpackConfigHook, logger = console } = configured;
  if (webpackConfigHook !== undefined) {
    logger.warn(
      'webpackConfigHook is not called: workflows are bundled by esbuild. Use ignoreModules, or change the imports',
    );
  }
  const entry = bundleEntry(configured);
  const result = await runBundler(entry, ignoreModules);
  const problem = checkForbiddenImports(result.metafile);
  if (problem !== undefined) throw new WorkflowBundleError(problem);
  const [output] = result.outputFiles;
  if (output === undefined) throw new WorkflowBundleError('esbuild made no output');
  return { code: output.text };
}

type Built = BuildResult<{ metafile: true; write: false }>;

async function runBundler(entry: BundleEntry, ignoreModules: readonly string[]): Promise<Built> {
  const { contents, resolveDir, workflowsPath } = entry;
  const workingDir = process.cwd();
  try {
    return await build({
      stdin: { contents, resolveDir, sourcefile: ENTRY_FILE, loader: 'js' },
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
      resolveExtensions: ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx', '.json'],
      define: { 'process.env.NODE_ENV': JSON.stringify('production') },
      sourcemap: 'inline',
      keepNames: true,
      banner: { js: '(function (module, __millrace) { var exports = module.exports;' },
      footer: { js: '})' },
      plugins: [await sandboxModules(ignoreModules)],
      logLevel: 'silent',
    });
  } catch (error) {
    const message = `workflows of ${relative(workingDir, workflowsPath)} can't be bundled: ${textOf(error)}`;
    throw new WorkflowBundleError(message, { cause: error });
  }
}

/** esbuild's own message lists all errors with their places. */
function textOf(error: unknown): string {
  const { errors } = error as Partial<BuildFailure>;
  if (errors === undefined || errors.length === 0) return error instanceof Error ? error.message : String(error);
  const lines = errors.map(({ text, location }) => {
    const isOurs = location === null || location.file === ENTRY_FILE;
    return isOurs ? text : `${text} (${location.file}:${location.line}:${location.column + 1})`;
  });
  return lines.join('; ');
}
