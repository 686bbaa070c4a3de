import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decode, encode } from '../../sdk/common/index.js';
import {
  clientConfigToToml,
  loadClientConfig,
  loadClientConfigFromToml,
  loadClientConfigProfile,
  loadClientConnectConfig,
  toClientOptions,
} from '../../sdk/envconfig/index.js';

const toml = `
[profile.default]
address = "temporal:7233"
namespace = "orders"

[profile.kafka]
brokers = "a:9092,b:9092"
schema_registry = "http://registry:8081"
namespace = "billing"
[profile.kafka.tls]
server_name = "kafka"
[profile.kafka.sasl]
mechanism = "SCRAM-SHA-512"
username = "ada"
password = "secret"

[profile.cloud]
address = "ns.tmprl.cloud:7233"
api_key = "key"
[profile.cloud.grpc_meta]
sOme-hEader_key = "value"
remove-me = "value"
`;
const configSource = { data: toml };
const nothing = { overrideEnvVars: {} };

describe('a profile [envconfig.profiles]', () => {
  it('is the default one unless another is named, by option or by variable', () => {
    const load = (options: object, overrideEnvVars = {}) =>
      loadClientConfigProfile({ configSource, overrideEnvVars, ...options }).namespace;
    expect(load({})).toBe('orders');
    expect(load({ profile: 'kafka' }, { TEMPORAL_PROFILE: 'default' })).toBe('billing');
    expect(load({}, { TEMPORAL_PROFILE: 'kafka' })).toBe('billing');
    expect(load({}, { TEMPORAL_PROFILE: 'default', MILLRACE_PROFILE: 'kafka' })).toBe('billing');
  });

  it('that is named and missing is an error, the default one is empty', () => {
    const load = (profile?: string) =>
      loadClientConfigProfile({ configSource: { data: '' }, ...nothing, ...(profile && { profile }) });
    expect(() => load('other')).toThrow("Profile 'other' not found");
    expect(load()).toEqual({});
  });

  it('has all that it is given', () => {
    expect(loadClientConfigProfile({ configSource, profile: 'kafka', ...nothing })).toEqual({
      brokers: 'a:9092,b:9092',
      schemaRegistry: 'http://registry:8081',
      namespace: 'billing',
      tls: { serverName: 'kafka' },
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'ada', password: 'secret' },
    });
  });

  it('without file and environment is refused', () => {
    expect(() => loadClientConfigProfile({ disableFile: true, disableEnv: true })).toThrow('Cannot disable both');
  });
});

describe('the environment [envconfig.environment]', () => {
  const load = (overrideEnvVars: Record<string, string>, options = {}) =>
    loadClientConfigProfile({ configSource, overrideEnvVars, ...options });

  it('overrules the file, Millrace and Kafka before Temporal', () => {
    const temporal = { TEMPORAL_ADDRESS: 'server:7233', TEMPORAL_NAMESPACE: 'env', TEMPORAL_API_KEY: 'other' };
    expect(load(temporal)).toEqual({ address: 'server:7233', namespace: 'env', apiKey: 'other' });
    const own = { KAFKA_BROKERS: 'k:9092', SCHEMA_REGISTRY_URL: 'http://r', MILLRACE_NAMESPACE: 'own' };
    expect(load({ ...temporal, ...own })).toMatchObject({
      brokers: 'k:9092',
      schemaRegistry: 'http://r',
      namespace: 'own',
    });
  });

  it('is passed over on demand, and stands alone without a file', () => {
    expect(load({ TEMPORAL_ADDRESS: 'x' }, { disableEnv: true }).address).toBe('temporal:7233');
    expect(load({ TEMPORAL_ADDRESS: 'x' }, { disableFile: true })).toEqual({ address: 'x' });
  });

  it('turns TLS on and off, and adds to what the file says of it', () => {
    expect(load({ TEMPORAL_TLS: 'true' }).tls).toEqual({ disabled: false });
    expect(load({ KAFKA_TLS: 'false', TEMPORAL_TLS: 'true' }).tls).toEqual({ disabled: true });
    const tls = load({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: 'ca.pem' }, { profile: 'kafka' }).tls;
    expect(tls).toEqual({ serverName: 'kafka', serverCACert: { path: 'ca.pem' } });
  });

  it('adds to SASL, and names the mechanisms there are', () => {
    const user = { KAFKA_USERNAME: 'u', KAFKA_PASSWORD: 'p' };
    expect(load(user).sasl).toEqual({ username: 'u', password: 'p' });
    expect(load(user, { profile: 'kafka' }).sasl?.mechanism).toBe('SCRAM-SHA-512');
    expect(() => load({ KAFKA_USERNAME: 'u' })).toThrow('sasl needs username and password');
    expect(() => load({ KAFKA_SASL_MECHANISM: 'GSSAPI' })).toThrow('one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512');
  });

  it('adds metadata, and takes it away by an empty value', () => {
    const env = { TEMPORAL_GRPC_META_NEW_HEADER: 'new', TEMPORAL_GRPC_META_REMOVE_ME: '' };
    expect(load(env, { profile: 'cloud' }).grpcMeta).toEqual({ 'some-header-key': 'value', 'new-header': 'new' });
  });
});

