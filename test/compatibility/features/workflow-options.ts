import type { Feature } from '../feature.js';

export const workflowOptionsFeatures: readonly Feature[] = [
  {
    id: 'workflow.activity-options',
    section: '1.2',
    feature: 'ActivityOptions: activityId, task queue, the four time-outs, retry',
  },
  {
    id: 'workflow.activity-start-to-close',
    section: '1.2',
    feature: 'startToCloseTimeout ends an attempt, which is retried',
  },
  {
    id: 'workflow.activity-schedule-to-start',
    section: '1.2',
    feature: 'scheduleToStartTimeout is never retried',
  },
  {
    id: 'workflow.activity-schedule-to-close',
    section: '1.2',
    feature: 'scheduleToCloseTimeout ends the retries',
  },
  {
    id: 'workflow.activity-heartbeat-timeout',
    section: '1.2',
    feature: 'heartbeatTimeout fails an attempt that is silent',
  },
  {
    id: 'workflow.activity-eager-dispatch',
    section: '1.2',
    feature: 'allowEagerDispatch',
    unsupported: 'Every activity is a record on its task queue, which is what spreads and keeps it.',
  },
  {
    id: 'workflow.activity-summary',
    section: '1.2',
    feature: 'an activity carries its summary',
  },
  {
    id: 'workflow.activity-priority',
    section: '1.2',
    feature: 'an activity carries its priority',
    partly: 'It goes with the task; queues do not go by it yet.',
  },
  {
    id: 'workflow.cancellation-try-cancel',
    section: '1.2',
    feature: 'TRY_CANCEL, also when unset: cancelled at once, the activity is asked to stop',
  },
  {
    id: 'workflow.cancellation-wait',
    section: '1.2',
    feature: 'WAIT_CANCELLATION_COMPLETED waits for the activity to end',
  },
  {
    id: 'workflow.cancellation-abandon',
    section: '1.2',
    feature: 'ABANDON cancels at once and asks nothing',
  },
  {
    id: 'workflow.local-activity-options',
    section: '1.2',
    feature: 'LocalActivityOptions: time-outs, retry, localRetryThreshold, cancellationType',
  },
  {
    id: 'workflow.retry-policy',
    section: '1.2',
    feature: "RetryPolicy: intervals, coefficient, attempts, with Temporal's defaults",
  },
  {
    id: 'workflow.retry-non-retryable-types',
    section: '1.2',
    feature: 'RetryPolicy.nonRetryableErrorTypes',
  },
  {
    id: 'workflow.retry-policy-validation',
    section: '1.2',
    feature: "a RetryPolicy that can't be is a ValueError",
  },
  {
    id: 'workflow.workflow-retry-default',
    section: '1.2',
    feature: 'workflows are not retried by default',
  },
  {
    id: 'workflow.priority',
    section: '1.2',
    feature: 'Priority of a workflow: priorityKey, fairnessKey, fairnessWeight',
    unsupported: 'Priorities of a task queue are a service that comes later.',
  },
];
