export * as v1 from './temporal-enums.js';
