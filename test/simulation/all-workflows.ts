// What the simulation's workers run.
export * from './family-workflows.js';
export * from './workflows.js';
