import type { Clock } from '../../services/platform/clock.js';
import { createDeadLetters } from '../../services/platform/dead-letters.js';
import { createLogger, type Logger } from '../../services/platform/logger.js';
import { ensureTaskQueue } from '../../services/platform/namespace.js';
import { workerGroup } from '../../services/platform/topics.js';
import { Client } from '../client/client.js';
import { Connection } from '../client/connection.js';
import type { NamespaceConnection } from '../client/namespace-connection.js';
import type { MetricMeter } from '../common/metrics.js';
import type { ActivityRegistry } from './activity-registry.js';
import { ActivityRunner } from './activity-runner.js';
import { LocalActivityRunner } from './local-activity-runner.js';
import { translatorTo } from './payloads/known-schemas.js';
import { pacedSlots } from './slots/paced-slots.js';
import type { Slots } from './slots/slots.js';
import { type SlotKind, slotsOf } from './slots/tuner.js';
import { TaskQueueConsumer, type TaskQueueConsumerOptions } from './task-queue-consumer.js';
import { measureActivities } from './telemetry/activity-metrics.js';
import { measureSlots, timeWorkflowTasks } from './telemetry/task-metrics.js';
import { userLogger } from './telemetry/user-logger.js';
import { metricsOf, type WorkerHost } from './worker-host.js';
import type { CompiledWorkerOptions } from './worker-options.js';
import { workflowCode } from './workflow-code.js';
import { type LocalActivities, WorkflowExecutor } from './workflow-executor.js';
import { WorkflowTaskRunner } from './workflow-task-runner.js';

/** Time without heartbeats after which a group gives a worker up: activities that block the event loop hold them back. */
const SESSION_TIMEOUT_MS = 10_000;

/** What a worker is made of. */
export interface WorkerParts {
  readonly options: CompiledWorkerOptions;
  readonly host: WorkerHost;
  readonly clock: Clock;
  readonly connection: Connection;
  readonly client: () => Client;
  /** One for each kind of task the worker takes. */
  readonly consumers: readonly TaskQueueConsumer[];
  readonly workflowConsumer: TaskQueueConsumer | undefined;
  readonly activityConsumer: TaskQueueConsumer | undefined;
  readonly activities: ActivityRunner | undefined;
  readonly logger: Logger;
  /** Gives everything back that `openWorkerParts` opened. */
  close(): Promise<void>;
}

