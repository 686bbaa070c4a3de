export * as common from './temporal-api-common.js';
