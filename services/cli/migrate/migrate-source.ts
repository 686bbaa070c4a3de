import { extname } from 'node:path';
import { type Loader, transform } from 'esbuild';
import { mapModule, missingName } from './module-map.js';
import { moduleSpecifiers } from './module-specifiers.js';
import { tokensOf } from './source-tokens.js';

/** Something that was left as it is, for a person to look at. */
export interface Problem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

export interface MigratedFile {
  readonly text: string;
  /** How many names were changed. */
  readonly changes: number;
  readonly problems: readonly Problem[];
}

const TEMPORAL = '@temporalio/';

const loaders: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.js': 'jsx',
  '.mjs': 'jsx',
  '.cjs': 'jsx',
  '.jsx': 'jsx',
};

/** Whether a file is source code that may import something. */
export function isSource(path: string): boolean {
  return Object.hasOwn(loaders, extname(path));
}

/**
 * Rewrites the names of Temporal's modules in one source. esbuild, which parses what the lexer only skims, has the last
 * word: a text that it could read before and can't any more is given back as it was, with that as the problem.
 */
export async function migrateSource(path: string, source: string): Promise<MigratedFile> {
  if (!source.includes(TEMPORAL)) return { text: source, changes: 0, problems: [] };
  const problems: Problem[] = [];
  const known = new Set<number>();
  const parts: string[] = [];
  let end = 0;
  let changes = 0;
  for (const { module, start, names } of moduleSpecifiers(source)) {
    const mapping = mapModule(module);
    if (mapping === undefined) continue;
    known.add(start);
    const line = lineAt(source, start);
    if ('unmapped' in mapping) {
      problems.push({ line, message: `'${module}': ${mapping.unmapped}` });
      continue;
    }
    if (mapping.caveat !== undefined) problems.push({ line, message: `'${module}': ${mapping.caveat}` });
    for (const name of names) {
      const reason = missingName(module, name);
      if (reason !== undefined) problems.push({ line, message: `'${name}' of '${module}': ${reason}` });
    }
    parts.push(source.slice(end, start), mapping.module);
    end = start + module.length;
    changes += 1;
  }
  const text = parts.join('') + source.slice(end);
  problems.push(...otherMentions(source, known));
  if (changes > 0 && (await isReadable(path, source)) && !(await isReadable(path, text))) {
    return { text: source, changes: 0, problems: [{ line: 1, message: 'left as it is: it would not parse any more' }] };
  }
  return { text, changes, problems: problems.sort((a, b) => a.line - b.line) };
}

/** Mentions that are no import: configuration, module names in variables, text. */
function otherMentions(source: string, known: ReadonlySet<number>): Problem[] {
  const comments = tokensOf(source).filter(({ kind }) => kind === 'comment');
  const problems: Problem[] = [];
  for (let at = source.indexOf(TEMPORAL); at >= 0; at = source.indexOf(TEMPORAL, at + 1)) {
    const comment = comments.find(({ start, text }) => start <= at && at < start + text.length);
    const isDirective = comment?.text.startsWith('///') === true;
    if (known.has(at) || (comment !== undefined && !isDirective)) continue;
    const mention = /^[\w@/.-]+/.exec(source.slice(at))?.[0];
    problems.push({ line: lineAt(source, at), message: `'${mention}' is not in an import: change it by hand` });
  }
  return problems;
}

function lineAt(source: string, at: number): number {
  return source.slice(0, at).split('\n').length;
}

async function isReadable(path: string, code: string): Promise<boolean> {
  try {
    await transform(code, { loader: loaders[extname(path)] ?? 'ts', logLevel: 'silent' });
    return true;
  } catch {
    return false;
  }
}
