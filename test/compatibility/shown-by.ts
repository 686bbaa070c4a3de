// Which tests say that they show which features. Read from the sources, not from a run, so that the page needs neither
// a broker nor the time of all tests: that they pass is what CI is for.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface TaggedTest {
  /** From the repository's root. */
  readonly file: string;
  /** The title of the test or describe, without the brackets. */
  readonly title: string;
  readonly ids: readonly string[];
}

/** The first argument of a test or describe; after `)` for those with a table. What is skipped shows nothing. */
const title =
  /(?:\b(?:test|it|describe)(?:\.(?:only|concurrent|sequential))*|\))\(\s*(['"`])((?:\\.|(?!\1)[^\\\n])+)\1,/g;

const brackets = / ?\[([a-z]+\.[a-z0-9-]+(?: [a-z]+\.[a-z0-9-]+)*)\]/;

/** The tagged titles of one test file. */
export function taggedTestsIn(file: string, source: string): TaggedTest[] {
  return [...source.matchAll(title)].flatMap(([, , text = '']) => {
    const tags = brackets.exec(text)?.[1];
    if (tags === undefined) return [];
    return [{ file, title: text.replace(brackets, '').replace(/\\(.)/g, '$1'), ids: tags.split(' ') }];
  });
}

/** The tagged titles of all tests below `folder`, in the order of their files. */
export function taggedTests(root: string, folder: string): TaggedTest[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort()
    .flatMap((file) => taggedTestsIn(file, readFileSync(join(root, file), 'utf8')));
}
