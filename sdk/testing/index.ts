// The public index of millrace/testing.
export {
  type ClientOptionsForTestEnv,
  TestWorkflowEnvironment,
  type TimeSkippingTestWorkflowEnvironmentOptions,
} from './test-workflow-environment.js';
