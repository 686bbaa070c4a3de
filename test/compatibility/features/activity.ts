import type { Feature } from '../feature.js';

export const activityFeatures: readonly Feature[] = [
  {
    id: 'activity.context',
    section: '1.4',
    feature: 'Context.current() and its free functions',
  },
  {
    id: 'activity.info',
    section: '1.4',
    feature: 'Info: ids, types, attempt, times, time-outs, task token, retry policy',
  },
  {
    id: 'activity.info-heartbeat-details',
    section: '1.4',
    feature: 'Info.heartbeatDetails: the last details of the attempt before',
  },
  {
    id: 'activity.heartbeat',
    section: '1.4',
    feature: 'heartbeat(details), throttled',
  },
  {
    id: 'activity.heartbeat-last-details',
    section: '1.4',
    feature: 'the last details are sent when an attempt fails',
  },
  {
    id: 'activity.sleep',
    section: '1.4',
    feature: 'sleep() of an activity ends with its cancellation',
  },
  {
    id: 'activity.cancelled',
    section: '1.4',
    feature: 'cancelled rejects and cancellationSignal aborts, without waiting for a heartbeat',
  },
  {
    id: 'activity.cancellation-details',
    section: '1.4',
    feature: 'cancellationDetails: cancelRequested, notFound, paused, timedOut, workerShutdown, reset',
    partly: 'Nothing resets a single activity yet, so that no attempt is ever told so.',
  },
  {
    id: 'activity.worker-shutdown',
    section: '1.4',
    feature: 'a worker that shuts down cancels its activities after the grace time',
  },
  {
    id: 'activity.complete-async',
    section: '1.4',
    feature: 'throw new CompleteAsyncError() leaves the activity to client.activity',
  },
  {
    id: 'activity.log',
    section: '1.4',
    feature: "the activity's logger with its attributes",
  },
  {
    id: 'activity.metric-meter',
    section: '1.4',
    feature: "the activity's metricMeter with its tags",
  },
  {
    id: 'activity.client',
    section: '1.4',
    feature: "Context.client and getClient(): a client on the worker's connection",
  },
  {
    id: 'activity.error-to-failure',
    section: '1.4',
    feature: 'an error becomes an ApplicationFailure of its class name',
  },
  {
    id: 'activity.next-retry-delay',
    section: '1.4',
    feature: 'ApplicationFailure.nextRetryDelay overrules the back-off',
  },
  {
    id: 'activity.benign',
    section: '1.4',
    feature: 'a BENIGN failure is logged at debug',
  },
  {
    id: 'activity.dynamic-activity',
    section: '1.4',
    feature: 'an activity named default serves types that have none',
  },
  {
    id: 'activity.not-registered',
    section: '1.4',
    feature: 'an unknown activity type fails, retryably, naming what is registered',
  },
  {
    id: 'activity.async-local-storage',
    section: '1.4',
    feature: 'asyncLocalStorage is exported',
  },
];