describe('a configuration file [envconfig.toml]', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-config-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is read from where it is named, from bytes or from text', async () => {
    const path = join(folder, 'some.toml');
    await writeFile(path, toml);
    const names = ['default', 'kafka', 'cloud'];
    const sources = [{ path }, { data: toml }, { data: encode(toml) }];
    for (const source of sources)
      expect(Object.keys(loadClientConfig({ configSource: source }).profiles)).toEqual(names);
    for (const variable of ['TEMPORAL_CONFIG_FILE', 'MILLRACE_CONFIG_FILE']) {
      const { profiles } = loadClientConfig({ overrideEnvVars: { [variable]: path } });
      expect(Object.keys(profiles)).toEqual(names);
    }
    expect(Object.keys(loadClientConfigFromToml(encode(toml), { strict: true }).profiles)).toEqual(names);
  });

  it.runIf(process.platform === 'linux')(
    "is the user's own by default: Millrace's, else Temporal's, else none",
    async () => {
      const load = () => loadClientConfig({ overrideEnvVars: { XDG_CONFIG_HOME: folder } }).profiles;
      expect(load()).toEqual({});
      await mkdir(join(folder, 'temporalio'));
      await writeFile(join(folder, 'temporalio', 'temporal.toml'), '[profile.theirs]');
      expect(load()).toEqual({ theirs: {} });
      await mkdir(join(folder, 'millrace'));
      await writeFile(join(folder, 'millrace', 'millrace.toml'), '[profile.ours]');
      expect(load()).toEqual({ ours: {} });
    },
  );

  it('that is not there has no profiles; one that is no TOML is an error', () => {
    expect(loadClientConfig({ configSource: { path: join(folder, 'none.toml') } })).toEqual({ profiles: {} });
    expect(() => loadClientConfig({ configSource: { data: '[profile' } })).toThrow();
  });

  it('is written from profiles, and reads the same', () => {
    const config = loadClientConfig({ configSource });
    const written = clientConfigToToml(config);
    expect(decode(written)).toContain('schema_registry = "http://registry:8081"');
    expect(loadClientConfigFromToml(written, { strict: true })).toEqual(config);
  });

  it('keeps certificates as paths or as text, and refuses both at once', () => {
    const tls = { clientCert: { path: 'c.pem' }, clientKey: { data: encode('key') } };
    const written = clientConfigToToml({ profiles: { p: { tls } } });
    expect(loadClientConfigFromToml(written)).toEqual({ profiles: { p: { tls } } });
    const both = { data: '[profile.p.tls]\nclient_cert_path = "a"\nclient_cert_data = "b"' };
    expect(() => loadClientConfig({ configSource: both })).toThrow('both client_cert_path and client_cert_data');
  });

  it.each([
    ['profiles = 1', 'key(s) unrecognized: profiles'],
    ['[profile.p]\nbroker = "x"', 'key(s) unrecognized in profile.p: broker'],
    ['[profile.p.tls]\nserver = "x"', 'key(s) unrecognized in profile.p.tls: server'],
    ['[profile.p]\nsasl = "x"', 'profile.p.sasl must be a table'],
    ['[profile]\np = 1', 'profile.p must be a table'],
  ])('is checked on demand: %j', (text, message) => {
    expect(() => loadClientConfig({ configSource: { data: text }, configFileStrict: true })).toThrow(message);
    expect(() => loadClientConfigFromToml(encode(text), { strict: true })).toThrow(message);
  });
});

describe('the options of a connection [envconfig.load envconfig.client-options]', () => {
  it('are loaded with the namespace in one call', () => {
    expect(loadClientConnectConfig({ configSource, ...nothing })).toEqual({
      connectionOptions: { address: 'temporal:7233' },
      namespace: 'orders',
    });
    expect(loadClientConnectConfig({ configSource: { data: '' }, ...nothing })).toEqual({ connectionOptions: {} });
  });

  it('have brokers, registry, TLS and SASL', () => {
    const { connectionOptions } = loadClientConnectConfig({ configSource, profile: 'kafka', ...nothing });
    expect(connectionOptions).toEqual({
      brokers: 'a:9092,b:9092',
      schemaRegistry: 'http://registry:8081',
      tls: { serverNameOverride: 'kafka', serverRootCACertificate: undefined, clientCertPair: undefined },
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'ada', password: 'secret' },
    });
  });

  it('have the certificates themselves', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-certificates-'));
    await writeFile(join(folder, 'ca.pem'), 'authority');
    const { connectionOptions } = toClientOptions({
      tls: {
        serverCACert: { path: join(folder, 'ca.pem') },
        clientCert: { data: 'certificate' },
        clientKey: { data: encode('key') },
      },
    });
    await rm(folder, { recursive: true });
    expect(connectionOptions.tls).toEqual({
      serverNameOverride: undefined,
      serverRootCACertificate: encode('authority'),
      clientCertPair: { crt: encode('certificate'), key: encode('key') },
    });
  });

  it('turn TLS off where it is disabled, and on for a key, as in Temporal', () => {
    expect(toClientOptions({ tls: { disabled: true, serverName: 'x' } }).connectionOptions.tls).toBe(false);
    const { connectionOptions } = loadClientConnectConfig({ configSource, profile: 'cloud', ...nothing });
    expect(connectionOptions).toMatchObject({ apiKey: 'key', tls: true, metadata: { 'some-header-key': 'value' } });
  });
});
