// One run of a workflow inside the sandbox: what its code waits for, and the commands it has given.

import type { Failure, Payload } from '../../schemas/generated/messages.js';
import { IllegalStateError } from '../common/errors.js';
import type { Headers } from '../common/headers.js';
import type { HandlerUnfinishedPolicy } from '../common/workflow-definition.js';
import type {
  Activation,
  CommandKind,
  Conclusion,
  JobTypes,
  LocalActivityRequest,
  RunCommand,
  RunCommandOf,
  TaskFailureCause,
} from './activation.js';
import { RootCancellationScope } from './cancellation-scope.js';
import type { PendingChild } from './child-workflows.js';
import { type Converters, defaultConverters } from './converters.js';
import { DeterminismViolationError } from './errors.js';
import type { PendingAnswer } from './external-workflows.js';
import { noInterceptors, type RunInterceptors } from './interceptors.js';
import type { PendingLocalActivity } from './local-activities.js';
import { createRandom, type WorkflowRandomStream } from './random.js';
import type { StartInfo } from './workflow-info.js';
import type { WorkflowDefinitionOptions } from './workflow-options.js';

export interface PendingActivity {
  complete(result: Payload | null): void;
  fail(failure: Failure | Error): void;
}

export interface BlockedCondition {
  readonly isMet: () => boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

type CountedCommand =
  | 'activity'
  | 'timer'
  | 'localActivity'
  | 'child'
  | 'signal'
  | 'cancellation'
  | 'marker'
  | 'property'
  | 'update';
export type SignalJob = JobTypes['signalWorkflow'];
export type UpdateJob = JobTypes['doUpdate'];
export type Handler = (...args: unknown[]) => unknown;

/** A handler with its options. */
export interface SetHandler {
  readonly handle: Handler;
  readonly description: string | undefined;
  /** Of an update only. */
  readonly validator: Handler | undefined;
  readonly unfinishedPolicy: HandlerUnfinishedPolicy;
}

/** A handler of a signal or an update that has begun and not ended. */
export interface HandlerUnderWay {
  readonly kind: 'signal' | 'update';
  readonly name: string;
  /** An update's. */
  readonly id: string | undefined;
  readonly unfinishedPolicy: HandlerUnfinishedPolicy;
}

/** What reads a run's state and may not change it. */
export type Reader = 'query' | 'validator';

export class WorkflowRun {
  /** The next number of Math.random. */
  readonly random = (): number => this.draw(this.#ownRandom);
  /** What the run's randomness is made from. */
  seed: string;
  readonly randomStreams = new Map<string, WorkflowRandomStream>();
  readonly rootScope = new RootCancellationScope();
  readonly activities = new Map<number, PendingActivity>();
  readonly children = new Map<number, PendingChild>();
  /** Signals and cancellations that went to other workflows. */
  readonly signals = new Map<number, PendingAnswer>();
  readonly cancellations = new Map<number, PendingAnswer>();
  /** What to do when each timer fires. */
  readonly timers = new Map<number, () => void>();
  readonly localActivities = new Map<number, PendingLocalActivity>();
  readonly conditions = new Set<BlockedCondition>();
  readonly signalHandlers = new Map<string, SetHandler>();
  readonly queryHandlers = new Map<string, SetHandler>();
  readonly updateHandlers = new Map<string, SetHandler>();
  /** They are given the name before the arguments. */
  readonly defaultHandlers: Partial<Record<'signal' | 'query' | 'update', Handler | undefined>> = {};
  /** Signals and updates that no handler was there for, in the order of arrival. */
  readonly bufferedSignals: SignalJob[] = [];
  readonly bufferedUpdates: UpdateJob[] = [];
  readonly handlersUnderWay = new Set<HandlerUnderWay>();
  /** What the code says of itself, for people. */
  currentDetails = '';
  /** What each patch came to when it was first asked for. */
  readonly patches = new Map<string, boolean>();
  /** Patches that history has a marker of. */
  readonly recordedPatches = new Set<string>();
  /** Properties that the run's code has put on the global object, kept while another run is in. */
  globals: ReadonlyMap<PropertyKey, PropertyDescriptor> | undefined;
  /** The workflow's module, once its code was evaluated. */
  exports: Readonly<Record<string, unknown>> | undefined;
  /** The bundle's, before and after they were told whose values they convert. */
  unboundConverters: Converters = defaultConverters;
  converters: Converters = defaultConverters;
  /** By how much one entry let the thread's heap grow at most. The host keeps it. */
  heapGrowthBytes = 0;
  started: StartInfo | undefined;
  /** As encoded: what is upserted is merged with it. */
  searchAttributes: Readonly<Record<string, Payload>> = {};
  /** Modules that make interceptors, and what they made for this run. */
  interceptorModules: ReadonlyArray<Readonly<Record<string, unknown>>> = [];
  interceptors: RunInterceptors = noInterceptors;
  startHeaders: Headers = {};
  /** The workflow's arguments, until it starts: they may be large, and a run may be kept for long. */
  input: readonly Payload[] = [];
  activation: Activation = {
    now: 0,
    isReplaying: false,
    historyLength: 0,
    historySize: 0,
    acceptedUpdates: 0,
    jobs: [],
  };
  /** Error classes that end the workflow as failed, as its code has said. */
  failureExceptionTypes: NonNullable<WorkflowDefinitionOptions['failureExceptionTypes']> = [];
  #commands: RunCommand[] = [];
  #closing: RunCommand | undefined;
  #taskFailure: { readonly error: unknown; readonly cause: TaskFailureCause } | undefined;
  #lastSeq = {
    activity: 0,
    timer: 0,
    localActivity: 0,
    child: 0,
    signal: 0,
    cancellation: 0,
    marker: 0,
    property: 0,
    update: 0,
  };
  #localActivities: LocalActivityRequest[] = [];
  #cancelledLocalActivities: number[] = [];
  #reader: Reader | undefined;
  #ownRandom: () => number;
  #readersRandom: (() => number) | undefined;
  #violation: DeterminismViolationError | undefined;

