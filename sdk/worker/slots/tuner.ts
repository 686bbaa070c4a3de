import type { Clock } from '../../../services/platform/clock.js';
import { ValueError } from '../../common/errors.js';
import { customSlots } from './custom-slots.js';
import { resourceBasedSlots } from './resource-based-slots.js';
import { measureResources } from './resource-usage.js';
import type { SlotInfo, SlotReserveContext, SlotSupplier, TunerHolder, WorkerTuner } from './slot-supplier.js';
import { fixedSlots, type Slots } from './slots.js';

export type SlotKind = 'workflow' | 'activity' | 'local-activity';

/** The suppliers of a tuner by kind. Throws a ValueError for what is no tuner, or one that contradicts itself. */
export function suppliersOf(tuner: WorkerTuner): Readonly<Record<SlotKind, SlotSupplier<SlotInfo>>> {
  const holder = 'tunerOptions' in tuner ? holderOf(tuner) : tuner;
  const suppliers = {
    workflow: holder.workflowTaskSlotSupplier,
    activity: holder.activityTaskSlotSupplier,
    'local-activity': holder.localActivityTaskSlotSupplier,
  };
  for (const [kind, supplier] of Object.entries(suppliers)) checkSupplier(kind, supplier as SlotSupplier<SlotInfo>);
  const targets = new Set(
    Object.values(suppliers).flatMap((each) => (each.type === 'resource-based' ? [each.tunerOptions] : [])),
  );
  if (targets.size > 1) {
    throw new ValueError(
      'WorkerOptions.tuner has resource-based suppliers of different tunerOptions: give them the same',
    );
  }
  // What a supplier is told of is of its own kind, which the record of all kinds can't say.
  return suppliers as unknown as Record<SlotKind, SlotSupplier<SlotInfo>>;
}

function holderOf(tuner: Exclude<WorkerTuner, TunerHolder>): TunerHolder {
  const { tunerOptions } = tuner;
  const type = 'resource-based' as const;
  return {
    workflowTaskSlotSupplier: { ...tuner.workflowTaskSlotOptions, type, tunerOptions },
    activityTaskSlotSupplier: { ...tuner.activityTaskSlotOptions, type, tunerOptions },
    localActivityTaskSlotSupplier: { ...tuner.localActivityTaskSlotOptions, type, tunerOptions },
  };
}

function checkSupplier(kind: string, supplier: SlotSupplier<SlotInfo> | undefined): void {
  const name = `the tuner's supplier of ${kind} slots`;
  switch (supplier?.type) {
    case 'fixed-size':
      if (Number.isInteger(supplier.numSlots) && supplier.numSlots > 0) return;
      throw new ValueError(`${name} must have a positive integer as numSlots`);
    case 'resource-based': {
      const { targetMemoryUsage: memory, targetCpuUsage: cpu } = supplier.tunerOptions;
      if (memory > 0 && memory <= 1 && cpu > 0 && cpu <= 1) return;
      throw new ValueError(`${name} must have target usages above 0 and up to 1`);
    }
    case 'custom':
      return;
    default:
      throw new ValueError(`${name} must be of type 'fixed-size', 'resource-based' or 'custom'`);
  }
}

/** The places that a supplier gives. */
export function slotsOf(supplier: SlotSupplier<SlotInfo>, context: SlotReserveContext, clock: Clock): Slots {
  switch (supplier.type) {
    case 'fixed-size':
      return fixedSlots(supplier.numSlots);
    case 'resource-based': {
      const kind = context.slotType === 'workflow' ? 'workflow' : 'activity';
      return resourceBasedSlots(supplier, kind, measureResources(clock), clock);
    }
    case 'custom':
      return customSlots(supplier, context);
  }
}
