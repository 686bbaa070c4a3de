// The module that a bundle begins with: it gathers what the sandbox needs of the user's modules.
import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ValueError } from '../../common/errors.js';

/** Its name among esbuild's inputs. */
export const ENTRY_FILE = 'millrace-workflow-entry.js';

/** The modules of a bundle: paths, file URLs, or names of packages. */
export interface BundledModules {
  /** A module, or a folder with an index. */
  readonly workflowsPath: string | URL;
  readonly payloadConverterPath?: string | undefined;
  readonly failureConverterPath?: string | undefined;
  readonly workflowInterceptorModules?: readonly string[] | undefined;
}

export interface BundleEntry {
  readonly contents: string;
  /** Where names of packages are looked up from. */
  readonly resolveDir: string;
  /** For messages. */
  readonly workflowsPath: string;
}

/** Throws a ValueError for an empty path. */
export function bundleEntry(modules: BundledModules): BundleEntry {
  const workflowsPath = pathOf(String(modules.workflowsPath));
  const { payloadConverterPath, failureConverterPath, workflowInterceptorModules = [] } = modules;
  const isFolder = existsSync(workflowsPath) && statSync(workflowsPath).isDirectory();
  const resolveDir = isFolder ? workflowsPath : dirname(workflowsPath);
  const from = (path: string) => JSON.stringify(specifierOf(pathOf(path), resolveDir));
  const interceptors = [...new Set(workflowInterceptorModules)];
  const exportOf = (name: string, path: string | undefined) =>
    path === undefined ? `export const ${name} = undefined;` : `export { ${name} } from ${from(path)};`;
  const lines = [
    `import * as workflows from ${from(workflowsPath)};`,
    ...interceptors.map((path, index) => `import * as interceptors${index} from ${from(path)};`),
    'export { workflows };',
    `export const interceptorModules = [${interceptors.map((_, index) => `interceptors${index}`).join(', ')}];`,
    exportOf('payloadConverter', payloadConverterPath),
    exportOf('failureConverter', failureConverterPath),
  ];
  return { contents: lines.join('\n'), resolveDir, workflowsPath };
}

/** Relative, so that a bundle is the same wherever it is made. */
function specifierOf(path: string, resolveDir: string): string {
  return isAbsolute(path) ? `./${relative(resolveDir, path)}` : path;
}

/** A path from the working directory, unless it is the name of a package. */
function pathOf(path: string): string {
  if (path === '') throw new ValueError('a module of the workflow bundle has an empty path');
  if (path.startsWith('file:')) return fileURLToPath(path);
  return isAbsolute(path) || (!path.startsWith('.') && !existsSync(resolve(path))) ? path : resolve(path);
}
