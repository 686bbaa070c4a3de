// The one vm context of the thread, in which all runs' code runs, a run at a time.
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import vm from 'node:vm';
import type { Activation, Conclusion, QueryAnswer } from '../../workflow/activation.js';
import type { AsyncContext } from '../../workflow/async-context.js';
import type { LogSink } from '../../workflow/log.js';
import type { MeasureOutside } from '../../workflow/metrics.js';
import type { FailureErrorTypes } from '../../workflow/named-failures.js';
import type { Query } from '../../workflow/queries.js';
import type { WorkflowRun } from '../../workflow/run.js';
import type { BundleExports, createRuntime, Host, Runtime } from '../../workflow/runtime.js';
import type { PassSinkCall, SinkCall } from '../../workflow/sinks.js';
import type { ExecutionClock } from './execution-clock.js';
import type { HeapMeter } from './heap-meter.js';
import { BUNDLE_FILE, RUNTIME_FILE } from './source-positions.js';

export interface WorkflowContextOptions {
  readonly code: string;
  readonly runtimeCode: string;
  readonly namespace: string;
  readonly maxValueBytes: number;
  /** Errors that end a workflow of a type, by the names of their classes. */
  readonly failureErrorTypes: FailureErrorTypes;
  readonly clock: ExecutionClock;
  readonly activityTypes: readonly string[];
  readonly log: LogSink;
  /** `taskId` is the task whose code calls. */
  readonly sink: (taskId: number, call: SinkCall) => void;
  readonly measure: MeasureOutside;
  readonly now: () => number;
  readonly watchRejections: WatchRejections;
  readonly heap?: HeapMeter | undefined;
}

/** Has the handler called with what Node finds unhandled. */
export type WatchRejections = (handler: (error: unknown) => void) => void;

type RuntimeModule = { readonly createRuntime: typeof createRuntime; readonly libraries: object };
type WrappedModule = (module: { exports: unknown }, libraries: object | undefined) => void;

/** One for all contexts of the thread, since every storage makes every promise dearer, and only one run is inside at a time. */
const storage = new AsyncLocalStorage<AsyncContext>();

/** Where the context finds what it is to run. A symbol, so that no workflow code meets it by accident. */
const ENTRY = Symbol.for('millrace.entry');

export class WorkflowContext {
  readonly #context: vm.Context;
  readonly #runtime: Runtime;
  readonly #clock: ExecutionClock;
  readonly #heap: HeapMeter | undefined;
  /**
   * Runs `#work` inside the context. Only on the way out of a script does the context drain its microtasks, so every
   * entry that may resolve a promise goes through here.
   */
  readonly #entry = new vm.Script(`globalThis[Symbol.for('millrace.entry')]()`, { filename: RUNTIME_FILE });
  #work: () => void = () => {};
  #taskId = 0;
  /** The run that was in last: rejections that nobody handled are told after it was left. */
  #lastRun: WorkflowRun | undefined;

  constructor(options: WorkflowContextOptions) {
    this.#clock = options.clock;
    this.#heap = options.heap;
    // Not contextified: the global object is an ordinary one, which is faster to use and can be locked.
    const context = vm.createContext(vm.constants.DONT_CONTEXTIFY, { microtaskMode: 'afterEvaluate' });
    this.#context = context;
    const global = this.#evaluate('globalThis', RUNTIME_FILE) as object;
    Object.defineProperty(global, ENTRY, { value: () => this.#work() });
    const wrappedRuntime = this.#evaluate(options.runtimeCode, RUNTIME_FILE) as WrappedModule;
    const runtimeModule = { exports: {} };
    wrappedRuntime(runtimeModule, undefined);
    const { createRuntime, libraries } = runtimeModule.exports as RuntimeModule;
    const wrappedBundle = this.#evaluate(options.code, BUNDLE_FILE) as WrappedModule;
    const evaluate = () => {
      const module = { exports: {} };
      wrappedBundle(module, libraries);
      return module.exports as BundleExports;
    };
    const sink: PassSinkCall = (call) => options.sink(this.#taskId, call);
    this.#runtime = createRuntime({ ...hostOf(options), sink }, libraries, evaluate);
    options.watchRejections((error) => this.#lastRun?.failTask(unhandledRejection(error)));
  }

  createRun(runId: string): WorkflowRun {
    return this.#runtime.createRun(runId);
  }

  /** Runs the code on the jobs until it waits for more. `taskId` tells the watchdog whose code it is. */
  async activate(run: WorkflowRun, activation: Activation, taskId: number): Promise<Conclusion> {
    const runtime = this.#runtime;
    this.#inside(run, taskId, () => {
      this.#enter(() => runtime.activate(run, activation));
      while (runtime.isBlocked(run) && runtime.unblock(run) > 0) this.#enter(() => {});
    });
    await rejectionsTold();
    return runtime.conclude(run);
  }

  query(run: WorkflowRun, query: Query, taskId: number): QueryAnswer {
    const answer = this.#inside(run, taskId, () => {
      let answered: (() => QueryAnswer) | undefined;
      this.#enter(() => {
        answered = this.#runtime.query(run, query);
      });
      return answered?.();
    });
    // What a query leaves unhandled is no concern of the run's next task.
    this.#lastRun = undefined;
    if (answer === undefined) throw new Error('the query was not answered');
    return answer;
  }

  /** Whether the run was the last to be inside: true throughout its own code. */
  wasLastInside(run: WorkflowRun): boolean {
    return this.#lastRun === run;
  }

  #inside<T>(run: WorkflowRun, taskId: number, work: () => T): T {
    this.#clock.begin(taskId);
    this.#taskId = taskId;
    this.#lastRun = run;
    const usedBefore = this.#heap?.usedBytes() ?? 0;
    this.#runtime.enter(run);
    try {
      // What the code enters with, as by `enterWith`, ends with the entry: the next one may follow it, or be replayed.
      return new AsyncResource('millrace.entry').runInAsyncScope(work);
    } finally {
      this.#runtime.leave(run);
      run.heapGrowthBytes = Math.max(run.heapGrowthBytes, (this.#heap?.usedBytes() ?? 0) - usedBefore);
      this.#clock.end();
    }
  }

  #enter(work: () => void): void {
    this.#work = work;
    this.#entry.runInContext(this.#context);
  }

  #evaluate(code: string, filename: string): unknown {
    return new vm.Script(code, { filename }).runInContext(this.#context);
  }
}

function hostOf(options: WorkflowContextOptions): Omit<Host, 'sink'> {
  const { namespace, activityTypes, maxValueBytes, failureErrorTypes, now, log, measure } = options;
  for (const shared of [URL, URLSearchParams]) {
    Object.freeze(shared.prototype);
    Object.freeze(shared);
  }
  return {
    globals: { atob, btoa, TextDecoder, TextEncoder, URL, URLSearchParams },
    storage,
    namespace,
    activityTypes,
    maxValueBytes,
    failureErrorTypes,
    now,
    log,
    measure,
  };
}

/** In Temporal's words. It has no stack of its own: where the rejection comes from is in its cause's. */
function unhandledRejection(cause: unknown): Error {
  const error = new Error(`Unhandled Promise rejection: ${cause}`, { cause });
  error.name = 'UnhandledRejectionError';
  error.stack = `${error.name}: ${error.message}`;
  return error;
}

/**
 * Node tells of unhandled rejections between one immediate and the next. So that they are told of the right run, every
 * entry begins in an immediate of its own.
 */
function rejectionsTold(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
