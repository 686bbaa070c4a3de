import { createRequire } from 'node:module';

/** What the package is called and exports, from its own manifest: what is added there is mapped by itself. */
const manifest = createRequire(import.meta.url)('millrace/package.json') as {
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
};

export const MILLRACE_VERSION = manifest.version;

export type Mapping = { readonly module: string; readonly caveat?: string } | { readonly unmapped: string };

/** Why a package of Temporal has no counterpart. */
const withoutCounterpart: Readonly<Record<string, string>> = {
  nexus: 'Nexus is not supported',
  cloud: 'there is no Temporal Cloud to speak to',
  'lambda-worker': 'a worker is a member of consumer groups and has to stay',
  'nyc-test-coverage': 'workflow code is bundled with source maps, which coverage tools read',
  'core-bridge': 'there is no native core',
};

/** What a person has to know of a package whose counterpart has a part of it only. */
const inPart: Readonly<Record<string, string>> = {
  proto: 'only temporal.api.common.v1.Payload is there: records are Avro',
};

/** Names that the counterpart of a package lacks, with the reason. */
const withoutName: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  client: {
    ScheduleClient: 'schedules are not supported yet',
    ScheduleHandle: 'schedules are not supported yet',
    ScheduleOverlapPolicy: 'schedules are not supported yet',
    ScheduleNotFoundError: 'schedules are not supported yet',
    TaskQueueClient: 'worker versioning is not supported',
    NexusClient: 'Nexus is not supported',
  },
  workflow: { createNexusServiceClient: 'Nexus is not supported' },
};

/** Where to import from instead; undefined for a module that isn't Temporal's. */
export function mapModule(module: string): Mapping | undefined {
  const [, name, rest = ''] = /^@temporalio\/([^/]+)(\/.*)?$/.exec(module) ?? [];
  if (name === undefined) return undefined;
  // With or without an extension, as CommonJS has it.
  const path = `./${name}${rest}`.replace(/\.js$/, '');
  if (path in manifest.exports) {
    const caveat = inPart[name];
    return { module: path.replace('.', 'millrace'), ...(caveat !== undefined && { caveat }) };
  }
  const reason = withoutCounterpart[name];
  if (reason !== undefined) return { unmapped: reason };
  if (`./${name}` in manifest.exports) {
    return {
      unmapped: `millrace/${name} has no such inner module: see whether millrace/${name} exports what you need`,
    };
  }
  return { unmapped: 'there is no such package for Millrace' };
}

/** Why what is imported by name isn't there; undefined when nothing is known to be missing. */
export function missingName(module: string, name: string): string | undefined {
  return withoutName[module.replace('@temporalio/', '')]?.[name];
}
