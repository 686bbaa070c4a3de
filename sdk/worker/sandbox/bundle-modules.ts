// What workflow code may import: the SDK's libraries come from the sandbox, the host's modules are refused.
import { builtinModules } from 'node:module';
import type { Metafile, Plugin } from 'esbuild';

/** Imports of Millrace that make no sense inside a workflow. */
const HOST_PACKAGES = ['millrace/activity', 'millrace/client', 'millrace/testing', 'millrace/worker'];
const BUILTINS = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));

const LIBRARY = 'millrace-library';
const FORBIDDEN = 'millrace-forbidden';

/** The plugin that resolves those imports. */
export async function sandboxModules(): Promise<Plugin> {
  const libraries: Readonly<Record<string, string>> = {
    'millrace/common': libraryModule('common', await import('../../common/index.js')),
    'millrace/workflow': libraryModule('workflow', await import('../../workflow/index.js')),
  };
  return {
    name: 'millrace-sandbox-modules',
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path }) => {
        if (Object.hasOwn(libraries, path)) return { path, namespace: LIBRARY };
        // What nothing in the bundle uses is dropped, and then it isn't missed.
        if (BUILTINS.has(path) || path.startsWith('node:') || HOST_PACKAGES.includes(path)) {
          return { path, namespace: FORBIDDEN, sideEffects: false };
        }
        return undefined;
      });
      build.onLoad({ filter: /.*/, namespace: LIBRARY }, ({ path }) => ({ contents: libraries[path] ?? '' }));
      build.onLoad({ filter: /.*/, namespace: FORBIDDEN }, () => ({ contents: 'module.exports = {};' }));
    },
  };
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
  const entry = Object.values(outputs).find(({ entryPoint }) => entryPoint !== undefined)?.entryPoint;
  const chains = entry === undefined ? [] : forbiddenChains(inputs, entry, bundled);
  if (chains.length === 0) return undefined;
  const lines = chains.map((chain) => `  ${chain.join('\n    imports ').replace(`${FORBIDDEN}:`, '')}`);
  return (
    `workflow code can't use modules of the host, since a replay could not repeat what they do:\n${lines.join('\n')}\n` +
    'Do that work in an activity, and import activities as types only (import type * as activities from …).'
  );
}

/** The shortest way from the entry to each forbidden module in the bundle. */
function forbiddenChains(inputs: Metafile['inputs'], entry: string, bundled: ReadonlySet<string>): string[][] {
  const chains: string[][] = [];
  const reached = new Set([entry]);
  const queue = [[entry]];
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
