// The public index of millrace/testing.
export {
  type ClientOptionsForTestEnv,
  type ExistingServerTestWorkflowEnvironmentOptions,
  type LocalTestWorkflowEnvironmentOptions,
  TestWorkflowEnvironment,
  type TimeSkippingTestWorkflowEnvironmentOptions,
} from './test-workflow-environment.js';
