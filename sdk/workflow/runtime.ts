// The sandbox's side of an activation. The host calls these functions from outside of the context:
//
//   enter(run) → activate → microtasks drain → while unblock() > 0, microtasks drain → leave(run) → conclude
//
// The module is evaluated once a context and serves all of its runs; a run's own state is in its WorkflowRun.
import type { Failure } from '../../schemas/generated/messages.js';
import { arrayFromPayloads, setMaxValueBytes } from '../common/converter/payloads.js';
import { emptyFailure } from '../common/failure/empty-failure.js';
import { composeInterceptors } from '../common/interceptors.js';
import type { Activation, Conclusion, Job, QueryAnswer, RunCommand } from './activation.js';
import { type ContextStorage, installContextStorage } from './async-context.js';
import { tryUnblockConditions } from './condition.js';
import { type Converters, convertersOf } from './converters.js';
import { enterRun } from './current-run.js';
import { explainAbsent } from './globals/absent.js';
import { lockRealm } from './globals/freeze.js';
import { type HostGlobals, installGlobals } from './globals/install.js';
import { RunGlobals } from './globals/run-globals.js';
import { inbound } from './interceptors.js';
import { applyJob } from './jobs.js';
import { installActivityTypes } from './local-activities.js';
import { installLogSink, type LogSink, warnOf } from './log.js';
import { installMetrics, type MeasureOutside } from './metrics.js';
import { type FailureErrorTypes, installFailureErrorTypes } from './named-failures.js';
import { completeWith, failWith } from './outcome.js';
import { answerQuery, type Query } from './queries.js';
import { WorkflowRun } from './run.js';
import { installSinks, type PassSinkCall } from './sinks.js';
import { unfinishedHandlers } from './unfinished-handlers.js';
import { rejectBufferedUpdates } from './updates.js';
import { installEnvironment } from './workflow-info.js';
import { optionsOfWorkflow } from './workflow-options.js';

/** What the sandbox is given from outside of its realm. */
export interface Host {
  readonly globals: HostGlobals;
  readonly storage: ContextStorage;
  readonly namespace: string;
  /** The activities that the worker has; one named `default` serves every type. */
  readonly activityTypes: readonly string[];
  readonly now: () => number;
  /** Bytes of a value before its codecs: more where large ones are kept elsewhere. */
  readonly maxValueBytes: number;
  readonly failureErrorTypes: FailureErrorTypes;
  readonly log: LogSink;
  readonly sink: PassSinkCall;
  readonly measure: MeasureOutside;
}

/** What the bundle's entry exports; the bundler writes it. */
export interface BundleExports {
  /** The module of the workflows. */
  readonly workflows: Readonly<Record<string, unknown>>;
  /** Undefined for the default one. */
  readonly payloadConverter: Converters['payloadConverter'] | undefined;
  readonly failureConverter: Converters['failureConverter'] | undefined;
  /** The modules of interceptors, in their order. */
  readonly interceptorModules: ReadonlyArray<Readonly<Record<string, unknown>>>;
}

/** Evaluates the bundle anew, so that its modules' state belongs to one run. */
export type EvaluateBundle = () => BundleExports;

export type Runtime = ReturnType<typeof createRuntime>;

/** `libraries` is what the bundle imports from the SDK; all runs share it, so that it is frozen. */
export function createRuntime(host: Host, libraries: object, evaluate: EvaluateBundle) {
  installContextStorage(host.storage);
  installEnvironment(host);
  installActivityTypes(host.activityTypes);
  installLogSink(host.log);
  setMaxValueBytes(host.maxValueBytes);
  installFailureErrorTypes(host.failureErrorTypes);
  installSinks(host.sink);
  installMetrics(host.measure);
  installGlobals(host.globals);
  lockRealm(libraries);
  const globals = new RunGlobals();

  /** For what of a run's own code is called once the run was left. */
  function within<T>(run: WorkflowRun, fn: () => T): T {
    enterRun(run);
    globals.bringIn(run);
    try {
      return fn();
    } finally {
      globals.takeOut(run);
      enterRun(undefined);
    }
  }

  return {
    createRun: (runId: string): WorkflowRun => new WorkflowRun(runId),

    enter(run: WorkflowRun): void {
      enterRun(run);
      globals.bringIn(run);
    },

    leave(run: WorkflowRun): void {
      globals.takeOut(run);
      enterRun(undefined);
    },

    /** Applies the jobs in order, then starts the workflow if this is its first activation. Never throws. */
    activate(run: WorkflowRun, activation: Activation): void {
      run.activation = activation;
      try {
        const isFirst = run.exports === undefined;
        if (isFirst) seedFromOriginal(run, activation.jobs[0]);
        if (run.exports === undefined) load(run, evaluate());
        activateThroughInterceptors(run, activation);
        if (isFirst) startWorkflow(run);
      } catch (error) {
        run.failTask(error);
      }
      // Their payloads hold on to the records that they came in.
      run.activation = { ...activation, jobs: [] };
    },

    unblock: (run: WorkflowRun): number => tryUnblockConditions(run),

    /** Whether any condition is waited for: without one there is nothing to unblock. */
    isBlocked: (run: WorkflowRun): boolean => run.conditions.size > 0,

    /** What the activation came to. It runs no code of the run, but for what an error's own properties and its converters do. */
    conclude(run: WorkflowRun): Conclusion {
      const { internals, outbound } = run.interceptors;
      const isIntercepted = internals.length > 0 || outbound.length > 0;
      const commands = isIntercepted ? within(run, () => commandsOf(run)) : commandsOf(run);
      const localActivities = run.takeLocalActivities();
      if (run.taskFailure === undefined) return { kind: 'commands', commands, ...localActivities };
      const { error, cause } = run.taskFailure;
      return { kind: 'task-failure', cause, failure: within(run, () => taskFailureOf(run, error)) };
    },

    /** What it returns gives the answer, once microtasks have drained. */
    query: (run: WorkflowRun, query: Query): (() => QueryAnswer) => answerQuery(run, query),
  };
}