/** Opens what the options ask for, and closes again what was open when something fails. */
export async function openWorkerParts(
  options: CompiledWorkerOptions,
  host: WorkerHost,
  onFailed: (error: Error) => void,
): Promise<WorkerParts> {
  const closers: Array<() => unknown> = [() => host.release?.()];
  const close = async () => {
    // Last opened, first closed; each gets its turn whatever the others do.
    for (const closer of closers.splice(0).toReversed()) await (async () => closer())().catch(() => undefined);
  };
  try {
    const connection = options.connection ?? (await connect());
    if (!options.connection) closers.push(() => connection.close());
    const namespace = await connection.namespace(options.namespace);
    const identity = options.identity ?? namespace.identity;
    const { taskQueue } = options;
    // Activities name namespace and queue themselves, on lines that interceptors may change.
    const plainLogger = host.logger ?? connection.logger;
    const logger = plainLogger.child({ namespace: options.namespace, taskQueue, identity });
    const client = clientOf(options, connection, identity);
    const context = { options, host, namespace, identity, logger, plainLogger, client, onFailed, closers };
    const workflows =
      options.workflows && (await takeWorkflowTasks(context, await workflowCode(options.workflows, logger)));
    const { takesActivityTasks } = options;
    const activities =
      takesActivityTasks && options.activities ? await takeActivityTasks(context, options.activities) : undefined;
    const consumers = [workflows, activities?.consumer].filter((consumer) => consumer !== undefined);
    const { clock } = namespace;
    return {
      options,
      host,
      clock,
      connection,
      client,
      consumers,
      workflowConsumer: workflows,
      activityConsumer: activities?.consumer,
      activities: activities?.runner,
      logger,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Context {
  readonly options: CompiledWorkerOptions;
  readonly host: WorkerHost;
  readonly namespace: NamespaceConnection;
  readonly identity: string;
  readonly logger: Logger;
  readonly plainLogger: Logger;
  readonly client: () => Client;
  readonly onFailed: (error: Error) => void;
  readonly closers: Array<() => unknown>;
}

async function takeWorkflowTasks(context: Context, code: string): Promise<TaskQueueConsumer> {
  const { options, host, namespace, identity, logger, closers } = context;
  const codec = namespace.codec.snapshot();
  const translate = translatorTo(new Set(codec.schemas.map(({ id }) => id)), namespace.codec);
  const executor = await WorkflowExecutor.start({
    code,
    codec,
    namespace: options.namespace,
    taskQueue: options.taskQueue,
    identity,
    logger,
    fetchHistory: async (workflowId, runId, firstEventId) =>
      translate(await namespace.readHistory(workflowId, runId, firstEventId)),
    payloadCodecs: options.dataConverter.payloadCodecs,
    maxValueBytes: options.dataConverter.maxValueBytes,
    failureErrorTypes: options.workflowFailureErrorTypes,
    threads: options.workflowThreads,
    maxCachedRuns: options.maxCachedWorkflows,
    codeTimeoutMs: options.codeTimeoutMs,
    clock: namespace.workflowClock,
    startSandbox: host.startSandbox,
    localActivities: localActivitiesOf(context),
    sinks: options.sinks,
    measure: metricsOf(host).metricSink,
  });
  closers.push(() => executor.close());
  const runner = new WorkflowTaskRunner({ connection: namespace, executor, translate, logger });
  closers.push(() => runner.close());
  const timeTask = timeWorkflowTasks(meterOf(context), namespace.clock);
  return consume(context, {
    kind: 'workflow',
    run: (delivery) => timeTask(() => runner.run(delivery)),
  });
}

function localActivitiesOf(context: Context): LocalActivities | undefined {
  const { options, host, namespace, plainLogger, client, onFailed, closers } = context;
  const { activities, taskQueue, dataConverter, interceptors } = options;
  if (activities === undefined) return undefined;
  const slots = slotsFor(context, 'local-activity');
  closers.push(() => slots.close());
  const runner = new LocalActivityRunner({
    activities,
    namespace: options.namespace,
    taskQueue,
    dataConverter,
    interceptors,
    slots,
    logger: userLogger(plainLogger),
    metrics: metricsOf(host).metricSink,
    client,
    clock: namespace.workflowClock,
    onFailed,
  });
  return { types: activities.types, run: (call) => runner.run(call) };
}

async function takeActivityTasks(
  context: Context,
  activities: ActivityRegistry,
): Promise<{ readonly consumer: TaskQueueConsumer; readonly runner: ActivityRunner }> {
  const { options, host, namespace, identity, logger, plainLogger, client, closers } = context;
  const { taskQueue, dataConverter, interceptors, throttle } = options;
  const { metricSink } = metricsOf(host);
  const runner = new ActivityRunner({
    connection: namespace,
    namespace: options.namespace,
    taskQueue,
    identity,
    activities,
    dataConverter,
    interceptors,
    metrics: measureActivities(meterOf(context), metricSink),
    client,
    throttle,
    logger,
    activityLogger: userLogger(plainLogger),
  });
  closers.push(() => runner.close());
  const consumer = await consume(context, {
    kind: 'activity',
    run: (delivery) => runner.run(delivery),
    onRebalance: () => runner.claimRunning(),
  });
  return { consumer, runner };
}

/** The places for tasks of a kind. */
function slotsFor({ options, namespace, identity }: Context, kind: SlotKind): Slots {
  const isSticky = kind === 'workflow';
  const { taskQueue } = options;
  const reservation = { slotType: kind, taskQueue, workerIdentity: identity, workerBuildId: '', isSticky };
  return slotsOf(options.slots[kind], reservation, namespace.clock);
}

async function consume(
  context: Context,
  queue: Pick<TaskQueueConsumerOptions, 'run' | 'onRebalance'> & {
    readonly kind: 'workflow' | 'activity';
  },
): Promise<TaskQueueConsumer> {
  const { options, namespace, logger, onFailed, closers } = context;
  const { log, topics, configuration, clock } = namespace;
  const { taskQueue } = options;
  const { kind, ...how } = queue;
  await ensureTaskQueue({ log, topics, configuration, taskQueue, kind });
  const producer = log.producer();
  closers.push(() => producer.close());
  const places = slotsFor(context, kind);
  const { maxActivitiesPerSecond } = options;
  const isPaced = kind === 'activity' && maxActivitiesPerSecond !== undefined;
  const slots = isPaced ? pacedSlots(places, maxActivitiesPerSecond, clock) : places;
  const consumer = new TaskQueueConsumer({
    ...how,
    slots,
    log,
    clock,
    deadLetters: createDeadLetters({ producer, topics, logger }),
    logger: logger.child({ kind }),
    groupId: workerGroup(topics.namespace, taskQueue, kind),
    topic: kind === 'workflow' ? topics.workflowTasks(taskQueue) : topics.activityTasks(taskQueue),
    sessionTimeoutMs: SESSION_TIMEOUT_MS,
    onFailed,
  });
  measureSlots(meterOf(context).withTags({ worker_type: workerTypes[kind] }), slots, consumer.running);
  closers.push(() => consumer.close());
  return consumer;
}

const workerTypes = { workflow: 'WorkflowWorker', activity: 'ActivityWorker' } as const;

/** What the worker measures itself with: the tags of all its metrics are on it. */
function meterOf({ host, options }: Context): MetricMeter {
  return metricsOf(host).meter.withTags({ namespace: options.namespace, task_queue: options.taskQueue });
}

/** Made at its first use: most activities need none. */
function clientOf(options: CompiledWorkerOptions, connection: Connection, identity: string) {
  const { namespace, dataConverterOption, clientInterceptors } = options;
  let client: Client | undefined;
  return () => {
    client ??= new Client({
      connection,
      namespace,
      identity,
      interceptors: clientInterceptors,
      ...(dataConverterOption && { dataConverter: dataConverterOption }),
    });
    return client;
  };
}

function connect(): Promise<Connection> {
  return Connection.connect({ logger: createLogger({ name: 'millrace-worker' }) });
}
