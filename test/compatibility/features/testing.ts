import type { Feature } from '../feature.js';

export const testingFeatures: readonly Feature[] = [
  {
    id: 'testing.create-local',
    section: '1.7',
    feature: 'TestWorkflowEnvironment.createLocal',
  },
  {
    id: 'testing.create-time-skipping',
    section: '1.7',
    feature: 'TestWorkflowEnvironment.createTimeSkipping starts without a download',
  },
  {
    id: 'testing.create-from-existing',
    section: '1.7',
    feature: 'TestWorkflowEnvironment.createFromExistingServer',
  },
  {
    id: 'testing.members',
    section: '1.7',
    feature: 'client, connection, nativeConnection, namespace, address, supportsTimeSkipping',
  },
  {
    id: 'testing.time-skipping',
    section: '1.7',
    feature: 'time is skipped while a result is awaited',
  },
  {
    id: 'testing.sleep',
    section: '1.7',
    feature: 'env.sleep skips time, currentTimeMs() tells it',
  },
  {
    id: 'testing.teardown',
    section: '1.7',
    feature: 'teardown() leaves nothing running',
  },
  {
    id: 'testing.parallel',
    section: '1.7',
    feature: 'each environment has its own clock, so tests run in parallel',
  },
  {
    id: 'testing.nexus-endpoints',
    section: '1.7',
    feature: 'createNexusEndpoint and deleteNexusEndpoint',
    unsupported: 'Nexus is a service that comes later.',
  },
  {
    id: 'testing.mock-activity-environment',
    section: '1.7',
    feature: 'MockActivityEnvironment: run, cancel, heartbeat events, context',
  },
  {
    id: 'testing.default-activity-info',
    section: '1.7',
    feature: 'defaultActivityInfo',
  },
  {
    id: 'testing.assertion-interceptors',
    section: '1.7',
    feature: 'workflowInterceptorModules: an AssertionError fails the workflow for good',
  },
  {
    id: 'testing.test-runners',
    section: '1.7',
    feature: 'environments work under vitest, jest, mocha and node:test',
  },
];
