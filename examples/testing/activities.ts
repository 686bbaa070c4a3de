import { activityInfo, Context } from 'millrace/activity';

export async function sendMail(to: string, subject: string): Promise<void> {
  console.log(`mail to ${to}: ${subject}`);
}

/** Charges a customer and returns the receipt's number. */
export async function charge(customer: string, cents: number): Promise<string> {
  console.log(`${customer} pays ${(cents / 100).toFixed(2)}`);
  return `receipt-of-${customer}`;
}

/** Invites everybody, a moment apart. A later attempt goes on where the one before was. Returns how many it invited. */
export async function invite(customers: readonly string[]): Promise<number> {
  const { heartbeat, sleep } = Context.current();
  const first: number = activityInfo().heartbeatDetails ?? 0;
  for (const [index, customer] of customers.entries()) {
    if (index < first) continue;
    await sendMail(customer, 'Try us for two weeks');
    heartbeat(index + 1);
    await sleep('100 ms');
  }
  return customers.length - first;
}
