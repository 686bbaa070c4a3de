import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../services/cli/command.js';
import { migrateManifest } from '../../services/cli/migrate/migrate-manifest.js';
import { migrateProject } from '../../services/cli/migrate/migrate-project.js';
import { migrateSource } from '../../services/cli/migrate/migrate-source.js';
import { MILLRACE_VERSION, mapModule } from '../../services/cli/migrate/module-map.js';
import { reportText } from '../../services/cli/migrate/report-text.js';
import { writeSampleProject } from './sample-project.js';

describe('a source [migrate.imports]', () => {
  it('is changed in the names of modules and nowhere else', async () => {
    const source = [
      "import { Client } from '@temporalio/client';",
      'import { encode } from "@temporalio/common/lib/encoding"; // from @temporalio/common',
      "const worker = require('@temporalio/worker');",
      "jest.mock('@temporalio/activity');",
      "const text = 'a'; // kept",
      '',
    ].join('\r\n');
    expect(await migrateSource('a.ts', source)).toEqual({
      text: source
        .replace("'@temporalio/client'", "'millrace/client'")
        .replace('"@temporalio/common/lib/encoding"', '"millrace/common/lib/encoding"')
        .replace("'@temporalio/worker'", "'millrace/worker'")
        .replace("'@temporalio/activity'", "'millrace/activity'"),
      changes: 4,
      problems: [],
    });
  });

  it('without a mention is given back as it is', async () => {
    expect(await migrateSource('a.ts', "import 'x'; (")).toEqual({ text: "import 'x'; (", changes: 0, problems: [] });
  });
});

describe('what can not be mapped [migrate.unmapped]', () => {
  it('is told with its line and why', async () => {
    const source = [
      "import { temporal } from '@temporalio/proto';",
      "import { ScheduleClient, Client } from '@temporalio/client';",
      "import x from '@temporalio/workflow/lib/internals';",
      "import y from '@temporalio/unheard-of';",
      "const externals = ['@temporalio/worker'];",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a source
      'const name = `@temporalio/${part}`;',
      '/// <reference types="@temporalio/testing" />',
    ].join('\n');
    const { problems, changes } = await migrateSource('a.ts', source);
    expect(changes).toBe(2);
    expect(problems.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      "1: '@temporalio/proto': only temporal.api.common.v1.Payload is there: records are Avro",
      "2: 'ScheduleClient' of '@temporalio/client': schedules are not supported yet",
      "3: '@temporalio/workflow/lib/internals': millrace/workflow has no such inner module: see whether millrace/workflow exports what you need",
      "4: '@temporalio/unheard-of': there is no such package for Millrace",
      "5: '@temporalio/worker' is not in an import: change it by hand",
      "6: '@temporalio/' is not in an import: change it by hand",
      "7: '@temporalio/testing' is not in an import: change it by hand",
    ]);
  });

  it('is told of all that is in a file that the lexer misreads', async () => {
    const source = "const a = <p>`</p>;\nimport { Client } from '@temporalio/client';";
    expect(await migrateSource('a.tsx', source)).toEqual({
      text: source,
      changes: 0,
      problems: [{ line: 2, message: "'@temporalio/client' is not in an import: change it by hand" }],
    });
  });

  it.each(['activity', 'client', 'common', 'testing', 'worker', 'workflow', 'envconfig', 'common/lib/protobufs'])(
    'is not %s',
    (name) => {
      expect(mapModule(`@temporalio/${name}`)).toEqual({ module: `millrace/${name}` });
    },
  );
});

describe('a manifest [migrate.package-json]', () => {
  it('has one package in the place of the others, and its layout', () => {
    const manifest = [
      '{',
      '\t"name": "x",',
      '\t"dependencies": {',
      '\t\t"@temporalio/activity": "^1.0.0",',
      '\t\t"@temporalio/nexus": "^1.0.0",',
      '\t\t"@temporalio/client": "^1.0.0",',
      '\t\t"ms": "^2.0.0"',
      '\t},',
      '\t"devDependencies": {',
      '\t\t"@temporalio/testing": "^1.0.0"',
      '\t}',
      '}',
      '',
    ].join('\n');
    const { text, changes, problems } = migrateManifest(manifest);
    expect(text).toBe(
      [
        '{',
        '\t"name": "x",',
        '\t"dependencies": {',
        `\t\t"millrace": "^${MILLRACE_VERSION}",`,
        '\t\t"@temporalio/nexus": "^1.0.0",',
        '\t\t"ms": "^2.0.0"',
        '\t},',
        '\t"devDependencies": {}',
        '}',
        '',
      ].join('\n'),
    );
    expect(changes).toBe(3);
    expect(problems).toEqual([{ line: 5, message: expect.stringContaining("'@temporalio/nexus'") }]);
  });

  it('has what it overrides told', () => {
    const manifest = JSON.stringify({ overrides: { '@temporalio/client': '1.0.0' } }, null, 2);
    expect(migrateManifest(manifest)).toEqual({
      text: manifest,
      changes: 0,
      problems: [{ line: 2, message: "'overrides' names packages of Temporal: change it by hand" }],
    });
  });
});

