import type { Info } from '../activity/info.js';
import { encode } from '../common/encoding.js';

/** What an activity is told in a MockActivityEnvironment where the test says nothing else. */
export const defaultActivityInfo: Info = {
  taskToken: encode('test'),
  base64TaskToken: 'dGVzdA==',
  activityId: 'test',
  activityType: 'unknown',
  attempt: 1,
  isLocal: false,
  inWorkflow: true,
  workflowExecution: { workflowId: 'test', runId: '00000000-0000-0000-0000-000000000000' },
  workflowType: 'test',
  namespace: 'test',
  workflowNamespace: 'default',
  activityNamespace: 'default',
  scheduledTimestampMs: 1,
  currentAttemptScheduledTimestampMs: 1,
  scheduleToCloseTimeoutMs: 1000,
  startToCloseTimeoutMs: 1000,
  heartbeatTimeoutMs: undefined,
  heartbeatDetails: undefined,
  taskQueue: 'test',
  retryPolicy: undefined,
  priority: undefined,
  activityRunId: undefined,
};
