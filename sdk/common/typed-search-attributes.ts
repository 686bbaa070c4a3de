import { ValueError } from './errors.js';

/** The type of a search attribute: what it can be compared with. */
export const SearchAttributeType = {
  TEXT: 'TEXT',
  KEYWORD: 'KEYWORD',
  INT: 'INT',
  DOUBLE: 'DOUBLE',
  BOOL: 'BOOL',
  DATETIME: 'DATETIME',
  KEYWORD_LIST: 'KEYWORD_LIST',
} as const;
export type SearchAttributeType = (typeof SearchAttributeType)[keyof typeof SearchAttributeType];

interface ValueOf {
  TEXT: string;
  KEYWORD: string;
  INT: number;
  DOUBLE: number;
  BOOL: boolean;
  DATETIME: Date;
  KEYWORD_LIST: string[];
}

/** A search attribute's name, with the type of its value. */
export interface SearchAttributeKey<T extends SearchAttributeType> {
  name: string;
  type: T;
}

export function defineSearchAttributeKey<T extends SearchAttributeType>(name: string, type: T): SearchAttributeKey<T> {
  return { name, type };
}

/** A search attribute with its value. */
export type SearchAttributePair = {
  [T in SearchAttributeType]: { key: SearchAttributeKey<T>; value: ValueOf[T] };
}[SearchAttributeType];

/** A change of a search attribute; null removes it. */
export type SearchAttributeUpdatePair = {
  [T in SearchAttributeType]: { key: SearchAttributeKey<T>; value: ValueOf[T] | null };
}[SearchAttributeType];

/** Whether a value is one of the type. */
export function isValueOfType<T extends SearchAttributeType>(type: T, value: unknown): value is ValueOf[T] {
  switch (type) {
    case 'TEXT':
    case 'KEYWORD':
      return typeof value === 'string';
    case 'INT':
      return Number.isInteger(value);
    case 'DOUBLE':
      return typeof value === 'number';
    case 'BOOL':
      return typeof value === 'boolean';
    case 'DATETIME':
      return isDate(value);
    case 'KEYWORD_LIST':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    default:
      return false;
  }
}

/** Whether a value is a Date, of whatever realm. */
export function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === '[object Date]';
}

/** Search attributes by their keys. It is never changed: `updateCopy` makes a new one. */
export class TypedSearchAttributes {
  readonly #pairs: Map<string, SearchAttributePair>;

  /** Throws a ValueError for two values of one name, or a value that isn't of its key's type. */
  constructor(initialAttributes: readonly SearchAttributePair[] = []) {
    this.#pairs = new Map();
    for (const pair of initialAttributes) {
      if (this.#pairs.has(pair.key.name)) throw new ValueError(`Duplicate search attribute key: ${pair.key.name}`);
      checkPair(pair);
      this.#pairs.set(pair.key.name, pair);
    }
  }

  /** The value; undefined when there is none, or none of the key's type. */
  get<T extends SearchAttributeType>(key: SearchAttributeKey<T>): ValueOf[T] | undefined {
    const value = this.#pairs.get(key.name)?.value;
    return isValueOfType(key.type, value) ? value : undefined;
  }

  getAll(): SearchAttributePair[] {
    return [...this.#pairs.values()].map(({ key, value }) => ({ key: { ...key }, value }) as SearchAttributePair);
  }

  /** A copy that shares no Date and no list with this one. */
  copy(): TypedSearchAttributes {
    return new TypedSearchAttributes(this.getAll().map(copyOfPair));
  }

  /** A copy with changes made. A null removes the attribute if it is of the key's type. */
  updateCopy(updates: readonly SearchAttributeUpdatePair[]): TypedSearchAttributes {
    const pairs = new Map(this.getAll().map((pair) => [pair.key.name, copyOfPair(pair)]));
    for (const update of updates) {
      const { key, value } = update;
      if (value !== null) pairs.set(key.name, update as SearchAttributePair);
      else if (pairs.get(key.name)?.key.type === key.type) pairs.delete(key.name);
    }
    return new TypedSearchAttributes([...pairs.values()]);
  }

  toJSON(): SearchAttributePair[] {
    return this.getAll();
  }
}

/** Throws a ValueError for a value that isn't of its key's type. */
export function checkPair({ key, value }: SearchAttributePair): void {
  if (isValueOfType(key.type, value)) return;
  throw new ValueError(`Invalid value for the search attribute '${key.name}': ${value} is no ${key.type}`);
}

function copyOfPair({ key, value }: SearchAttributePair): SearchAttributePair {
  const copy = isDate(value) ? new Date(value) : Array.isArray(value) ? [...value] : value;
  return { key, value: copy } as SearchAttributePair;
}
