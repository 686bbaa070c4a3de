import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createCarrier } from '../../examples/orders/services/carrier.js';
import { noLedger, openLedger } from '../../examples/orders/services/ledger.js';
import {
  createNetwork,
  perfectNetwork,
  plannedFailures,
  plannedStall,
} from '../../examples/orders/services/network.js';
import { createPayments } from '../../examples/orders/services/payments.js';
import { anOrder } from './an-order.js';

const charge = { token: 'tok_visa_1', amount: 2_580, currency: 'EUR' } as const;

function firstKey(suits: (key: string) => boolean): string {
  for (let number = 0; number < 10_000; number += 1) if (suits(`ORD-${number}`)) return `ORD-${number}`;
  throw new Error('no key suits');
}

test('a repeated charge gets the same charge id', async () => {
  const payments = createPayments({ network: perfectNetwork, ledger: noLedger });
  expect(await payments.charge('ORD-1', charge)).toBe(await payments.charge('ORD-1', charge));
  expect(await payments.charge('ORD-1', charge)).not.toBe(await payments.charge('ORD-2', charge));
});

test('an unavailable service fails as often as planned, then answers', async () => {
  const key = firstKey((id) => plannedFailures('payments', id) === 3);
  const payments = createPayments({ network: createNetwork(), ledger: noLedger });
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    await expect(payments.charge(key, charge)).rejects.toThrow('503');
  }
  expect(await payments.charge(key, charge)).toMatch(/^ch_/);
});

test('a stalled request is given up on its signal, and the next one goes through', async () => {
  const key = firstKey((id) => plannedStall('carrier', id) && plannedFailures('carrier', id) === 0);
  const carrier = createCarrier({ network: createNetwork(), ledger: noLedger });
  const parcel = { address: anOrder().shippingAddress, grams: 320 };
  await expect(carrier.collect(key, parcel, AbortSignal.abort())).rejects.toThrow('aborted');
  expect(await carrier.collect(key, parcel, new AbortController().signal)).toMatch(/^trk_/);
});

test('a refusal leaves no effect in the ledger', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'orders-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const payments = createPayments({ network: perfectNetwork, ledger: await openLedger(directory) });

  await payments.charge('ORD-1', charge);
  await expect(payments.charge('ORD-2', { ...charge, token: 'tok_declined_1' })).rejects.toThrow('declined');
  await payments.refund('ORD-1');

  const lines = (await readFile(join(directory, 'effects.jsonl'), 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { effect: 'chargeCard', idempotencyKey: 'ORD-1', pid: process.pid },
    { effect: 'refundCharge', idempotencyKey: 'ORD-1', pid: process.pid },
  ]);
});
