/** What the programs of this example are told from outside. The connection finds its brokers and registry there too. */
export const environment = {
  namespace: process.env.MILLRACE_NAMESPACE ?? 'default',
  ordersFile: process.env.ORDERS_FILE ?? 'examples/orders/data/orders.jsonl',
  /** Where workers note what they did to the outside world; not set, they don't. */
  ledgerDirectory: process.env.ORDERS_LEDGER_DIR,
} as const;
