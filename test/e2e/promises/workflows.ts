import { proxyActivities } from 'millrace/workflow';

interface Activities {
  greet(name: string): Promise<string>;
  reserve(order: string): Promise<string>;
  charge(order: string): Promise<string>;
  ship(order: string): Promise<string>;
}

const { greet, reserve, charge, ship } = proxyActivities<Activities>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '500ms', backoffCoefficient: 1 },
});

/** One activity. */
export async function hello(name: string): Promise<string> {
  return greet(name);
}

/** Three steps, each on the one before. */
export async function order(id: string): Promise<string> {
  return ship(await charge(await reserve(id)));
}
