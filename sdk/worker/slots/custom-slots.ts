import type { CustomSlotSupplier, SlotInfo, SlotPermit, SlotReserveContext } from './slot-supplier.js';
import type { Slot, Slots } from './slots.js';

/** Places by a program's own supplier. `take` rejects with what the supplier throws. */
export function customSlots<SI extends SlotInfo>(supplier: CustomSlotSupplier<SI>, context: SlotReserveContext): Slots {
  const closing = new AbortController();
  let taken = 0;

  function slotOf(permit: SlotPermit): Slot {
    let slotInfo: SI | undefined;
    let isFree = false;
    taken += 1;
    return {
      use(info) {
        // The consumer of a kind of task names infos of that kind only.
        slotInfo = info as SI;
        supplier.markSlotUsed({ slotInfo, permit });
      },
      free() {
        if (isFree) return;
        isFree = true;
        taken -= 1;
        supplier.releaseSlot({ permit, ...(slotInfo && { slotInfo }) });
      },
    };
  }

  return {
    get taken() {
      return taken;
    },
    most: undefined,
    async take() {
      if (closing.signal.aborted) return undefined;
      try {
        const permit = supplier.tryReserveSlot(context) ?? (await supplier.reserveSlot(context, closing.signal));
        const slot = slotOf(permit);
        if (!closing.signal.aborted) return slot;
        slot.free();
        return undefined;
      } catch (error) {
        // A supplier rejects what isn't wanted any more.
        if (closing.signal.aborted) return undefined;
        throw error;
      }
    },
    close: () => closing.abort(),
  };
}
