export async function sendMail(to: string, subject: string): Promise<void> {
  console.log(`mail to ${to}: ${subject}`);
}

/** Charges a customer and returns the receipt's number. */
export async function charge(customer: string, cents: number): Promise<string> {
  console.log(`${customer} pays ${(cents / 100).toFixed(2)}`);
  return `receipt-of-${customer}`;
}
