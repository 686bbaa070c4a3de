// A profile as the file has it: the same names in snake_case, and each certificate as a path or as its text.

import { decode, encode } from '../common/encoding.js';
import type { ClientConfig, ClientConfigProfile, ClientConfigSasl, ClientConfigTLS } from './client-config.js';
import type { ConfigDataSource } from './config-source.js';

export interface TomlClientConfig {
  profile: Record<string, TomlClientConfigProfile>;
}

export interface TomlClientConfigProfile {
  brokers?: string | undefined;
  schema_registry?: string | undefined;
  address?: string | undefined;
  namespace?: string | undefined;
  api_key?: string | undefined;
  tls?: TomlClientConfigTLS | undefined;
  sasl?: TomlClientConfigSasl | undefined;
  /** For Temporal's command line only. */
  codec?: Record<string, string> | undefined;
  grpc_meta?: Record<string, string> | undefined;
}

export type TomlClientConfigSasl = { [K in keyof ClientConfigSasl]?: ClientConfigSasl[K] | undefined };

export interface TomlClientConfigTLS {
  disabled?: boolean | undefined;
  server_name?: string | undefined;
  client_cert_path?: string | undefined;
  client_cert_data?: string | undefined;
  client_key_path?: string | undefined;
  client_key_data?: string | undefined;
  server_ca_cert_path?: string | undefined;
  server_ca_cert_data?: string | undefined;
}

export function fromTomlConfig({ profile = {} }: TomlClientConfig): ClientConfig {
  const profiles = Object.entries(profile).map(([name, toml]) => [name, fromTomlProfile(toml)]);
  return { profiles: Object.fromEntries(profiles) };
}

export function toTomlConfig({ profiles }: ClientConfig): TomlClientConfig {
  const profile = Object.entries(profiles).map(([name, config]) => [name, toTomlProfile(config)]);
  return { profile: Object.fromEntries(profile) };
}

/** Throws an Error for a certificate that is given twice, and for SASL without user or password. */
export function fromTomlProfile(toml: TomlClientConfigProfile): ClientConfigProfile {
  return withoutUndefined<ClientConfigProfile>({
    brokers: toml.brokers,
    schemaRegistry: toml.schema_registry,
    address: toml.address,
    namespace: toml.namespace,
    apiKey: toml.api_key,
    tls: toml.tls && fromTomlTls(toml.tls),
    sasl: toml.sasl && fromTomlSasl(toml.sasl),
    grpcMeta: toml.grpc_meta && withNormalKeys(toml.grpc_meta),
  });
}

export function toTomlProfile(profile: ClientConfigProfile): TomlClientConfigProfile {
  return withoutUndefined<TomlClientConfigProfile>({
    brokers: profile.brokers,
    schema_registry: profile.schemaRegistry,
    address: profile.address,
    namespace: profile.namespace,
    api_key: profile.apiKey,
    tls: profile.tls && toTomlTls(profile.tls),
    sasl: profile.sasl && { ...profile.sasl },
    grpc_meta: profile.grpcMeta && withNormalKeys(profile.grpcMeta),
  });
}

function fromTomlTls(toml: TomlClientConfigTLS): ClientConfigTLS {
  return withoutUndefined<ClientConfigTLS>({
    disabled: toml.disabled,
    serverName: toml.server_name,
    clientCert: sourceOf('client_cert', toml.client_cert_path, toml.client_cert_data),
    clientKey: sourceOf('client_key', toml.client_key_path, toml.client_key_data),
    serverCACert: sourceOf('server_ca_cert', toml.server_ca_cert_path, toml.server_ca_cert_data),
  });
}

function toTomlTls(tls: ClientConfigTLS): TomlClientConfigTLS {
  return withoutUndefined<TomlClientConfigTLS>({
    disabled: tls.disabled,
    server_name: tls.serverName,
    client_cert_path: pathOf(tls.clientCert),
    client_cert_data: textOf(tls.clientCert),
    client_key_path: pathOf(tls.clientKey),
    client_key_data: textOf(tls.clientKey),
    server_ca_cert_path: pathOf(tls.serverCACert),
    server_ca_cert_data: textOf(tls.serverCACert),
  });
}

function fromTomlSasl({ mechanism, username, password }: TomlClientConfigSasl): ClientConfigSasl {
  if (!username || !password) throw new Error('sasl needs username and password (KAFKA_USERNAME, KAFKA_PASSWORD)');
  return { ...(mechanism && { mechanism }), username, password };
}

function sourceOf(name: string, path: string | undefined, data: string | undefined): ConfigDataSource | undefined {
  if (path !== undefined && data !== undefined) throw new Error(`Cannot specify both ${name}_path and ${name}_data`);
  if (data !== undefined) return { data: encode(data) };
  return path === undefined ? undefined : { path };
}

function pathOf(source: ConfigDataSource | undefined): string | undefined {
  return source !== undefined && 'path' in source ? source.path : undefined;
}

function textOf(source: ConfigDataSource | undefined): string | undefined {
  if (source === undefined || 'path' in source) return undefined;
  return typeof source.data === 'string' ? source.data : decode(source.data);
}

/** Header names, which gRPC has in small letters with dashes. */
function withNormalKeys(meta: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(meta).map(([key, value]) => [normalKey(key), value]));
}

export function normalKey(key: string): string {
  return key.toLowerCase().replaceAll('_', '-');
}

function withoutUndefined<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
