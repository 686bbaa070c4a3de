// The public index of millrace/plugin.
export type { PluginParameter } from './plugin-parameter.js';
export {
  SimpleClientPlugin,
  type SimpleClientPluginOptions,
  SimplePlugin,
  type SimplePluginBaseOptions,
  type SimplePluginOptions,
  SimpleWorkerPlugin,
  type SimpleWorkerPluginOptions,
} from './simple-plugin.js';
