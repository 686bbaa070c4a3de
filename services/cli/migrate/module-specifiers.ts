import { type Token, tokensOf } from './source-tokens.js';

/** A place of a source where a module is named. */
export interface ModuleSpecifier {
  readonly module: string;
  /** Where the name begins, behind its quote. */
  readonly start: number;
  /** What is imported by name; empty for the rest. */
  readonly names: readonly string[];
}

/** Functions whose first argument is a module's name: Node's, and those of jest, vitest and node:test. */
const moduleFunctions = new Set([
  'import',
  'require',
  'resolve',
  'mock',
  'unmock',
  'doMock',
  'doUnmock',
  'dontMock',
  'deepUnmock',
  'setMock',
  'unstable_mockModule',
  'createMockFromModule',
  'requireActual',
  'requireMock',
  'importActual',
  'importMock',
  'module',
]);

/** All places of a source where a module is named, in order. */
export function moduleSpecifiers(source: string): ModuleSpecifier[] {
  const tokens = tokensOf(source).filter(({ kind }) => kind !== 'comment');
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'string' || !isModulePlace(tokens, index)) return [];
    return [{ module: token.text, start: token.start, names: namesBefore(tokens, index) }];
  });
}

/** Whether the string at `index` names a module: `from '…'`, `import '…'`, `declare module '…'`, `require('…')` and so on. */
function isModulePlace(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  if (before?.kind === 'name') {
    if (before.text === 'module') return tokens[index - 2]?.text === 'declare';
    return before.text === 'from' || before.text === 'import';
  }
  if (before?.text !== '(') return false;
  const callee = tokens[beforeTypeArguments(tokens, index - 2)];
  return callee?.kind === 'name' && moduleFunctions.has(callee.text);
}

/** The index of what is called where `index` is just before its parenthesis: type arguments stand between. */
function beforeTypeArguments(tokens: readonly Token[], index: number): number {
  if (tokens[index]?.text !== '>') return index;
  let depth = 0;
  for (let at = index; at >= 0; at -= 1) {
    if (tokens[at]?.text === '>') depth += 1;
    if (tokens[at]?.text === '<') depth -= 1;
    if (depth === 0) return at - 1;
  }
  return -1;
}

/** The names in the braces of `import { … } from` or `export { … } from`, as the module has them. */
function namesBefore(tokens: readonly Token[], index: number): string[] {
  if (tokens[index - 1]?.text !== 'from' || tokens[index - 2]?.text !== '}') return [];
  let open = index - 2;
  while (open > 0 && tokens[open]?.text !== '{') open -= 1;
  const names: string[] = [];
  for (let at = open + 1; at < index - 2; at += 1) {
    const isFirst = tokens[at - 1]?.text === '{' || tokens[at - 1]?.text === ',' || tokens[at - 1]?.text === 'type';
    const { kind, text } = tokens[at] ?? { kind: 'mark', text: '' };
    const next = tokens[at + 1]?.text;
    if (kind === 'name' && isFirst && !(text === 'type' && next !== ',' && next !== '}')) names.push(text);
  }
  return names;
}
