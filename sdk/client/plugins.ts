import type { ClientOptions } from './client.js';
import type { ConnectionOptions } from './connection.js';

/** Changes connections without being named where they are used. */
export interface ConnectionPlugin {
  readonly name: string;
  /** Called before the options of a `Connection` are looked at. */
  configureConnection?(options: ConnectionOptions): ConnectionOptions;
  /** The same for a connection that is made by the name `NativeConnection`. */
  configureNativeConnection?(options: ConnectionOptions): ConnectionOptions;
}

/** Changes clients. Those of a connection count for its clients too. */
export interface ClientPlugin {
  readonly name: string;
  /** Called before the options of a `Client` are looked at. */
  configureClient?(options: ClientOptions): ClientOptions;
}

/** Lets the plugins of the options, and of their connection, change them in order. */
export function configureClientByPlugins(options: ClientOptions): ClientOptions {
  const own = options.plugins ?? [];
  const inherited = (options.connection?.plugins ?? []).filter(
    (plugin): plugin is ClientPlugin => 'configureClient' in plugin,
  );
  const plugins = [...own, ...inherited];
  if (plugins.length === 0) return options;
  return plugins.reduce<ClientOptions>((configured, plugin) => plugin.configureClient?.(configured) ?? configured, {
    ...options,
    plugins,
  });
}

/** Lets the plugins change the options of their connection in order. */
export function configureConnectionByPlugins(
  options: ConnectionOptions,
  method: 'configureConnection' | 'configureNativeConnection' = 'configureConnection',
): ConnectionOptions {
  const { plugins = [] } = options;
  return plugins.reduce<ConnectionOptions>((configured, plugin) => plugin[method]?.(configured) ?? configured, options);
}
