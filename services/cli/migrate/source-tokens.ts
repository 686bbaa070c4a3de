// Splits a source into the tokens that tell where a module is named. A lexer and no parser: it needs no TypeScript (whose
// parser is some 20 MB and whose printer would lay the file out anew), takes JavaScript, TypeScript and JSX alike, and
// knows the place of each token, which esbuild and es-module-lexer don't give for TypeScript's own syntax. What it reads
// wrongly it reports as not mapped, since whatever is left of a name is found by plain search afterwards.

export interface Token {
  /** `name`: an identifier or keyword; `string`: a literal without its quotes; `template`: one with its backticks. */
  readonly kind: 'name' | 'string' | 'template' | 'mark' | 'comment';
  readonly text: string;
  /** Where `text` begins. */
  readonly start: number;
}

/** Keywords after which a slash begins a regular expression. */
const beforeExpression = new Set(
  'return typeof case in of delete void throw new do else instanceof yield await'.split(' '),
);

const spaces = /\s+/y;
const comment = /(?:\/\/|#!)[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const name = /[\p{ID_Start}$_#@][\p{ID_Continue}$\u200c\u200d]*/uy;
const number = /\.?\d[\w.]*/y;
/** Ends with its line: an apostrophe in the text of JSX opens none. */
const string = /'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"/y;
const regularExpression = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/\w*/y;

/** The tokens of a source, comments included, in order. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let last: Token | undefined;
  let at = 0;
  while (at < source.length) {
    const space = matchAt(spaces, source, at);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const token = tokenAt(source, at, last === undefined || beginsExpression(last));
    tokens.push(token);
    if (token.kind !== 'comment') last = token;
    // A string's quotes aren't in its text.
    at = token.start + token.text.length + (token.kind === 'string' ? 1 : 0);
  }
  return tokens;
}

function tokenAt(source: string, at: number, isExpressionNext: boolean): Token {
  const commented = matchAt(comment, source, at);
  if (commented !== undefined) return { kind: 'comment', text: commented, start: at };
  const quoted = matchAt(string, source, at);
  if (quoted !== undefined) return { kind: 'string', text: quoted.slice(1, -1), start: at + 1 };
  if (source[at] === '`') return { kind: 'template', text: source.slice(at, endOfTemplate(source, at)), start: at };
  const pattern = isExpressionNext ? matchAt(regularExpression, source, at) : undefined;
  if (pattern !== undefined) return { kind: 'mark', text: pattern, start: at };
  const word = matchAt(name, source, at) ?? matchAt(number, source, at);
  if (word !== undefined) return { kind: 'name', text: word, start: at };
  return { kind: 'mark', text: source[at] ?? '', start: at };
}

function matchAt(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

function beginsExpression({ kind, text }: Token): boolean {
  if (kind === 'name') return beforeExpression.has(text);
  return kind === 'mark' && !/^[)\]}]$/.test(text) && !text.startsWith('/');
}

/** Just behind the closing backtick; the source's end where there is none. */
function endOfTemplate(source: string, start: number): number {
  let at = start + 1;
  while (at < source.length) {
    if (source[at] === '\\') at += 2;
    else if (source[at] === '`') return at + 1;
    else if (source.startsWith('${', at)) at = endOfSubstitution(source, at + 2);
    else at += 1;
  }
  return source.length;
}

/** Just behind the brace that closes a substitution. */
function endOfSubstitution(source: string, start: number): number {
  let depth = 1;
  let at = start;
  while (at < source.length && depth > 0) {
    const skipped = matchAt(string, source, at) ?? matchAt(comment, source, at);
    if (skipped !== undefined) at += skipped.length;
    else if (source[at] === '`') at = endOfTemplate(source, at);
    else {
      if (source[at] === '{') depth += 1;
      if (source[at] === '}') depth -= 1;
      at += 1;
    }
  }
  return at;
}
