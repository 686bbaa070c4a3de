// What workflow code may import: the SDK's libraries come from the sandbox, the host's modules are refused.
import { builtinModules } from 'node:module';
import type { Metafile, Plugin } from 'esbuild';
import { dispensableModules } from './dispensable-modules.js';

/** Imports of Millrace that make no sense inside a workflow. */
const HOST_PACKAGES = [
  'millrace/activity',
  'millrace/client',
  'millrace/common/lib/proto-utils',
  'millrace/envconfig',
  'millrace/external-storage',
  'millrace/testing',
  'millrace/worker',
];
const BUILTINS = new Set(builtinModules);

/** Node's modules of which the sandbox has a part, as Temporal's has. CommonJS, so that what they export can be a function. */
const BUILTIN_STUBS: Readonly<Record<string, string>> = {
  assert: 'module.exports = globalThis.assert;',
  'assert/strict': 'module.exports = globalThis.assert.strict;',
  url: 'module.exports = { URL: globalThis.URL, URLSearchParams: globalThis.URLSearchParams };',
  util: 'module.exports = { TextEncoder: globalThis.TextEncoder, TextDecoder: globalThis.TextDecoder };',
};

const LIBRARY = 'millrace-library';
const FORBIDDEN = 'millrace-forbidden';
const IGNORED = 'millrace-ignored';

/** The plugin that resolves those imports. Ignored modules, and what is under them, are empty objects in the bundle. */
export async function sandboxModules(ignoreModules: readonly string[]): Promise<Plugin> {
  const common = libraryModule('common', await import('../../common/index.js'));
  const libraries: Readonly<Record<string, string>> = {
    'millrace/common': common,
    'millrace/common/lib/encoding': common,
    'millrace/workflow': libraryModule('workflow', await import('../../workflow/index.js')),
    ...BUILTIN_STUBS,
  };
  const ignored = ignoreModules.map(withoutScheme);
  const isDispensable = dispensableModules();
  return {
    name: 'millrace-sandbox-modules',
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, kind, importer }) => {
        if (kind === 'entry-point') return undefined;
        const name = withoutScheme(path);
        if (isAmong(ignored, name)) return { path, namespace: IGNORED };
        if (BUILTINS.has(name) && isDispensable(importer, name)) return { path, namespace: IGNORED };
        if (Object.hasOwn(libraries, name)) return { path: name, namespace: LIBRARY };
        // What nothing in the bundle uses is dropped, and then it isn't missed.
        if (BUILTINS.has(name) || path.startsWith('node:') || isAmong(HOST_PACKAGES, name)) {
          return { path, namespace: FORBIDDEN, sideEffects: false };
        }
        return undefined;
      });
      build.onLoad({ filter: /.*/, namespace: LIBRARY }, ({ path }) => ({ contents: libraries[path] ?? '' }));
      build.onLoad({ filter: /.*/, namespace: FORBIDDEN }, () => ({ contents: 'module.exports = {};' }));
      build.onLoad({ filter: /.*/, namespace: IGNORED }, () => ({ contents: 'module.exports = {};' }));
    },
  };
}

function withoutScheme(module: string): string {
  return module.startsWith('node:') ? module.slice('node:'.length) : module;
}

function isAmong(modules: readonly string[], name: string): boolean {
  return modules.some((module) => name === module || name.startsWith(`${module}/`));
}

/** A module that gives out what the sandbox holds already, so that all runs share one copy of the library. */
function libraryModule(name: string, library: object): string {
  return Object.keys(library)
    .map((key) => `export const ${key} = __millrace.${name}.${key};`)
    .join('\n');
}

/** What is wrong with the bundle's imports, with the chain that leads there; undefined when all are fine. */
export function checkForbiddenImports({ inputs, outputs }: Metafile): string | undefined {
  const bundled = new Set(Object.values(outputs).flatMap((output) => Object.keys(output.inputs)));
  const entry = Object.values(outputs).find(({ entryPoint }) => entryPoint !== undefined)?.entryPoint ?? '';
  const chains = forbiddenChains(inputs, entry, bundled);
  if (chains.length === 0) return undefined;
  const lines = chains.map((chain) => `  ${chain.join('\n    imports ').replace(`${FORBIDDEN}:`, '')}`);
  return (
    `workflow code can't use modules of the host, since a replay could not repeat what they do:\n${lines.join('\n')}\n` +
    'Do that work in an activity, and import activities as types only (import type * as activities from …). ' +
    'A module that is imported but never used at run time can be named in ignoreModules.'
  );
}

/** The shortest way from the user's modules, which the entry imports, to each forbidden module in the bundle. */
function forbiddenChains(inputs: Metafile['inputs'], entry: string, bundled: ReadonlySet<string>): string[][] {
  const chains: string[][] = [];
  const first = (inputs[entry]?.imports ?? []).map(({ path }) => path);
  const reached = new Set([entry, ...first]);
  const queue = first.map((path) => [path]);
  for (const chain of queue) {
    for (const { path } of inputs[chain.at(-1) ?? '']?.imports ?? []) {
      if (reached.has(path) || !bundled.has(path)) continue;
      reached.add(path);
      const longer = [...chain, path];
      if (path.startsWith(`${FORBIDDEN}:`)) chains.push(longer);
      else queue.push(longer);
    }
  }
  return chains;
}
