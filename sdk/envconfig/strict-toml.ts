// What a configuration file may have, where it is to be checked: a misspelt key is otherwise passed over.
import type { TomlClientConfigProfile, TomlClientConfigTLS } from './toml-profile.js';

type Keys<T> = Readonly<Record<keyof T, true>>;

const profileKeys: Keys<TomlClientConfigProfile> = {
  brokers: true,
  schema_registry: true,
  address: true,
  namespace: true,
  api_key: true,
  tls: true,
  sasl: true,
  codec: true,
  grpc_meta: true,
};

const tlsKeys: Keys<TomlClientConfigTLS> = {
  disabled: true,
  server_name: true,
  client_cert_path: true,
  client_cert_data: true,
  client_key_path: true,
  client_key_data: true,
  server_ca_cert_path: true,
  server_ca_cert_data: true,
};

/** Throws an Error that names the keys that aren't known, and tables that are none. */
export function checkToml(parsed: Readonly<Record<string, unknown>>): void {
  checkKeys('', parsed, { profile: true });
  for (const [name, profile] of Object.entries(tableAt('profile', parsed.profile))) {
    const path = `profile.${name}`;
    const table = tableAt(path, profile);
    checkKeys(path, table, profileKeys);
    checkKeys(`${path}.tls`, tableAt(`${path}.tls`, table.tls), tlsKeys);
    checkKeys(`${path}.sasl`, tableAt(`${path}.sasl`, table.sasl), { mechanism: true, username: true, password: true });
    checkKeys(`${path}.codec`, tableAt(`${path}.codec`, table.codec), { endpoint: true, auth: true });
  }
}

function tableAt(path: string, value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined) return {};
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`Validation error: ${path} must be a table`);
}

function checkKeys(
  path: string,
  table: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, true>>,
): void {
  const unknown = Object.keys(table).filter((key) => !Object.hasOwn(known, key));
  if (unknown.length === 0) return;
  throw new Error(`Validation error: key(s) unrecognized${path === '' ? '' : ` in ${path}`}: ${unknown.join(', ')}`);
}
