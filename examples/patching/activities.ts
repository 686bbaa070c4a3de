export async function lookUpAddress(): Promise<string> {
  return 'ada@example.org';
}

export async function notifyByFax(): Promise<string> {
  return 'sent a fax';
}

export async function notifyByMail(address: string): Promise<string> {
  return `sent a mail to ${address}`;
}
