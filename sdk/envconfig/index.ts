// The public index of millrace/envconfig.
export type {
  ClientConfig,
  ClientConfigFromTomlOptions,
  ClientConfigProfile,
  ClientConfigSasl,
  ClientConfigTLS,
  ClientConnectConfig,
  LoadClientConfigOptions,
  LoadClientProfileOptions,
} from './client-config.js';
export { type ConfigDataSource, loadConfigData } from './config-source.js';
export {
  clientConfigToToml,
  loadClientConfig,
  loadClientConfigFromToml,
  loadClientConfigProfile,
  loadClientConnectConfig,
  toClientOptions,
} from './load-client-config.js';
export { fromTomlConfig, fromTomlProfile, toTomlConfig, toTomlProfile } from './toml-profile.js';
