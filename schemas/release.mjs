// Publishes today's shapes: for each message whose shape differs from its last release, writes the next
// schemas/released/<full name>/<n>.avsc. Run at each release of the package. Files there are never changed or removed:
// they stand for records on somebody's `history`, and test/schema resolves each against today's shape.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messages, schemasFolder } from './catalog.mjs';

for (const { name, schema } of messages) {
  const folder = join(schemasFolder, 'released', name);
  const count = existsSync(folder) ? readdirSync(folder).length : 0;
  const last = count > 0 ? JSON.parse(readFileSync(join(folder, `${count}.avsc`), 'utf8')) : undefined;
  if (shapeOf(last) === shapeOf(schema)) continue;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${count + 1}.avsc`), `${JSON.stringify(schema, null, 2)}\n`);
  console.log(`${name} ${count + 1}`);
}

/** What readers and writers must agree on: all but the docs. */
function shapeOf(schema) {
  return JSON.stringify(schema, (key, value) => (key === 'doc' && typeof value === 'string' ? undefined : value));
}
