// Makes a test environment in a process of its own, and prints how long that took, in milliseconds.
import { TestWorkflowEnvironment } from 'millrace/testing';

const begin = performance.now();
const env = await TestWorkflowEnvironment.createTimeSkipping();
console.log(performance.now() - begin);
await env.teardown();
