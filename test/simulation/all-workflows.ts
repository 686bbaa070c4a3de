// What the simulation's workers run.
export * from './chain-workflows.js';
export * from './family-workflows.js';
export * from './workflows.js';
