import { describe, expect, it } from 'vitest';
import { readConfig } from '../../services/platform/config.js';

describe('the environment', () => {
  it('may be empty', () => {
    expect(readConfig({})).toStrictEqual({
      brokers: ['localhost:9092'],
      registryUrl: 'http://localhost:8081',
      namespace: 'default',
    });
  });

  it('names brokers, registry, namespace, time-outs, standby and credentials', () => {
    const config = readConfig({
      KAFKA_BROKERS: 'a:9092, [::1]:9093',
      SCHEMA_REGISTRY_URL: 'https://registry:8443/apis/ccompat/v7',
      MILLRACE_NAMESPACE: 'shop',
      MILLRACE_CONNECT_TIMEOUT_MS: '5000',
      MILLRACE_SESSION_TIMEOUT_MS: '10000',
      MILLRACE_LEASE_MS: '2000',
      MILLRACE_STANDBY: 'false',
      MILLRACE_CHECK_STATE_EVERY: '1000',
      KAFKA_TLS: 'true',
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
      KAFKA_USERNAME: 'u',
      KAFKA_PASSWORD: 'p',
      MILLRACE_STORE_FOLDER: '/data',
    });
    expect(config).toStrictEqual({
      brokers: ['a:9092', '[::1]:9093'],
      registryUrl: 'https://registry:8443/apis/ccompat/v7',
      namespace: 'shop',
      connectTimeoutMs: 5_000,
      sessionTimeoutMs: 10_000,
      leaseMs: 2_000,
      standby: false,
      checkStateEvery: 1_000,
      tls: true,
      storeFolder: '/data',
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'u', password: 'p' },
    });
  });

  it.each([
    [
      { KAFKA_BROKERS: 'localhost' },
      "KAFKA_BROKERS: 'localhost' is not host:port; give brokers as host:port with commas between",
    ],
    [{ KAFKA_BROKERS: 'a:1,' }, "KAFKA_BROKERS: '' is not host:port; give brokers as host:port with commas between"],
    [
      { KAFKA_BROKERS: 'a:70000' },
      "KAFKA_BROKERS: 'a:70000' is not host:port; give brokers as host:port with commas between",
    ],
    [
      { SCHEMA_REGISTRY_URL: 'localhost:8081' },
      'SCHEMA_REGISTRY_URL: give an http or https URL, such as http://localhost:8081',
    ],
    [{ MILLRACE_NAMESPACE: 'a b' }, "MILLRACE_NAMESPACE: namespace 'a b' can't be part of a Kafka topic's name"],
    [{ MILLRACE_CONNECT_TIMEOUT_MS: '5s' }, "MILLRACE_CONNECT_TIMEOUT_MS: '5s' is not a whole number of milliseconds"],
    [{ MILLRACE_CHECK_STATE_EVERY: 'x' }, "MILLRACE_CHECK_STATE_EVERY: 'x' is not a whole number of events"],
    [{ KAFKA_TLS: 'yes' }, "KAFKA_TLS: 'yes' is neither true nor false"],
    [
      { KAFKA_SASL_MECHANISM: 'GSSAPI' },
      "KAFKA_SASL_MECHANISM: 'GSSAPI' is not one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512",
    ],
    [{ KAFKA_USERNAME: 'u' }, 'KAFKA_PASSWORD: it is needed with PLAIN'],
    [{ KAFKA_SASL_MECHANISM: 'PLAIN' }, 'KAFKA_USERNAME: it is needed with PLAIN'],
  ])('%j is refused by name', (env, message) => {
    expect(() => readConfig(env)).toThrow(message);
  });
});
