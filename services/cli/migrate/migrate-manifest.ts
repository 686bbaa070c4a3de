import type { MigratedFile, Problem } from './migrate-source.js';
import { MILLRACE_VERSION, mapModule } from './module-map.js';

const sections = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'] as const;

/** Puts Millrace in the place of Temporal's packages in a package.json, laid out as it was. Throws for what is no JSON. */
export function migrateManifest(text: string): MigratedFile {
  const manifest = JSON.parse(text) as Record<string, unknown>;
  const problems: Problem[] = [];
  let changes = 0;
  let isAdded = false;
  for (const section of sections) {
    const dependencies = manifest[section];
    if (typeof dependencies !== 'object' || dependencies === null) continue;
    const kept = Object.entries(dependencies).flatMap(([name, version]) => {
      const mapping = mapModule(name);
      if (mapping === undefined) return [[name, version] as const];
      if ('unmapped' in mapping) {
        problems.push({ line: lineOf(text, name), message: `'${name}': ${mapping.unmapped}` });
        return [[name, version] as const];
      }
      changes += 1;
      // One package stands for all of Temporal's, in the first section that had one.
      if (isAdded) return [];
      isAdded = true;
      return [['millrace', `^${MILLRACE_VERSION}`] as const];
    });
    manifest[section] = Object.fromEntries(kept);
  }
  for (const section of ['overrides', 'resolutions', 'pnpm']) {
    if (!JSON.stringify(manifest[section] ?? {}).includes('@temporalio/')) continue;
    problems.push({
      line: lineOf(text, section),
      message: `'${section}' names packages of Temporal: change it by hand`,
    });
  }
  if (changes === 0) return { text, changes, problems };
  const indent = /^\{\r?\n([ \t]+)/.exec(text)?.[1] ?? 2;
  const end = /\s*$/.exec(text)?.[0] ?? '';
  return { text: JSON.stringify(manifest, null, indent) + end, changes, problems };
}

function lineOf(text: string, key: string): number {
  return text.slice(0, Math.max(0, text.indexOf(`"${key}"`))).split('\n').length;
}
