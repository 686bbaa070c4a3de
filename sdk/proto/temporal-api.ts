export * as common from './temporal-api-common.js';
export * as enums from './temporal-api-enums.js';
