import type { ConnectionOptions } from '../client/connection.js';
import type { ConfigDataSource } from './config-source.js';

/** What a configuration file says: profiles by name. */
export interface ClientConfig {
  profiles: Record<string, ClientConfigProfile>;
}

/** How to reach Kafka, and which namespace to use. */
export interface ClientConfigProfile {
  /** Kafka brokers, `host:port`, several with commas. Before `address`. */
  brokers?: string;
  /** Base URL of the schema registry. */
  schemaRegistry?: string;
  /** Temporal's word, taken for a broker: there is no server to connect to. */
  address?: string;
  namespace?: string;
  tls?: ClientConfigTLS;
  sasl?: ClientConfigSasl;
  /** Temporal's; it turns TLS on, and is otherwise not used. */
  apiKey?: string;
  /** Temporal's; not used. */
  grpcMeta?: Record<string, string>;
}

/** TLS to the brokers; with the system's authorities where nothing is set. */
export interface ClientConfigTLS {
  disabled?: boolean;
  /** The name that the brokers' certificates have, where it isn't the host's. */
  serverName?: string;
  clientCert?: ConfigDataSource;
  clientKey?: ConfigDataSource;
  serverCACert?: ConfigDataSource;
}

export interface ClientConfigSasl {
  /** Default: PLAIN. */
  mechanism?: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  username: string;
  password: string;
}

/** What `Connection.connect` and `new Client` are given. */
export interface ClientConnectConfig {
  connectionOptions: ConnectionOptions;
  namespace?: string;
}

/** Where the environment is read. Default: the process's. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

export interface LoadClientConfigOptions {
  /** Default: the file that MILLRACE_CONFIG_FILE or TEMPORAL_CONFIG_FILE names, else the user's own. */
  configSource?: ConfigDataSource;
  /** Whether a key that isn't known is an error. Default: false. */
  configFileStrict?: boolean;
  /** Read in place of the process's environment. */
  overrideEnvVars?: EnvironmentVariables;
}

export interface LoadClientProfileOptions extends LoadClientConfigOptions {
  /** Default: MILLRACE_PROFILE, else TEMPORAL_PROFILE, else `default`. */
  profile?: string;
  /** Reads no file. */
  disableFile?: boolean;
  /** Lets no variable overrule the file. */
  disableEnv?: boolean;
}

export interface ClientConfigFromTomlOptions {
  /** Whether a key that isn't known is an error. */
  strict: boolean;
}
