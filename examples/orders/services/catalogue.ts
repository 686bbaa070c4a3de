export interface Item {
  readonly name: string;
  readonly grams: number;
  readonly onHand: number;
}

/** What the warehouse holds. */
export const catalogue: ReadonlyMap<string, Item> = new Map<string, Item>(
  Object.entries({
    'TENT-2P-GRN': { name: 'Two-person tent, green', grams: 2_350, onHand: 40 },
    'TENT-4P-ORG': { name: 'Four-person tent, orange', grams: 5_900, onHand: 12 },
    'TARP-3X3-OLV': { name: 'Tarp 3 × 3 m, olive', grams: 780, onHand: 60 },
    'BAG-DOWN-M': { name: 'Down sleeping bag, medium', grams: 980, onHand: 35 },
    'BAG-DOWN-L': { name: 'Down sleeping bag, large', grams: 1_090, onHand: 0 },
    'BAG-SYN-M': { name: 'Synthetic sleeping bag, medium', grams: 1_650, onHand: 80 },
    'MAT-AIR-R': { name: 'Inflatable mat, regular', grams: 450, onHand: 90 },
    'MAT-FOAM': { name: 'Foam mat', grams: 410, onHand: 200 },
    'PACK-40-BLU': { name: 'Backpack 40 l, blue', grams: 1_280, onHand: 50 },
    'PACK-65-BLK': { name: 'Backpack 65 l, black', grams: 2_100, onHand: 28 },
    'DRYBAG-20': { name: 'Dry bag 20 l', grams: 240, onHand: 150 },
    'STOVE-GAS': { name: 'Gas stove', grams: 110, onHand: 120 },
    'STOVE-MULTI': { name: 'Multi-fuel stove', grams: 480, onHand: 18 },
    'POT-TI-900': { name: 'Titanium pot 900 ml', grams: 125, onHand: 75 },
    'MUG-STEEL': { name: 'Steel mug', grams: 160, onHand: 300 },
    'FILTER-WTR': { name: 'Water filter', grams: 85, onHand: 110 },
    'BOTTLE-1L': { name: 'Bottle 1 l', grams: 170, onHand: 400 },
    'LAMP-HEAD-400': { name: 'Head lamp 400 lm', grams: 88, onHand: 140 },
    'LAMP-CAMP': { name: 'Camp lantern', grams: 310, onHand: 65 },
    'BOOT-HIKE-42': { name: 'Hiking boots 42', grams: 1_320, onHand: 22 },
    'BOOT-HIKE-44': { name: 'Hiking boots 44', grams: 1_380, onHand: 19 },
    'JACKET-RAIN-M': { name: 'Rain jacket, medium', grams: 390, onHand: 45 },
    'JACKET-RAIN-XL': { name: 'Rain jacket, extra large', grams: 430, onHand: 0 },
    'SOCKS-MERINO': { name: 'Merino socks', grams: 70, onHand: 500 },
    'ROPE-60-9.5': { name: 'Climbing rope 60 m, 9.5 mm', grams: 3_720, onHand: 30 },
    'HARNESS-M': { name: 'Climbing harness, medium', grams: 360, onHand: 33 },
    'CRAMPON-12': { name: 'Crampons, 12 points', grams: 890, onHand: 16 },
    'AXE-ICE-60': { name: 'Ice axe 60 cm', grams: 450, onHand: 14 },
    'KAYAK-PADDLE': { name: 'Kayak paddle', grams: 940, onHand: 25 },
    'ANVIL-25KG': { name: 'Camp smith anvil', grams: 25_000, onHand: 6 },
  }),
);
