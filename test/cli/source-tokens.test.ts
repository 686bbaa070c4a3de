import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { moduleSpecifiers } from '../../services/cli/migrate/module-specifiers.js';
import { tokensOf } from '../../services/cli/migrate/source-tokens.js';

const textsOf = (source: string) => tokensOf(source).map(({ kind, text }) => `${kind} ${text}`);
const modulesOf = (source: string) => moduleSpecifiers(source).map(({ module }) => module);

describe('the tokens of a source', () => {
  it('tell comments, strings, templates, regular expressions and divisions apart', () => {
    expect(textsOf("#!/bin/node\na = 'x\\'y' /* 'c' */ // 'd'")).toEqual([
      'comment #!/bin/node',
      'name a',
      'mark =',
      "string x\\'y",
      "comment /* 'c' */",
      "comment // 'd'",
    ]);
    expect(textsOf("return /[/']/g")).toEqual(['name return', "mark /[/']/g"]);
    expect(textsOf("b / 'c' / d")).toEqual(['name b', 'mark /', 'string c', 'mark /', 'name d']);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a source
    const template = "`a ${`b ${'}'}`} c`";
    expect(textsOf(`${template} + 'd'`)).toEqual([`template ${template}`, 'mark +', 'string d']);
  });

  it('have their places', () => {
    const source = "import x from 'some';\n\nimport 'other';";
    for (const { text, start } of tokensOf(source)) expect(source.slice(start, start + text.length)).toBe(text);
  });

  it('go on after what opens and never closes', () => {
    expect(textsOf("don't\nimport 'x'")).toContain('string x');
    expect(textsOf('`open')).toEqual(['template `open']);
    expect(textsOf('/* open')).toEqual(['comment /* open']);
    expect(textsOf('`${ "open')).toHaveLength(1);
  });
});

describe('the places where a module is named', () => {
  it.each([
    ["import { a } from 'm'"],
    ["import type { A } from 'm'"],
    ["import a, * as b from 'm'"],
    ["export * from 'm'"],
    ["export { a as b } from 'm'"],
    ["import 'm'"],
    ["import a = require('m')"],
    ["await import('m')"],
    ["let a: typeof import('m').A"],
    ["require('m')"],
    ["require.resolve('m')"],
    ["jest.mock('m', () => ({}))"],
    ["jest.requireActual<typeof import('m')>('m')"],
    ["vi.mock('m')"],
    ["vi.importActual<Array<Map<string, number>>>('m')"],
    ["mock.module('m', {})"],
    ["declare module 'm' {}"],
    ['import "m" with { type: "json" }'],
  ])('are found in %s', (source) => {
    expect(new Set(modulesOf(source))).toEqual(new Set(['m']));
  });

  it.each([
    ["const a = 'm'"],
    ["log('m')"],
    ["// import 'm'"],
    ["/* require('m') */"],
    ['`import "m"`'],
    ["a.b === 'm'"],
    ["const module = 'm'"],
    ["f(a, 'm')"],
  ])('are not found in %s', (source) => {
    expect(modulesOf(source)).toEqual([]);
  });

  it('are found behind the text and the attributes of JSX', () => {
    const source = `const a = <p title="it's">Don't / or do: {b ? 'x' : <i/>}</p>;\nconst c = require('m');`;
    expect(modulesOf(source)).toEqual(['m']);
  });

  it('have the names that are imported, as the module calls them', () => {
    const [specifier] = moduleSpecifiers("import a, { b, type C, type d as e, f as type, type } from 'm'");
    expect(specifier?.names).toEqual(['b', 'C', 'd', 'f', 'type']);
    expect(moduleSpecifiers("import * as a from 'm'")[0]?.names).toEqual([]);
  });
});

it('finds in the sources of this package all that esbuild finds', async () => {
  const root = join(import.meta.dirname, '../../sdk');
  const sources = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
  const missed: string[] = [];
  for (const path of sources) {
    const found = new Set(modulesOf(readFileSync(path, 'utf8')));
    missed.push(...(await importsByEsbuild(path)).filter((name) => !found.has(name)).map((name) => `${path}: ${name}`));
  }
  expect(sources.length).toBeGreaterThan(100);
  expect(missed).toEqual([]);
});

async function importsByEsbuild(path: string): Promise<string[]> {
  const imports: string[] = [];
  const tsconfigRaw = { compilerOptions: { verbatimModuleSyntax: true } };
  const record: Plugin = {
    name: 'record',
    setup({ onResolve }) {
      onResolve({ filter: /.*/ }, ({ path, kind }) => {
        if (kind === 'entry-point') return undefined;
        imports.push(path);
        return { path, external: true };
      });
    },
  };
  await build({ entryPoints: [path], bundle: true, write: false, format: 'esm', tsconfigRaw, plugins: [record] });
  return imports;
}
