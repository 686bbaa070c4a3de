export * as v1 from './payload-message.js';
