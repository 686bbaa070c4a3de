import { existsSync, readFileSync } from 'node:fs';
import { homedir, platform } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { decode, encode } from '../common/encoding.js';
import type { EnvironmentVariables } from './client-config.js';

/** A file, or its content. */
export type ConfigDataSource = { path: string } | { data: string | Uint8Array };

/** The bytes of a source; undefined for none. Throws what reading the file throws. */
export function loadConfigData(source?: ConfigDataSource): Uint8Array | undefined {
  if (source === undefined) return undefined;
  if ('path' in source) return Uint8Array.from(readFileSync(source.path));
  return typeof source.data === 'string' ? encode(source.data) : source.data;
}

/** The text of the configuration file; undefined when there is no such file. */
export function configText(source: ConfigDataSource | undefined, env: EnvironmentVariables): string | undefined {
  try {
    const path = env.MILLRACE_CONFIG_FILE ?? env.TEMPORAL_CONFIG_FILE ?? usersOwnFile(env);
    const bytes = loadConfigData(source ?? (path === undefined ? undefined : { path }));
    return bytes && decode(bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Millrace's own file, or Temporal's where only that is there. */
function usersOwnFile(env: EnvironmentVariables): string | undefined {
  const folder = configFolder(env);
  if (folder === undefined) return undefined;
  const own = join(folder, 'millrace', 'millrace.toml');
  return existsSync(own) ? own : join(folder, 'temporalio', 'temporal.toml');
}

function configFolder(env: EnvironmentVariables): string | undefined {
  if (platform() === 'win32') return env.APPDATA;
  if (platform() === 'darwin') return join(env.HOME ?? homedir(), 'Library', 'Application Support');
  const folder = env.XDG_CONFIG_HOME;
  // The specification has relative paths ignored.
  return folder !== undefined && isAbsolute(folder) ? folder : join(env.HOME ?? homedir(), '.config');
}
