import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { features, sections } from './features.js';
import { compatibilityPage } from './page.js';
import { taggedTests, taggedTestsIn } from './shown-by.js';

const root = join(import.meta.dirname, '../..');
const tests = taggedTests(root, 'test');
const shown = new Set(tests.flatMap((test) => test.ids));

describe('the checklist of features', () => {
  it('gives each feature an id of its own and a section of the page', () => {
    const ids = features.map((feature) => feature.id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index || !/^[a-z]+\.[a-z0-9-]+$/.test(id))).toEqual([]);
    expect(features.filter((feature) => !(feature.section in sections))).toEqual([]);
  });

  it('has every id that a test names', () => {
    const known = new Set(features.map((feature) => feature.id));
    const strays = tests.flatMap(({ file, title, ids }) =>
      ids.filter((id) => !known.has(id)).map((id) => `[${id}] in ${file}: ${title}`),
    );
    expect(strays).toEqual([]);
  });

  it('has for each feature a test that shows it, or the reason why there is none', () => {
    const bare = features.filter((feature) => feature.unsupported === undefined && !shown.has(feature.id));
    expect(bare.map((feature) => feature.id)).toEqual([]);
  });

  it('calls nothing unsupported that a test shows', () => {
    const shownAfterAll = features.filter((feature) => feature.unsupported !== undefined && shown.has(feature.id));
    expect(shownAfterAll.map((feature) => feature.id)).toEqual([]);
  });

  it('is the page as generated', async () => {
    await expect(compatibilityPage(sections, features, tests)).toMatchFileSnapshot(
      join(root, 'docs/reference/temporal-compatibility.md'),
    );
  });
});

describe('the ids in titles', () => {
  const idsIn = (source: string) => taggedTestsIn('some.test.ts', source).flatMap((test) => test.ids);

  it('are read from tests, describes and tables, several at once', () => {
    expect(idsIn(`test('sleeps [workflow.${'sleep'} workflow.${'log'}]', () => {});`)).toEqual([
      'workflow.sleep',
      'workflow.log',
    ]);
    expect(idsIn(`describe("an activity's end [workflow.${'sleep'}]", () => {});`)).toEqual(['workflow.sleep']);
    expect(idsIn(`it.each([\n  [1],\n])(\n  'takes %d [workflow.${'sleep'}]',\n  () => {},\n);`)).toEqual([
      'workflow.sleep',
    ]);
  });

  it('are not read from tests that are skipped, nor from other brackets', () => {
    expect(idsIn(`test.skip('sleeps [workflow.${'sleep'}]', () => {});`)).toEqual([]);
    expect(idsIn(`test.todo('sleeps [workflow.${'sleep'}]', () => {});`)).toEqual([]);
    expect(idsIn(`test('tells [TMPRL1100] and [a, b]', () => {});`)).toEqual([]);
  });
});
