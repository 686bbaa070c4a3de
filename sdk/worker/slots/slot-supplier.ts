// How many tasks of each kind a worker carries out at once, where a number alone won't do; Temporal's interfaces.
import type { Duration } from '../../common/duration.js';

export interface WorkflowSlotInfo {
  readonly type: 'workflow';
  readonly workflowType: string;
  /** Whether the task goes to a worker that has the run cached, as far as can be told: always true here. */
  readonly isSticky: boolean;
}

export interface ActivitySlotInfo {
  readonly type: 'activity';
  readonly activityType: string;
}

export interface LocalActivitySlotInfo {
  readonly type: 'local-activity';
  readonly activityType: string;
}

export interface NexusSlotInfo {
  readonly type: 'nexus';
  readonly service: string;
  readonly operation: string;
}

export type SlotInfo = WorkflowSlotInfo | ActivitySlotInfo | LocalActivitySlotInfo | NexusSlotInfo;

/** A place given out; what it holds is its supplier's own affair. */
// biome-ignore lint/suspicious/noEmptyInterface: Temporal's type, which suppliers extend
export interface SlotPermit {}

export interface SlotReserveContext {
  readonly slotType: SlotInfo['type'];
  readonly taskQueue: string;
  readonly workerIdentity: string;
  /** Empty: workers are told apart by their identity. */
  readonly workerBuildId: string;
  /** A partition's tasks come to the worker that has their runs cached: always true for workflow tasks. */
  readonly isSticky: boolean;
}

export interface SlotMarkUsedContext<SI extends SlotInfo> {
  readonly slotInfo: SI;
  readonly permit: SlotPermit;
}

export interface SlotReleaseContext<SI extends SlotInfo> {
  /** Not set for a place that was never used. */
  readonly slotInfo?: SI;
  readonly permit: SlotPermit;
}

/** Places by the program's own rules. An error that any of the functions throws ends the worker. */
export interface CustomSlotSupplier<SI extends SlotInfo> {
  readonly type: 'custom';
  /** Called when a task waits for a place. Resolves once there is one; the signal says that it isn't wanted any more. */
  reserveSlot(context: SlotReserveContext, abortSignal: AbortSignal): Promise<SlotPermit>;
  /** Asked first: a place if there is one at once, else null. */
  tryReserveSlot(context: SlotReserveContext): SlotPermit | null;
  /** Called when it is known which task has taken the place. */
  markSlotUsed(context: SlotMarkUsedContext<SI>): void;
  /** Called when the place is free again. */
  releaseSlot(context: SlotReleaseContext<SI>): void;
}

export interface FixedSizeSlotSupplier {
  readonly type: 'fixed-size';
  readonly numSlots: number;
}

export interface ResourceBasedTunerOptions {
  /** Share of the machine's memory, from 0 to 1, above which no further place is given. */
  readonly targetMemoryUsage: number;
  /** Share of the machine's processors, from 0 to 1, above which no further place is given. */
  readonly targetCpuUsage: number;
}

export interface ResourceBasedSlotOptions {
  /** Places that there are however busy the machine is. Default: 2 for workflow tasks, 1 for activities. */
  readonly minimumSlots?: number;
  /** Places that there are at most. Default: 1,000 for workflow tasks, 2,000 for activities. */
  readonly maximumSlots?: number;
  /** Time between two places beyond the minimum. Default: 10 ms for workflow tasks, 50 ms for activities. */
  readonly rampThrottle?: Duration;
}

export interface ResourceBasedSlotsForType extends ResourceBasedSlotOptions {
  readonly type: 'resource-based';
  readonly tunerOptions: ResourceBasedTunerOptions;
}

export type SlotSupplier<SI extends SlotInfo> =
  | FixedSizeSlotSupplier
  | ResourceBasedSlotsForType
  | CustomSlotSupplier<SI>;

/** A supplier for each kind of task. */
export interface TunerHolder {
  readonly workflowTaskSlotSupplier: SlotSupplier<WorkflowSlotInfo>;
  readonly activityTaskSlotSupplier: SlotSupplier<ActivitySlotInfo>;
  readonly localActivityTaskSlotSupplier: SlotSupplier<LocalActivitySlotInfo>;
  /** Without effect: no Nexus tasks are taken. */
  readonly nexusTaskSlotSupplier?: SlotSupplier<NexusSlotInfo>;
}

/** Places as long as the machine has room. */
export interface ResourceBasedTuner {
  readonly tunerOptions: ResourceBasedTunerOptions;
  readonly workflowTaskSlotOptions?: ResourceBasedSlotOptions;
  readonly activityTaskSlotOptions?: ResourceBasedSlotOptions;
  readonly localActivityTaskSlotOptions?: ResourceBasedSlotOptions;
  /** Without effect: no Nexus tasks are taken. */
  readonly nexusTaskSlotOptions?: ResourceBasedSlotOptions;
}

export type WorkerTuner = ResourceBasedTuner | TunerHolder;