  constructor(runId: string) {
    this.seed = runId;
    this.#ownRandom = createRandom(runId);
  }

  /** Makes the run's randomness anew from another run's, or from its own once it goes another way. */
  reseed(seed: string): void {
    this.seed = seed;
    this.#ownRandom = createRandom(seed);
    this.randomStreams.clear();
  }

  /** The next number of a stream. A reader is given others: a replay does not read again, and must draw the same ones. */
  draw(next: () => number): number {
    if (this.#reader === undefined) return next();
    this.#readersRandom ??= createRandom(`${this.seed}/reader`);
    return this.#readersRandom();
  }

  /** What the run was started with. */
  get info(): StartInfo {
    if (this.started === undefined) throw new IllegalStateError('the run has not been told of its start yet');
    return this.started;
  }

  get taskFailure(): { readonly error: unknown; readonly cause: TaskFailureCause } | undefined {
    return this.#taskFailure;
  }

  /** The next number of a command of its kind, from 1. */
  nextSeq(of: CountedCommand): number {
    this.assertMayChange();
    this.#lastSeq[of] += 1;
    return this.#lastSeq[of];
  }

  /** Whether a query is being answered, or an update validated. */
  get isReadOnly(): boolean {
    return this.#reader !== undefined;
  }

  get isAnsweringQuery(): boolean {
    return this.#reader === 'query';
  }

  /** Whether the activation ends the run. */
  get isClosing(): boolean {
    return this.#closing !== undefined;
  }

  /** Calls a function that may change nothing. Throws if it tried to, also where it kept quiet about it. */
  readOnly<T>(reader: Reader, fn: () => T): T {
    this.beginReading(reader);
    let result: T;
    try {
      result = fn();
    } catch (error) {
      this.#reader = undefined;
      throw error;
    }
    this.endReading();
    return result;
  }

  /** From here on the code may change nothing. */
  beginReading(reader: Reader): void {
    this.#reader = reader;
    this.#violation = undefined;
  }

  /** It may again. Throws if it tried to meanwhile, also where it kept quiet about it. */
  endReading(): void {
    this.#reader = undefined;
    if (this.#violation !== undefined) throw this.#violation;
  }

  assertMayChange(): void {
    if (this.#reader === undefined) return;
    this.#violation = new DeterminismViolationError(
      `a ${this.#reader === 'query' ? 'query handler' : 'validator'} must only read: start activities and timers in the ` +
        'workflow, or in the handler of a signal or an update',
    );
    throw this.#violation;
  }

  command<K extends CommandKind>(kind: K, attributes: RunCommandOf<K>['attributes'], seq: number): void {
    this.assertMayChange();
    const origin = this.activation.isReplaying ? new Error() : undefined;
    this.#commands.push({ kind, attributes, seq, origin } as RunCommandOf<K>);
  }

  /** Takes back a command of this activation; false when it has been sent with an earlier one. */
  takeBack(kind: CommandKind, seq: number): boolean {
    const index = this.#commands.findIndex((command) => command.kind === kind && command.seq === seq);
    if (index < 0) return false;
    this.#commands.splice(index, 1);
    return true;
  }

  /** Whether an update was accepted in this activation. */
  hasAccepted(updateId: string): boolean {
    return this.#commands.some(({ kind, attributes }) => kind === 'acceptUpdate' && attributes.updateId === updateId);
  }

  /** Has a local activity run after this activation. */
  askForLocalActivity(pending: PendingLocalActivity): void {
    this.assertMayChange();
    this.localActivities.set(pending.request.seq, pending);
    this.#localActivities.push(pending.request);
  }

  /** Takes back a local activity of this activation; false when it was asked for in an earlier one. */
  takeBackLocalActivity(seq: number): boolean {
    const index = this.#localActivities.findIndex((request) => request.seq === seq);
    if (index < 0) return false;
    this.#localActivities.splice(index, 1);
    return true;
  }

  cancelLocalActivity(seq: number): void {
    this.assertMayChange();
    this.#cancelledLocalActivities.push(seq);
  }

  /** The local activities asked for, and cancelled, since the last call. */
  takeLocalActivities(): Pick<
    Extract<Conclusion, { kind: 'commands' }>,
    'localActivities' | 'cancelledLocalActivities'
  > {
    const [localActivities, cancelledLocalActivities] = [this.#localActivities, this.#cancelledLocalActivities];
    this.#localActivities = [];
    this.#cancelledLocalActivities = [];
    return { localActivities, cancelledLocalActivities };
  }

  /** Ends the run. The first end counts. */
  close<K extends CommandKind>(kind: K, attributes: RunCommandOf<K>['attributes']): void {
    const origin = this.activation.isReplaying ? new Error() : undefined;
    this.#closing ??= { kind, attributes, seq: 0, origin } as RunCommandOf<K>;
  }

  /** Fails the workflow task, so that the code can be mended and the task tried again. The first failure counts. */
  failTask(error: unknown, cause: TaskFailureCause = 'WORKFLOW_WORKER_UNHANDLED_FAILURE'): void {
    this.#taskFailure ??= { error, cause };
  }

  /** The commands given since the last call; the one that ends the run stands last. */
  takeCommands(): readonly RunCommand[] {
    const commands = this.#closing === undefined ? this.#commands : [...this.#commands, this.#closing];
    this.#commands = [];
    this.#closing = undefined;
    return commands;
  }
}
