// What the environment says of a profile. The variables are those of Millrace's processes, then Temporal's.
import type { EnvironmentVariables } from './client-config.js';
import {
  normalKey,
  type TomlClientConfigProfile,
  type TomlClientConfigSasl,
  type TomlClientConfigTLS,
} from './toml-profile.js';

const META_PREFIX = 'TEMPORAL_GRPC_META_';
const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

/** The profile with what the environment overrules. Throws an Error for a value that a variable can't have. */
export function overruledByEnvironment(
  profile: TomlClientConfigProfile,
  env: EnvironmentVariables,
): TomlClientConfigProfile {
  return {
    ...profile,
    brokers: env.KAFKA_BROKERS ?? profile.brokers,
    schema_registry: env.SCHEMA_REGISTRY_URL ?? profile.schema_registry,
    address: env.TEMPORAL_ADDRESS ?? profile.address,
    namespace: env.MILLRACE_NAMESPACE ?? env.TEMPORAL_NAMESPACE ?? profile.namespace,
    api_key: env.TEMPORAL_API_KEY ?? profile.api_key,
    tls: merged(profile.tls, tlsOf(env)),
    sasl: merged(profile.sasl, saslOf(env)),
    grpc_meta: metaOf(profile.grpc_meta, env),
  };
}

function tlsOf(env: EnvironmentVariables): TomlClientConfigTLS {
  const enabled = flagOf(env, 'KAFKA_TLS') ?? flagOf(env, 'TEMPORAL_TLS');
  return {
    disabled: enabled === undefined ? undefined : !enabled,
    server_name: env.TEMPORAL_TLS_SERVER_NAME,
    client_cert_path: env.TEMPORAL_TLS_CLIENT_CERT_PATH,
    client_cert_data: env.TEMPORAL_TLS_CLIENT_CERT_DATA,
    client_key_path: env.TEMPORAL_TLS_CLIENT_KEY_PATH,
    client_key_data: env.TEMPORAL_TLS_CLIENT_KEY_DATA,
    server_ca_cert_path: env.TEMPORAL_TLS_SERVER_CA_CERT_PATH,
    server_ca_cert_data: env.TEMPORAL_TLS_SERVER_CA_CERT_DATA,
  };
}

function saslOf(env: EnvironmentVariables): TomlClientConfigSasl {
  const asked = env.KAFKA_SASL_MECHANISM;
  const mechanism = mechanisms.find((known) => known === asked);
  if (asked && mechanism === undefined) {
    throw new Error(`KAFKA_SASL_MECHANISM is '${asked}': set it to one of ${mechanisms.join(', ')}`);
  }
  return { mechanism, username: env.KAFKA_USERNAME, password: env.KAFKA_PASSWORD };
}

/** Variables that are empty take a header away. */
function metaOf(
  meta: Record<string, string> | undefined,
  env: EnvironmentVariables,
): Record<string, string> | undefined {
  const set = Object.entries(env).filter(([name]) => name.startsWith(META_PREFIX));
  if (meta === undefined && set.length === 0) return undefined;
  const entries = [
    ...Object.entries(meta ?? {}),
    ...set.map(([name, value = '']) => [name.slice(META_PREFIX.length), value] as const),
  ];
  const merged = new Map(entries.map(([key, value]) => [normalKey(key), value]));
  return Object.fromEntries([...merged].filter(([, value]) => value !== ''));
}

/** The table with what is set in the other; undefined when there is nothing in either. */
function merged<T extends object>(table: T | undefined, other: T): T | undefined {
  const set = Object.entries(other).filter(([, value]) => value !== undefined);
  return table === undefined && set.length === 0 ? undefined : ({ ...table, ...Object.fromEntries(set) } as T);
}

function flagOf(env: EnvironmentVariables, name: string): boolean | undefined {
  const value = env[name];
  return value === undefined ? undefined : value === 'true' || value === '1';
}
