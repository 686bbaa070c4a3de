import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The path of a module beside the caller's, whether it is run from its sources or built. */
export function modulePath(name: string, from: string): string {
  const source = fileURLToPath(new URL(`./${name}.ts`, from));
  return existsSync(source) ? source : fileURLToPath(new URL(`./${name}.js`, from));
}

/** The path of a module beside the caller's as built: what Node loads by itself can't be TypeScript. */
export function builtModulePath(name: string, from: string): string {
  const examples = new URL('.', import.meta.url).href;
  const built = import.meta.url.endsWith('.ts') ? new URL('../dist/examples/', examples).href : examples;
  return fileURLToPath(new URL(`./${name}.js`, from.replace(examples, built)));
}
