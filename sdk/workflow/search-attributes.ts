import type { Payload } from '../../schemas/generated/messages.js';
import {
  decodeSearchAttributes,
  decodeTypedSearchAttributes,
  encodeSearchAttributes,
  type SearchAttributes,
} from '../common/search-attributes.js';
import type { SearchAttributeUpdatePair, TypedSearchAttributes } from '../common/typed-search-attributes.js';
import { currentRun } from './current-run.js';
import type { WorkflowRun } from './run.js';

/**
 * Changes the run's search attributes; `workflowInfo()` shows it at once. A value of null, or a list without any, takes
 * an attribute away; attributes that are not named stay as they are.
 * Errors: TypeError for what is neither form, ValueError for a value that isn't of its type.
 */
export function upsertSearchAttributes(changes: readonly SearchAttributeUpdatePair[] | SearchAttributes): void {
  if (changes === null || typeof changes !== 'object') {
    throw new TypeError('searchAttributes must be an array of pairs or an object of lists');
  }
  changeSearchAttributes(currentRun(), changes);
}

export function changeSearchAttributes(
  run: WorkflowRun,
  changes: readonly SearchAttributeUpdatePair[] | SearchAttributes,
): void {
  const { upserted, removed } = isPairs(changes) ? changesOfPairs(changes) : changesOfLists(changes);
  run.command('upsertSearchAttributes', { searchAttributes: upserted, removed }, run.nextSeq('property'));
  const all = { ...run.searchAttributes, ...upserted };
  for (const name of removed) delete all[name];
  run.searchAttributes = all;
  run.started = { ...run.info, ...searchAttributesInfo(all) };
}

/** Search attributes as `workflowInfo()` shows them, in both forms. */
export function searchAttributesInfo(payloads: Readonly<Record<string, Payload>>): {
  readonly searchAttributes: SearchAttributes;
  readonly typedSearchAttributes: TypedSearchAttributes;
} {
  return {
    searchAttributes: decodeSearchAttributes(payloads),
    typedSearchAttributes: decodeTypedSearchAttributes(payloads),
  };
}

interface Changes {
  readonly upserted: Record<string, Payload>;
  readonly removed: string[];
}

function changesOfPairs(pairs: readonly SearchAttributeUpdatePair[]): Changes {
  const upserted = encodeSearchAttributes(
    {},
    pairs.filter(({ value }) => value !== null),
  );
  return { upserted, removed: pairs.filter(({ value }) => value === null).map(({ key }) => key.name) };
}

function changesOfLists(lists: SearchAttributes): Changes {
  const entries = Object.entries(lists).filter(([, values]) => values !== undefined);
  // Plain JavaScript takes one away with null, as Temporal has it.
  const isGone = (values: unknown) => values === null || (Array.isArray(values) && values.length === 0);
  const upserted = encodeSearchAttributes(Object.fromEntries(entries.filter(([, values]) => !isGone(values))));
  return { upserted, removed: entries.filter(([, values]) => isGone(values)).map(([name]) => name) };
}

function isPairs(
  changes: readonly SearchAttributeUpdatePair[] | SearchAttributes,
): changes is readonly SearchAttributeUpdatePair[] {
  return Array.isArray(changes);
}
