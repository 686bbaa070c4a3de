import type { KafkaSasl } from './log/kafka/security.js';
import { topicsOf } from './topics.js';

/** What a process of Millrace is told by its environment. */
export interface Config {
  /** KAFKA_BROKERS, `host:port` with commas between; default `localhost:9092`. */
  readonly brokers: readonly string[];
  /** SCHEMA_REGISTRY_URL, the base of its Confluent API; default `http://localhost:8081`. */
  readonly registryUrl: string;
  /** MILLRACE_NAMESPACE; default `default`. */
  readonly namespace: string;
  /** MILLRACE_CONNECT_TIMEOUT_MS: how long a broker or registry that can't be reached is waited for at start; default 30 s. */
  readonly connectTimeoutMs?: number;
  /** MILLRACE_SESSION_TIMEOUT_MS: how long the group of a silent history service waits for it; default 6 s. */
  readonly sessionTimeoutMs?: number;
  /** MILLRACE_LEASE_MS: how long a history service may be silent before others take its partitions over; default 1.5 s. */
  readonly leaseMs?: number;
  /** MILLRACE_STANDBY=false: a history service doesn't follow the partitions it would take over, and reads them only then. */
  readonly standby?: false;
  /** MILLRACE_STORE_FOLDER: where a history service puts what it has no room for in memory; default the system's for temporary files. */
  readonly storeFolder?: string;
  /**
   * MILLRACE_CHECK_STATE_EVERY: events of a partition after which a history service folds its whole history again and
   * compares that with its state. For an operator in doubt, since it costs memory and reads; never unless set.
   */
  readonly checkStateEvery?: number;
  /** KAFKA_TLS=true: TLS with the system's authorities. */
  readonly tls?: true;
  /** KAFKA_SASL_MECHANISM, KAFKA_USERNAME and KAFKA_PASSWORD. */
  readonly sasl?: KafkaSasl;
}

const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

/** Reads the environment. Throws a TypeError that names the variable and says what it may be. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const namespace = env.MILLRACE_NAMESPACE || 'default';
  try {
    topicsOf(namespace);
  } catch (error) {
    throw invalid('MILLRACE_NAMESPACE', error instanceof Error ? error.message : String(error));
  }
  const connectTimeoutMs = readCount(env, 'MILLRACE_CONNECT_TIMEOUT_MS', 'milliseconds');
  const sessionTimeoutMs = readCount(env, 'MILLRACE_SESSION_TIMEOUT_MS', 'milliseconds');
  const leaseMs = readCount(env, 'MILLRACE_LEASE_MS', 'milliseconds');
  const checkStateEvery = readCount(env, 'MILLRACE_CHECK_STATE_EVERY', 'events');
  const sasl = readSasl(env);
  return {
    brokers: readBrokers(env.KAFKA_BROKERS || 'localhost:9092'),
    registryUrl: readRegistryUrl(env.SCHEMA_REGISTRY_URL || 'http://localhost:8081'),
    namespace,
    ...(env.MILLRACE_STORE_FOLDER && { storeFolder: env.MILLRACE_STORE_FOLDER }),
    ...(connectTimeoutMs !== undefined && { connectTimeoutMs }),
    ...(sessionTimeoutMs !== undefined && { sessionTimeoutMs }),
    ...(leaseMs !== undefined && { leaseMs }),
    ...(!readFlag(env, 'MILLRACE_STANDBY', true) && { standby: false }),
    ...(readFlag(env, 'KAFKA_TLS', false) && { tls: true }),
    ...(checkStateEvery !== undefined && { checkStateEvery }),
    ...(sasl && { sasl }),
  };
}

function readBrokers(list: string): string[] {
  const brokers = list.split(',').map((broker) => broker.trim());
  for (const broker of brokers) {
    const port = Number(/^[^\s/]+:(\d+)$/.exec(broker)?.[1]);
    if (!(port > 0 && port < 65_536)) {
      throw invalid('KAFKA_BROKERS', `'${broker}' is not host:port; give brokers as host:port with commas between`);
    }
  }
  return brokers;
}

function readRegistryUrl(url: string): string {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw invalid('SCHEMA_REGISTRY_URL', 'give an http or https URL, such as http://localhost:8081');
  }
  return url;
}

function readCount(env: Readonly<Record<string, string | undefined>>, name: string, unit: string): number | undefined {
  const value = env[name];
  if (!value) return undefined;
  if (!/^\d+$/.test(value)) throw invalid(name, `'${value}' is not a whole number of ${unit}`);
  return Number(value);
}

function readFlag(env: Readonly<Record<string, string | undefined>>, name: string, byDefault: boolean): boolean {
  const value = env[name] || String(byDefault);
  if (value !== 'true' && value !== 'false') throw invalid(name, `'${value}' is neither true nor false`);
  return value === 'true';
}

function readSasl(env: Readonly<Record<string, string | undefined>>): KafkaSasl | undefined {
  const { KAFKA_SASL_MECHANISM: asked, KAFKA_USERNAME: username, KAFKA_PASSWORD: password } = env;
  if (!asked && !username && !password) return undefined;
  const mechanism = mechanisms.find((known) => known === (asked || 'PLAIN'));
  if (mechanism === undefined) {
    throw invalid('KAFKA_SASL_MECHANISM', `'${asked}' is not one of ${mechanisms.join(', ')}`);
  }
  if (!username) throw invalid('KAFKA_USERNAME', `it is needed with ${mechanism}`);
  if (!password) throw invalid('KAFKA_PASSWORD', `it is needed with ${mechanism}`);
  return { mechanism, username, password };
}

function invalid(variable: string, reason: string): TypeError {
  return new TypeError(`${variable}: ${reason}`);
}
