import { parse, stringify } from 'smol-toml';
import type { TLSConfig } from '../client/tls.js';
import { decode, encode } from '../common/encoding.js';
import type {
  ClientConfig,
  ClientConfigFromTomlOptions,
  ClientConfigProfile,
  ClientConfigTLS,
  ClientConnectConfig,
  LoadClientConfigOptions,
  LoadClientProfileOptions,
} from './client-config.js';
import { configText, loadConfigData } from './config-source.js';
import { overruledByEnvironment } from './environment.js';
import { checkToml } from './strict-toml.js';
import { fromTomlConfig, fromTomlProfile, type TomlClientConfig, toTomlConfig } from './toml-profile.js';

/**
 * The profiles of the configuration file, whatever the environment says; none when there is no file.
 * Throws an Error for a file that is no TOML or, where `configFileStrict` is set, has keys that aren't known.
 */
export function loadClientConfig(options: LoadClientConfigOptions = {}): ClientConfig {
  return fromTomlConfig(tomlConfig(options));
}

/** As `loadClientConfig`, from the bytes of a file. */
export function loadClientConfigFromToml(
  toml: Uint8Array,
  { strict }: ClientConfigFromTomlOptions = { strict: false },
): ClientConfig {
  return fromTomlConfig(parsed(decode(toml), strict));
}

/** The bytes of a file that says the same. */
export function clientConfigToToml(config: ClientConfig): Uint8Array {
  return encode(stringify(toTomlConfig(config)));
}

/**
 * One profile, of which the environment overrules what it names. Errors: as of `loadClientConfig`, and an Error for a
 * profile that was asked for by name and isn't there.
 */
export function loadClientConfigProfile(options: LoadClientProfileOptions = {}): ClientConfigProfile {
  const { profile, disableFile = false, disableEnv = false, overrideEnvVars: env = process.env } = options;
  if (disableFile && disableEnv) throw new Error('Cannot disable both file and environment loading');
  const name = profile ?? env.MILLRACE_PROFILE ?? env.TEMPORAL_PROFILE;
  const profiles = disableFile ? {} : (tomlConfig(options).profile ?? {});
  const toml = Object.hasOwn(profiles, name ?? 'default') ? profiles[name ?? 'default'] : undefined;
  if (toml === undefined && name !== undefined && !disableFile) {
    throw new Error(`Profile '${name}' not found in config data`);
  }
  return fromTomlProfile(disableEnv ? (toml ?? {}) : overruledByEnvironment(toml ?? {}, env));
}

/** What `Connection.connect` and `new Client` are given, by a profile. Errors: as of `loadClientConfigProfile`. */
export function loadClientConnectConfig(options: LoadClientProfileOptions = {}): ClientConnectConfig {
  return toClientOptions(loadClientConfigProfile(options));
}

/** As `loadClientConnectConfig`, of a profile in hand. Reads the certificates that it names. */
export function toClientOptions(profile: ClientConfigProfile): ClientConnectConfig {
  const { brokers, schemaRegistry, address, apiKey, grpcMeta, sasl, namespace } = profile;
  // As in Temporal, a key implies TLS.
  const tls = tlsOf(profile.tls) ?? (apiKey === undefined ? undefined : true);
  return {
    connectionOptions: {
      ...(brokers !== undefined && { brokers }),
      ...(schemaRegistry !== undefined && { schemaRegistry }),
      ...(address !== undefined && { address }),
      ...(apiKey !== undefined && { apiKey }),
      ...(tls !== undefined && { tls }),
      ...(sasl !== undefined && { sasl: { mechanism: 'PLAIN', ...sasl } }),
      ...(grpcMeta !== undefined && { metadata: grpcMeta }),
    },
    ...(namespace !== undefined && { namespace }),
  };
}

function tlsOf(config: ClientConfigTLS | undefined): TLSConfig | false | undefined {
  if (config === undefined) return undefined;
  if (config.disabled === true) return false;
  const crt = loadConfigData(config.clientCert);
  const key = loadConfigData(config.clientKey);
  return {
    serverNameOverride: config.serverName,
    serverRootCACertificate: loadConfigData(config.serverCACert),
    clientCertPair: crt && key && { crt, key },
  };
}

function tomlConfig(options: LoadClientConfigOptions): TomlClientConfig {
  const text = configText(options.configSource, options.overrideEnvVars ?? process.env);
  return text === undefined ? { profile: {} } : parsed(text, options.configFileStrict ?? false);
}

function parsed(toml: string, isStrict: boolean): TomlClientConfig {
  const table = parse(toml);
  if (isStrict) checkToml(table);
  return table as unknown as TomlClientConfig;
}
