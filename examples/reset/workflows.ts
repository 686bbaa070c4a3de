import { condition, defineSignal, proxyActivities, setHandler } from 'millrace/workflow';
import type { Shop } from './shop.js';

const { printLabel, reserve } = proxyActivities<Shop['activities']>({ startToCloseTimeout: '10 seconds' });

export const ship = defineSignal('ship');

export async function deliver(item: string): Promise<string> {
  let isShipped = false;
  setHandler(ship, () => {
    isShipped = true;
  });
  const reservation = await reserve(item);
  const label = await printLabel();
  await condition(() => isShipped);
  return `${reservation} and shipped ${label}`;
}
