import type { Feature } from '../feature.js';

export const workflowFeatures: readonly Feature[] = [
  {
    id: 'workflow.sleep',
    section: '1.1',
    feature: 'sleep() is a durable timer of at least 1 ms',
  },
  {
    id: 'workflow.sleep-cancellation',
    section: '1.1',
    feature: 'a sleep is cancelled by the scope it runs in',
  },
  {
    id: 'workflow.timer-summary',
    section: '1.1',
    feature: 'a timer carries its summary',
  },
  {
    id: 'workflow.condition',
    section: '1.1',
    feature: 'condition(fn) is looked at eagerly, then after each job',
  },
  {
    id: 'workflow.condition-timeout',
    section: '1.1',
    feature: 'condition(fn, timeout) gives false on time-out and puts its timer away',
  },
  {
    id: 'workflow.proxy-activities',
    section: '1.1',
    feature: 'proxyActivities gives a function for any activity type',
  },
  {
    id: 'workflow.proxy-activities-timeouts',
    section: '1.1',
    feature: 'an activity without startToClose and scheduleToClose is a TypeError at once',
  },
  {
    id: 'workflow.execute-with-options',
    section: '1.1',
    feature: 'fn.executeWithOptions(options, args) merges options for one call',
  },
  {
    id: 'workflow.schedule-activity',
    section: '1.1',
    feature: 'scheduleActivity(type, args, options)',
  },
  {
    id: 'workflow.activity-failure',
    section: '1.1',
    feature: 'an activity that failed for good rejects with ActivityFailure and its cause',
  },
  {
    id: 'workflow.activity-cancellation',
    section: '1.1',
    feature: 'cancelling a scope cancels its activities by their cancellationType',
  },
  {
    id: 'workflow.proxy-local-activities',
    section: '1.1',
    feature: 'proxyLocalActivities runs an activity in the worker and records a marker',
    partly:
      'A timer started before a local activity and cancelled after it in the same task is in the history; Temporal leaves both events out.',
  },
  {
    id: 'workflow.local-activity-not-registered',
    section: '1.1',
    feature: 'an unknown local activity is a ReferenceError that fails the workflow task',
  },
  {
    id: 'workflow.local-activity-retry',
    section: '1.1',
    feature: 'a local activity is retried in the worker, beyond the threshold by a durable timer',
  },
  {
    id: 'workflow.local-activity-cancellation',
    section: '1.1',
    feature: 'a local activity is cancelled by its scope',
  },
  {
    id: 'workflow.schedule-local-activity',
    section: '1.1',
    feature: 'scheduleLocalActivity(type, args, options)',
  },
  {
    id: 'workflow.start-child',
    section: '1.1',
    feature: 'startChild resolves once the child has started, with firstExecutionRunId',
  },
  {
    id: 'workflow.execute-child',
    section: '1.1',
    feature: "executeChild resolves with the child's result",
  },
  {
    id: 'workflow.child-defaults',
    section: '1.1',
    feature: "a child's workflow id defaults to uuid4(), its task queue to the parent's",
  },
  {
    id: 'workflow.child-failure',
    section: '1.1',
    feature: 'a failed child rejects with ChildWorkflowFailure and its cause',
  },
  {
    id: 'workflow.child-already-started',
    section: '1.1',
    feature: 'a child whose id is in use rejects with WorkflowExecutionAlreadyStartedError',
  },
  {
    id: 'workflow.child-signal',
    section: '1.1',
    feature: 'ChildWorkflowHandle.signal',
  },
  {
    id: 'workflow.child-cancellation',
    section: '1.1',
    feature: 'a scope cancels its children by their cancellationType',
  },
  {
    id: 'workflow.child-parent-close-policy',
    section: '1.1',
    feature: 'parentClosePolicy: TERMINATE, ABANDON, REQUEST_CANCEL',
  },
  {
    id: 'workflow.external-signal',
    section: '1.1',
    feature: 'getExternalWorkflowHandle(...).signal',
  },
  {
    id: 'workflow.external-cancel',
    section: '1.1',
    feature: 'getExternalWorkflowHandle(...).cancel',
  },
  {
    id: 'workflow.external-not-found',
    section: '1.1',
    feature: "a signal or cancel of an external workflow that isn't there rejects",
  },
  {
    id: 'workflow.continue-as-new',
    section: '1.1',
    feature: 'continueAsNew(...args) starts the next run with them',
  },
  {
    id: 'workflow.make-continue-as-new',
    section: '1.1',
    feature: "makeContinueAsNewFunc's options: type, task queue, time-outs, memo, search attributes",
  },
  {
    id: 'workflow.continue-as-new-carry-over',
    section: '1.1',
    feature: 'memo and search attributes are carried over when unset',
  },
  {
    id: 'workflow.continue-as-new-backoff',
    section: '1.1',
    feature: 'backoffStartInterval delays the next run',
  },
  {
    id: 'workflow.continue-as-new-initial-versioning',
    section: '1.1',
    feature: 'initialVersioningBehavior of the next run',
    unsupported: 'Worker versioning is not part of Millrace yet.',
  },
  {
    id: 'workflow.patched',
    section: '1.1',
    feature: 'patched(id): true when live or when history has its marker, memoised for the run',
  },
  {
    id: 'workflow.deprecate-patch',
    section: '1.1',
    feature: 'deprecatePatch(id)',
  },
  {
    id: 'workflow.cancellation-scope',
    section: '1.1',
    feature: 'CancellationScope: new, run, cancel, consideredCancelled, cancelRequested, parent, current()',
  },
  {
    id: 'workflow.cancellation-scope-tree',
    section: '1.1',
    feature: 'cancelling a scope reaches its cancellable children only',
  },
  {
    id: 'workflow.non-cancellable',
    section: '1.1',
    feature: 'CancellationScope.nonCancellable',
  },
  {
    id: 'workflow.scope-timeout',
    section: '1.1',
    feature: 'CancellationScope.withTimeout cancels what runs in it and puts its timer away in time',
  },
  {
    id: 'workflow.workflow-cancellation',
    section: '1.1',
    feature: 'a cancel request cancels the root scope; the run closes as cancelled',
  },
  {
    id: 'workflow.cancelled-before-start',
    section: '1.1',
    feature: 'a workflow cancelled before its code begins is cancelled at its first wait',
  },
  {
    id: 'workflow.scope-async-context',
    section: '1.1',
    feature: 'the current scope follows async calls (AsyncLocalStorage)',
  },
  {
    id: 'workflow.is-cancellation',
    section: '1.1',
    feature: 'isCancellation sees CancelledFailure also as the cause of activity and child failures',
  },
  {
    id: 'workflow.trigger',
    section: '1.1',
    feature: 'Trigger is a promise with resolve and reject, bound to its scope',
  },
  {
    id: 'workflow.workflow-info',
    section: '1.1',
    feature: 'workflowInfo(): ids, type, task queue, namespace, start time, time-outs, history length',
  },
  {
    id: 'workflow.workflow-info-parent',
    section: '1.1',
    feature: 'workflowInfo(): parent and root',
  },
  {
    id: 'workflow.workflow-info-chain',
    section: '1.1',
    feature:
      'workflowInfo(): firstExecutionRunId, continuedFromExecutionRunId, lastResult, lastFailure, attempt, cronSchedule',
  },
  {
    id: 'workflow.workflow-info-retry-policy',
    section: '1.1',
    feature: 'workflowInfo(): retryPolicy and priority',
  },
  {
    id: 'workflow.workflow-info-expiration',
    section: '1.1',
    feature: 'workflowInfo(): executionExpirationTime and executionTimeoutMs',
  },
  {
    id: 'workflow.workflow-info-memo',
    section: '1.1',
    feature: 'workflowInfo(): memo, searchAttributes and typedSearchAttributes',
  },
  {
    id: 'workflow.workflow-info-suggested',
    section: '1.1',
    feature: 'workflowInfo(): continueAsNewSuggested with its reasons, historySize',
  },
  {
    id: 'workflow.workflow-info-unsafe',
    section: '1.1',
    feature: 'workflowInfo().unsafe: now(), isReplaying, isReplayingHistoryEvents',
  },
  {
    id: 'workflow.workflow-info-deployment',
    section: '1.1',
    feature: 'workflowInfo(): currentDeploymentVersion, targetWorkerDeploymentVersionChanged',
    unsupported: 'Worker versioning is not part of Millrace yet.',
  },
  {
    id: 'workflow.upsert-search-attributes',
    section: '1.1',
    feature: 'upsertSearchAttributes with pairs or a record; null or [] removes; workflowInfo() shows it at once',
  },
  {
    id: 'workflow.upsert-memo',
    section: '1.1',
    feature: 'upsertMemo; null removes; workflowInfo() shows it at once',
  },
  {
    id: 'workflow.uuid4',
    section: '1.1',
    feature: 'uuid4() is seeded by the run',
  },
  {
    id: 'workflow.random-streams',
    section: '1.1',
    feature: 'getRandomStream(name) and workflowRandom',
  },
  {
    id: 'workflow.log',
    section: '1.1',
    feature: 'log.{trace,debug,info,warn,error}, dropped on replay',
  },
  {
    id: 'workflow.log-attributes',
    section: '1.1',
    feature: "lines of the log carry the workflow's attributes",
  },
  {
    id: 'workflow.metric-meter',
    section: '1.1',
    feature: 'metricMeter counts nothing on replay',
  },
  {
    id: 'workflow.sinks',
    section: '1.1',
    feature: "proxySinks calls the worker's sinks, on replay only those with callDuringReplay",
  },
  {
    id: 'workflow.workflow-options-versioning',
    section: '1.1',
    feature: 'setWorkflowOptions({ versioningBehavior })',
    unsupported: 'Worker versioning is not part of Millrace yet.',
  },
  {
    id: 'workflow.workflow-options-failure-types',
    section: '1.1',
    feature: 'setWorkflowOptions({ failureExceptionTypes }) makes these errors fail the workflow',
  },
  {
    id: 'workflow.current-details',
    section: '1.1',
    feature: 'setCurrentDetails and getCurrentDetails',
  },
  {
    id: 'workflow.in-workflow-context',
    section: '1.1',
    feature: 'inWorkflowContext()',
  },
  {
    id: 'workflow.nexus-client',
    section: '1.1',
    feature: 'createNexusServiceClient',
    unsupported: 'Nexus is a service that comes later.',
  },
  {
    id: 'workflow.stack-trace-query',
    section: '1.1',
    feature: 'the query __stack_trace',
  },
  {
    id: 'workflow.enhanced-stack-trace-query',
    section: '1.1',
    feature: 'the query __enhanced_stack_trace',
  },
  {
    id: 'workflow.metadata-query',
    section: '1.1',
    feature: 'the query __temporal_workflow_metadata: definitions, descriptions, current details',
  },
  {
    id: 'workflow.reserved-names',
    section: '1.1',
    feature: 'names that start with __temporal_ are refused',
  },
  {
    id: 'workflow.dynamic-workflow',
    section: '1.1',
    feature: 'an export named default serves workflow types that have none',
  },
  {
    id: 'workflow.interceptors-inbound',
    section: '1.1',
    feature: 'inbound interceptors: execute, handleSignal, handleUpdate, validateUpdate, handleQuery',
  },
  {
    id: 'workflow.interceptors-outbound',
    section: '1.1',
    feature: 'outbound interceptors: timers, activities, local activities, children, signals, continueAsNew',
  },
  {
    id: 'workflow.interceptors-log-attributes',
    section: '1.1',
    feature: 'outbound interceptors: getLogAttributes and getMetricTags',
  },
  {
    id: 'workflow.interceptors-internals',
    section: '1.1',
    feature: 'internals interceptors: activate, concludeActivation, dispose',
    partly: 'dispose is not called when a run leaves the cache.',
  },
  {
    id: 'workflow.error-classes',
    section: '1.1',
    feature: 'WorkflowError, DeterminismViolationError, LocalActivityDoBackoff, and the common failures exported again',
    partly: 'No LocalActivityDoBackoff: the wait before a late attempt of a local activity happens inside of the call.',
  },
];
