import { fileURLToPath } from 'node:url';
import { type NativeConnection, Worker } from 'millrace/worker';
import { createActivities } from './activities.js';
import { environment } from './environment.js';
import { createCarrier } from './services/carrier.js';
import { noLedger, openLedger } from './services/ledger.js';
import { createMail } from './services/mail.js';
import { createNetwork } from './services/network.js';
import { createPayments } from './services/payments.js';
import { createWarehouse } from './services/warehouse.js';

/** A worker of the queue `orders`, with the outside world it works on. */
export async function createOrderWorker(connection: NativeConnection): Promise<Worker> {
  const ledger = environment.ledgerDirectory ? await openLedger(environment.ledgerDirectory) : noLedger;
  const network = createNetwork();

  return await Worker.create({
    connection,
    namespace: environment.namespace,
    taskQueue: 'orders',
    workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)),
    activities: createActivities({
      warehouse: createWarehouse({ network, ledger }),
      payments: createPayments({ network, ledger }),
      carrier: createCarrier({ network, ledger }),
      mail: createMail({ network, ledger }),
    }),
  });
}
