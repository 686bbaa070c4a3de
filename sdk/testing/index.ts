// The public index of millrace/testing.
export { defaultActivityInfo } from './default-activity-info.js';
export { MockActivityEnvironment, type MockActivityEnvironmentOptions } from './mock-activity-environment.js';
export {
  type ClientOptionsForTestEnv,
  type ExistingServerTestWorkflowEnvironmentOptions,
  type LocalTestWorkflowEnvironmentOptions,
  TestWorkflowEnvironment,
  type TimeSkippingTestWorkflowEnvironmentOptions,
} from './test-workflow-environment.js';
export { workflowInterceptorModules } from './workflow-interceptor-modules.js';
