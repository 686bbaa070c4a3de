import { Refusal } from '../refusal.js';
import type { Ledger } from './ledger.js';
import type { Network } from './network.js';

export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface Mail {
  send(idempotencyKey: string, letter: Letter): Promise<void>;
}

export function mailboxRefusal(email: string): Refusal | undefined {
  if (!email.endsWith('.invalid')) return undefined;
  return new Refusal('MAILBOX_UNAVAILABLE', `550 no such mailbox: ${email}`);
}

export function createMail({ network, ledger }: { network: Network; ledger: Ledger }): Mail {
  return {
    send: async (idempotencyKey, letter) => {
      await network.call('mail', idempotencyKey);
      const refusal = mailboxRefusal(letter.to);
      if (refusal) throw refusal;
      await ledger.record('tellCustomer', idempotencyKey);
    },
  };
}
