export * as api from './temporal-api.js';
