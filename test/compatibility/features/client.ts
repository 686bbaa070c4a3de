import type { Feature } from '../feature.js';

export const clientFeatures: readonly Feature[] = [
  {
    id: 'client.connection',
    section: '1.3',
    feature: "Connection.connect gives up after connectTimeout, naming what can't be reached",
  },
  {
    id: 'client.connection-lazy',
    section: '1.3',
    feature: 'Connection.lazy and ensureConnected()',
  },
  {
    id: 'client.connection-close',
    section: '1.3',
    feature: 'Connection.close()',
  },
  {
    id: 'client.connection-tls',
    section: '1.3',
    feature: 'tls and sasl to the brokers',
  },
  {
    id: 'client.connection-with-deadline',
    section: '1.3',
    feature: 'withDeadline, withMetadata, withAbortSignal on connection and client',
    partly: 'Metadata goes nowhere: a record on Kafka has no use for it.',
  },
  {
    id: 'client.connection-raw-services',
    section: '1.3',
    feature: 'workflowService, operatorService, testService, healthService (raw gRPC)',
    unsupported: 'There is no gRPC service: a client writes to Kafka.',
  },
  {
    id: 'client.client-options',
    section: '1.3',
    feature: 'Client({ connection, namespace, identity, dataConverter })',
  },
  {
    id: 'client.start',
    section: '1.3',
    feature: "workflow.start with args of the workflow's types",
  },
  {
    id: 'client.execute',
    section: '1.3',
    feature: 'workflow.execute',
  },
  {
    id: 'client.typed-definitions',
    section: '1.3',
    feature: 'arguments, results, signals, queries and updates are typed from definition to caller',
  },
  {
    id: 'client.signal-with-start',
    section: '1.3',
    feature: 'workflow.signalWithStart',
  },
  {
    id: 'client.update-with-start',
    section: '1.3',
    feature: 'workflow.executeUpdateWithStart and startUpdateWithStart',
  },
  {
    id: 'client.with-start-operation',
    section: '1.3',
    feature: 'WithStartWorkflowOperation is used once and gives its workflowHandle()',
  },
  {
    id: 'client.get-handle',
    section: '1.3',
    feature: 'getHandle(id, runId?, { firstExecutionRunId, followRuns })',
  },
  {
    id: 'client.client-result',
    section: '1.3',
    feature: 'workflow.result(id) without a handle',
  },
  {
    id: 'client.list',
    section: '1.3',
    feature: 'workflow.list with a query, and intoHistories',
    unsupported: 'Visibility is a service that comes later.',
  },
  {
    id: 'client.count',
    section: '1.3',
    feature: 'workflow.count with a query',
    unsupported: 'Visibility is a service that comes later.',
  },
  {
    id: 'client.id-reuse-policy',
    section: '1.3',
    feature: 'workflowIdReusePolicy',
  },
  {
    id: 'client.id-conflict-policy',
    section: '1.3',
    feature: 'workflowIdConflictPolicy',
  },
  {
    id: 'client.already-started',
    section: '1.3',
    feature: 'a start whose id is in use is WorkflowExecutionAlreadyStartedError',
  },
  {
    id: 'client.workflow-retry',
    section: '1.3',
    feature: 'retry policy of a workflow',
  },
  {
    id: 'client.cron',
    section: '1.3',
    feature: 'cronSchedule',
    partly: 'Times are UTC: a schedule with another CRON_TZ is refused.',
  },
  {
    id: 'client.memo',
    section: '1.3',
    feature: 'memo of a workflow, described and queried',
    partly: 'In the description. Lists of workflows come with visibility, a later service.',
  },
  {
    id: 'client.search-attributes',
    section: '1.3',
    feature: 'searchAttributes and typedSearchAttributes of a workflow',
    partly: 'In the description. Finding workflows by them comes with visibility, a later service.',
  },
  {
    id: 'client.static-summary',
    section: '1.3',
    feature: 'staticSummary and staticDetails',
  },
  {
    id: 'client.workflow-timeouts',
    section: '1.3',
    feature: 'workflowRunTimeout, workflowExecutionTimeout',
  },
  {
    id: 'client.workflow-task-timeout',
    section: '1.3',
    feature: 'workflowTaskTimeout',
    partly:
      'It is recorded, and the code can read it. A task of a worker that dies comes again by Kafka, any other a minute after it was given out, whatever the time-out.',
  },
  {
    id: 'client.start-delay',
    section: '1.3',
    feature: 'startDelay',
  },
  {
    id: 'client.versioning-override',
    section: '1.3',
    feature: 'versioningOverride',
    unsupported: 'Worker versioning is not part of Millrace yet.',
  },
  {
    id: 'client.eager-start',
    section: '1.3',
    feature: 'requestEagerStart',
    partly: 'Taken, and the first task comes by its queue all the same: eagerlyStarted is false always.',
  },
  {
    id: 'client.result',
    section: '1.3',
    feature: 'handle.result(): value or error by what the run came to',
  },
  {
    id: 'client.follow-runs',
    section: '1.3',
    feature: 'result() follows retries, cron and continue-as-new unless followRuns is false',
  },
  {
    id: 'client.signal',
    section: '1.3',
    feature: 'handle.signal',
  },
  {
    id: 'client.query',
    section: '1.3',
    feature: 'handle.query',
  },
  {
    id: 'client.query-reject-condition',
    section: '1.3',
    feature: 'queryRejectCondition, QueryRejectedError with the status',
  },
  {
    id: 'client.query-not-registered',
    section: '1.3',
    feature: 'a query without handler is QueryNotRegisteredError and names those there are',
  },
  {
    id: 'client.update',
    section: '1.3',
    feature: 'handle.executeUpdate and startUpdate with waitForStage ACCEPTED',
  },
  {
    id: 'client.update-handle',
    section: '1.3',
    feature: 'getUpdateHandle(id) and WorkflowUpdateHandle.result()',
  },
  {
    id: 'client.update-id',
    section: '1.3',
    feature: 'updateId deduplicates, randomUUID by default',
  },
  {
    id: 'client.update-failed',
    section: '1.3',
    feature: 'WorkflowUpdateFailedError with its cause',
  },
  {
    id: 'client.update-timeout',
    section: '1.3',
    feature: 'WorkflowUpdateRPCTimeoutOrCancelledError',
  },
  {
    id: 'client.terminate',
    section: '1.3',
    feature: 'handle.terminate(reason)',
  },
  {
    id: 'client.cancel',
    section: '1.3',
    feature: 'handle.cancel()',
  },
  {
    id: 'client.describe',
    section: '1.3',
    feature: 'handle.describe(): type, status, times, history length, task queue',
    partly: "raw is Millrace's own record: it has no workflowExecutionInfo and no executionConfig.",
  },
  {
    id: 'client.describe-parent',
    section: '1.3',
    feature: 'describe(): parentExecution and rootExecution',
  },
  {
    id: 'client.describe-summary',
    section: '1.3',
    feature: 'describe(): staticSummary() and staticDetails()',
  },
  {
    id: 'client.fetch-history',
    section: '1.3',
    feature: 'handle.fetchHistory()',
    partly:
      "Temporal's names are a view of each event, with its numbers for types, retry states, time-outs and failed tasks; a Temporal history's JSON is not read.",
  },
  {
    id: 'client.workflow-failed-error',
    section: '1.3',
    feature: 'WorkflowFailedError: cause and retryState',
  },
  {
    id: 'client.workflow-not-found',
    section: '1.3',
    feature: 'WorkflowNotFoundError',
  },
  {
    id: 'client.namespace-not-found',
    section: '1.3',
    feature: 'NamespaceNotFoundError',
  },
  {
    id: 'client.service-error',
    section: '1.3',
    feature: 'ServiceError when nothing answers, isGrpcServiceError and its kin',
  },
  {
    id: 'client.async-completion',
    section: '1.3',
    feature: 'activity.complete and fail, by task token or by { workflowId, activityId }',
  },
  {
    id: 'client.async-heartbeat',
    section: '1.3',
    feature: 'activity.heartbeat of an activity completed from outside, with its Cancelled, Paused and Reset errors',
    partly: 'Nothing resets a single activity yet: ActivityResetError is never thrown.',
  },
  {
    id: 'client.async-report-cancellation',
    section: '1.3',
    feature: 'activity.reportCancellation',
  },
  {
    id: 'client.standalone-activities',
    section: '1.3',
    feature: 'activity.start, execute, getHandle, list, count',
    unsupported: 'Activities without a workflow are a service that comes later.',
  },
  {
    id: 'client.schedules',
    section: '1.3',
    feature: 'ScheduleClient, ScheduleHandle, ScheduleOptions',
    unsupported: 'Schedules are a service that comes later.',
  },
  {
    id: 'client.task-queue-client',
    section: '1.3',
    feature: 'TaskQueueClient (build-id versioning, deprecated)',
    unsupported: 'Deprecated in Temporal, and worker versioning is not part of Millrace yet.',
  },
  {
    id: 'client.nexus',
    section: '1.3',
    feature: 'NexusClient',
    unsupported: 'Nexus is a service that comes later.',
  },
  {
    id: 'client.interceptors-workflow',
    section: '1.3',
    feature: 'workflow client interceptors: start, signal, signalWithStart, query, terminate, cancel, describe',
  },
  {
    id: 'client.interceptors-update',
    section: '1.3',
    feature: 'workflow client interceptors: startUpdate, startUpdateWithStart',
  },
  {
    id: 'client.interceptors-activity',
    section: '1.3',
    feature: 'activity client interceptors',
    unsupported: 'Their methods are of activities without a workflow, a service that comes later.',
  },
  {
    id: 'client.plugins',
    section: '1.3',
    feature: 'ClientPlugin and ConnectionPlugin',
  },
  {
    id: 'client.reset',
    section: '1.3',
    feature: 'handle.reset: a new run from a point of the history (raw RPC in Temporal)',
    partly: 'Open runs only; not children, nor runs that had asked something of another workflow by that point.',
  },
  {
    id: 'client.pause',
    section: '1.3',
    feature: 'handle.pause and unpause (raw RPC in Temporal)',
  },
];
