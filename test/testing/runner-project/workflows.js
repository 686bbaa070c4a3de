import { proxyActivities, sleep } from 'millrace/workflow';

const { remind } = proxyActivities({ startToCloseTimeout: '1 minute' });

export async function remindInAMonth(name) {
  await sleep('30 days');
  return await remind(name);
}
