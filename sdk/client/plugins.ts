import type { ClientOptions } from './client.js';
import type { ConnectionOptions } from './connection.js';

/** Changes connections without being named where they are used. */
export interface ConnectionPlugin {
  readonly name: string;
  /** Called before the options of a `Connection` are looked at, whatever name it goes by. */
  configureConnection?(options: ConnectionOptions): ConnectionOptions;
  /** Called in its place where a plugin has only this one: `NativeConnection` is another name for the same class. */
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
export function configureConnectionByPlugins(options: ConnectionOptions): ConnectionOptions {
  return (options.plugins ?? []).reduce<ConnectionOptions>((configured, plugin) => {
    if (plugin.configureConnection) return plugin.configureConnection(configured);
    return plugin.configureNativeConnection?.(configured) ?? configured;
  }, options);
}
