import { upsertMemo, upsertSearchAttributes, workflowInfo } from 'millrace/workflow';
import { city, items } from './attributes.js';

export async function order(): Promise<string> {
  upsertSearchAttributes([
    { key: items, value: 3 },
    { key: city, value: null },
  ]);
  upsertMemo({ note: 'three items' });
  const { typedSearchAttributes, memo } = workflowInfo();
  return `${typedSearchAttributes.get(items)} items, no city: ${typedSearchAttributes.get(city) === undefined}, ${memo?.note}`;
}
