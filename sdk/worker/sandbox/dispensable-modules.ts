import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

type BrowserField = Readonly<Record<string, unknown>>;

/**
 * Whether a package does without a module of the host: its manifest's `browser` maps the module to false, as bundlers
 * for browsers read it. Such a package tries the module and goes on without.
 */
export function dispensableModules(): (importer: string, module: string) => boolean {
  const fields = new Map<string, BrowserField>();
  const fieldOf = (folder: string): BrowserField => {
    const known = fields.get(folder);
    if (known !== undefined) return known;
    const parent = dirname(folder);
    const field = browserField(folder) ?? (parent === folder ? {} : fieldOf(parent));
    fields.set(folder, field);
    return field;
  };
  return (importer, module) => fieldOf(dirname(importer))[module] === false;
}

/** Undefined where the folder has no manifest; empty where the manifest has no such field. */
function browserField(folder: string): BrowserField | undefined {
  let text: string;
  try {
    text = readFileSync(join(folder, 'package.json'), 'utf8');
  } catch {
    return undefined;
  }
  const { browser } = JSON.parse(text) as { readonly browser?: unknown };
  return typeof browser === 'object' && browser !== null ? (browser as BrowserField) : {};
}