describe('a project [migrate.imports migrate.package-json migrate.unmapped]', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'millrace-migrate-'));
    await writeSampleProject(root);
  });
  afterEach(() => rm(root, { recursive: true }));

  const contents = async () => {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')])));
  };

  it('is migrated once, with the rest told by file and line', async () => {
    const report = await migrateProject(root, { dryRun: false });
    expect(reportText(report, { dryRun: false })).toMatchInlineSnapshot(`
      "package.json: 5 changed
      src/activities.ts: 1 changed
      src/client.ts: 2 changed
      src/legacy.cjs: 1 changed
      src/page.tsx: 1 changed
      src/worker.mts: 3 changed
      src/workflows.ts: 2 changed
      test/order.test.ts: 4 changed

      Not mapped:
      package.json:6: '@temporalio/nexus': Nexus is not supported
      src/client.ts:2: 'ScheduleOverlapPolicy' of '@temporalio/client': schedules are not supported yet
      src/client.ts:9: '@temporalio/client' is not in an import: change it by hand
      src/legacy.cjs:2: '@temporalio/workflow/lib/worker-interface': millrace/workflow has no such inner module: see whether millrace/workflow exports what you need
      src/worker.mts:3: '@temporalio/proto': only temporal.api.common.v1.Payload is there: records are Avro

      changed 19 names in 8 of 8 files; 5 left to do by hand
      Run 'npm install' next.
      "
    `);
    const all = await contents();
    expect(all[join(root, 'test/order.test.ts')]).toMatchInlineSnapshot(`
      "import { TestWorkflowEnvironment } from 'millrace/testing';
      jest.mock('millrace/activity', () => ({ ...jest.requireActual<typeof import('millrace/activity')>('millrace/activity') }));
      console.log(TestWorkflowEnvironment);
      "
    `);
    expect(all[join(root, 'package.json')]).toMatchInlineSnapshot(`
      "{
        "name": "orders",
        "dependencies": {
          "millrace": "^0.1.0",
          "@temporalio/nexus": "^1.13.0"
        },
        "devDependencies": {
          "typescript": "^5.0.0"
        }
      }
      "
    `);
    const again = await migrateProject(root, { dryRun: false });
    expect(again.changed).toEqual([]);
    expect(await contents()).toEqual(all);
  });

  it('is not changed by a dry run, which tells the same', async () => {
    const before = await contents();
    const dry = await migrateProject(root, { dryRun: true });
    expect(await contents()).toEqual(before);
    expect(await migrateProject(root, { dryRun: false })).toEqual(dry);
    expect(reportText(dry, { dryRun: true })).toContain('would change');
  });

  it('keeps the modes of its files, and leaves ignored folders, other packages and links alone', async () => {
    await chmod(join(root, 'src/client.ts'), 0o750);
    const outside = await mkdtemp(join(tmpdir(), 'millrace-outside-'));
    await writeFile(join(outside, 'linked.ts'), "import '@temporalio/client';");
    await symlink(outside, join(root, 'linked'));
    await migrateProject(root, { dryRun: false });
    expect((await stat(join(root, 'src/client.ts'))).mode & 0o777).toBe(0o750);
    for (const path of ['lib/client.ts', 'node_modules/other/client.ts', 'linked/linked.ts']) {
      expect(await readFile(join(root, path), 'utf8')).toContain('@temporalio/client');
    }
    await rm(outside, { recursive: true });
  });

  it('with a manifest that is no JSON is migrated for the rest', async () => {
    await writeFile(join(root, 'package.json'), '{ "dependencies": ');
    const { changed, problems } = await migrateProject(root, { dryRun: false });
    expect(changed.map(({ path }) => path)).toContain('src/client.ts');
    expect(problems).toContainEqual({
      path: 'package.json',
      line: 1,
      message: expect.stringContaining('left as it is'),
    });
  });

  it('is migrated by the command, whose exit code tells errors only', async () => {
    const run = async (...args: string[]) => {
      const texts = { out: '', error: '' };
      const code = await runCommand(args, {
        out: (text) => {
          texts.out += text;
        },
        error: (text) => {
          texts.error += text;
        },
      });
      return { code, ...texts };
    };
    expect(await run('migrate', root, '--dry-run')).toMatchObject({ code: 0, error: '' });
    expect((await run('migrate', root)).out).toContain("Run 'npm install' next.");
    expect((await run('migrate', root)).out).toContain('changed 0 names in 0 of 8 files');
    expect(await run('--help')).toMatchObject({
      code: 0,
      out: expect.stringContaining('millrace migrate <directory>'),
    });
    for (const wrong of [[], ['migrate'], ['mend', root], ['migrate', root, 'more'], ['--unheard-of']]) {
      expect(await run(...wrong)).toMatchObject({ code: 1, out: '' });
    }
    expect((await run('migrate', join(root, 'nowhere'))).error).toMatch(/^millrace: ENOENT/);
  });

  it('that is not there is an error', async () => {
    await expect(migrateProject(join(root, 'nowhere'), { dryRun: false })).rejects.toThrow('nowhere');
  });
});
