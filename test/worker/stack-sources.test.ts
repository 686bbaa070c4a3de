import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mappedStack, mapStacks } from '../../sdk/worker/stack-sources.js';

const source = `// Lines that the compiled code doesn't have.
interface Order {
  readonly id: string;
}

export function charge(order: Order): never {
  throw new Error(\`no money for \${order.id}\`);
}
`;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-stacks-'));
  await writeFile(join(folder, 'charge.ts'), source);
});
afterAll(() => rm(folder, { recursive: true }));

async function compiled(sourcemap: 'inline' | 'linked'): Promise<string> {
  const outfile = join(folder, `charge-${sourcemap}.mjs`);
  await build({ entryPoints: [join(folder, 'charge.ts')], outfile, sourcemap, format: 'esm' });
  return outfile;
}

test.each(['inline', 'linked'] as const)(
  "an activity's error has the lines of its sources by a map that is %s",
  async (kind) => {
    const path = await compiled(kind);
    const frame = `    at charge (${pathToFileURL(path).href}:2:9)`;
    expect(mappedStack(`Error: no money\n${frame}\n    at node:internal/process:1:1`)).toBe(
      `Error: no money\n    at charge (${join(folder, 'charge.ts')}:7:9)\n    at node:internal/process:1:1`,
    );
    const error = new Error('outer', { cause: new Error('inner') });
    (error.cause as Error).stack = `Error: inner\n    at ${path}:2:9`;
    mapStacks(error);
    expect((error.cause as Error).stack).toBe(`Error: inner\n    at ${join(folder, 'charge.ts')}:7:9`);
  },
);

test('a stack without a map is left as it is', () => {
  const stack = `Error: x\n    at run (${join(folder, 'nowhere.js')}:1:1)\n    at async Promise.all (index 0)`;
  expect(mappedStack(stack)).toBe(stack);
});
