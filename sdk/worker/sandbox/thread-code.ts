// Where the thread's own code comes from.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** What the thread runs: its entry (a module's URL, or a script's text), and the script that sets the sandbox up. */
export interface ThreadCode {
  readonly entry: URL | string;
  readonly runtimeCode: string;
}

const HEAD = '(function (module, __millrace) {';
const FOOT = '})';

let loaded: Promise<ThreadCode> | undefined;

/** Made once a process. */
export function loadThreadCode(): Promise<ThreadCode> {
  loaded ??= Promise.all([threadEntry(), runtimeScript()]).then(([entry, runtimeCode]) => ({ entry, runtimeCode }));
  return loaded;
}

/** A module's text as an expression: a function that evaluates the module anew at each call. */
export function wrapped(code: string): string {
  return `${HEAD}${code}${FOOT}`;
}

/** The library that workflow code imports, as one script: it lives in the sandbox's realm and serves all runs. */
function runtimeScript(): Promise<string> {
  const contents = `
    export { createRuntime } from './runtime.js';
    import * as workflow from './index.js';
    import * as common from '../common/index.js';
    export const libraries = { workflow: { ...workflow }, common: { ...common } };`;
  const resolveDir = fileURLToPath(new URL('../../workflow/', import.meta.url));
  return bundle({ stdin: { contents, resolveDir, loader: 'js' }, platform: 'neutral' }).then(wrapped);
}

/** A build has the entry as a module. Sources, as tests run them, are bundled first: Node 20 reads no TypeScript. */
async function threadEntry(): Promise<URL | string> {
  if (!import.meta.url.endsWith('.ts')) return new URL('./thread.js', import.meta.url);
  return bundle({ entryPoints: [fileURLToPath(new URL('./thread.ts', import.meta.url))], platform: 'node' });
}

async function bundle(options: Parameters<typeof build>[0]): Promise<string> {
  const { outputFiles } = await build({
    ...options,
    bundle: true,
    keepNames: true,
    format: 'cjs',
    mainFields: ['module', 'main'],
    target: 'node20',
    write: false,
    logLevel: 'silent',
  });
  const [output] = outputFiles ?? [];
  if (output === undefined) throw new Error('esbuild made no output');
  return output.text;
}