function activateThroughInterceptors(run: WorkflowRun, activation: Activation): void {
  // A run's interceptors are made once it is known whose they are.
  const [first, ...others] = activation.jobs;
  const jobs = first?.type === 'initializeWorkflow' ? others : activation.jobs;
  if (first?.type === 'initializeWorkflow') applyJob(run, first);
  const activate = composeInterceptors(run.interceptors.internals, 'activate', () => {
    for (const job of jobs) {
      applyJob(run, job);
      if (isLiveAndReplayed(run, job)) tryUnblockConditions(run);
    }
  });
  activate({ activation, batchIndex: 0 });
}

/** Conditions are looked at as often live as on a replay, which alone is told of patches, and not of refused updates. */
function isLiveAndReplayed(run: WorkflowRun, job: Job): boolean {
  return job.type === 'doUpdate' ? run.hasAccepted(job.updateId) : job.type !== 'notifyHasPatch';
}

function commandsOf(run: WorkflowRun): readonly RunCommand[] {
  if (run.taskFailure === undefined) refuseAndWarn(run);
  return concludeThroughInterceptors(run);
}

function concludeThroughInterceptors(run: WorkflowRun): readonly RunCommand[] {
  const commands = run.takeCommands();
  if (run.interceptors.internals.length === 0) return commands;
  try {
    return composeInterceptors(run.interceptors.internals, 'concludeActivation', (input) => input)({ commands })
      .commands;
  } catch (error) {
    run.failTask(error);
    return [];
  }
}

function refuseAndWarn(run: WorkflowRun): void {
  try {
    rejectBufferedUpdates(run);
    if (run.isClosing) for (const warning of unfinishedHandlers(run)) warnOf(run, warning);
  } catch (error) {
    run.failTask(error);
  }
}

/** Before its modules are evaluated: they may draw at random, and a run that was reset draws what the first one did. */
function seedFromOriginal(run: WorkflowRun, first: Job | undefined): void {
  const original = first?.type === 'initializeWorkflow' ? first.started.originalExecutionRunId : null;
  if (original !== null) run.reseed(original);
}

function load(run: WorkflowRun, bundle: BundleExports): void {
  run.unboundConverters = convertersOf(bundle);
  run.converters = run.unboundConverters;
  run.exports = bundle.workflows;
  run.interceptorModules = bundle.interceptorModules;
}

function startWorkflow(run: WorkflowRun): void {
  const { workflowType } = run.info;
  const { exports = {} } = run;
  const workflow = Object.hasOwn(exports, workflowType) ? exports[workflowType] : exports.default;
  if (typeof workflow !== 'function') {
    const registered = Object.keys(exports).filter((name) => typeof exports[name] === 'function');
    const cause = new ReferenceError(
      `this worker has the workflows ${registered.sort().join(', ') || '(none)'}: ` +
        'export others from the module that workflowsPath names',
    );
    // In Temporal's words, which tests match on.
    const message = `Failed to initialize workflow of type '${workflowType}': no such function is exported by the workflow bundle`;
    run.failTask(new TypeError(message, { cause }), 'WORKFLOW_TYPE_NOT_REGISTERED');
    return;
  }
  run.failureExceptionTypes = optionsOfWorkflow(workflow).failureExceptionTypes ?? [];
  const { input } = run;
  run.input = [];
  run.rootScope
    .run(async () => {
      const execute = inbound(run, 'execute', async ({ args }) => workflow(...args));
      return execute({ args: arrayFromPayloads(run.converters.payloadConverter, input), headers: run.startHeaders });
    })
    .then((result: unknown) => completeWith(run, result))
    .catch((error: unknown) => failWith(run, error));
}

/** The failure to report for an error that fails a task. An error whose properties throw must not do so again here. */
function taskFailureOf({ converters }: WorkflowRun, error: unknown): Failure {
  try {
    const failure = converters.failureConverter.errorToFailure(error, converters.payloadConverter);
    return { ...failure, message: explainAbsent(error, failure.message) };
  } catch (converting) {
    return emptyFailure(`an error was thrown that can't be converted: ${String(converting)}`);
  }
}
