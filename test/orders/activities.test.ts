import { ApplicationFailure } from 'millrace/common';
import { expect, test } from 'vitest';
import { createActivities } from '../../examples/orders/activities.js';
import { createCarrier } from '../../examples/orders/services/carrier.js';
import { noLedger } from '../../examples/orders/services/ledger.js';
import { createMail } from '../../examples/orders/services/mail.js';
import type { Network } from '../../examples/orders/services/network.js';
import { perfectNetwork } from '../../examples/orders/services/network.js';
import { createPayments } from '../../examples/orders/services/payments.js';
import { createWarehouse } from '../../examples/orders/services/warehouse.js';
import { anOrder } from './an-order.js';

function activitiesOver(network: Network) {
  const outside = { network, ledger: noLedger };
  return createActivities({
    warehouse: createWarehouse(outside),
    payments: createPayments(outside),
    carrier: createCarrier(outside),
    mail: createMail(outside),
  });
}

test('a refusal becomes a failure of its reason that is not retried', async () => {
  const { chargeCard } = activitiesOver(perfectNetwork);
  const charged = chargeCard(anOrder({ paymentToken: 'tok_declined_1' }));
  await expect(charged).rejects.toBeInstanceOf(ApplicationFailure);
  await expect(charged).rejects.toMatchObject({ type: 'CARD_DECLINED', nonRetryable: true });
});

test('an unavailable service is left to the retry policy', async () => {
  const { reserveStock } = activitiesOver({ call: () => Promise.reject(new Error('503')) });
  await expect(reserveStock(anOrder())).rejects.not.toBeInstanceOf(ApplicationFailure);
});
