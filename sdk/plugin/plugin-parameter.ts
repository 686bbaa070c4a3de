/** What a plugin adds to an option: a value, or a function of the option as it is. */
export type PluginParameter<T> = T | ((existing: T | undefined) => T);

/** The option after the plugin: a function's answer, or both put together where there are two. */
export function resolveParameter<T>(
  existing: T | undefined,
  parameter: PluginParameter<T> | undefined,
  merge: (existing: T, added: T) => T = (_existing, added) => added,
): T | undefined {
  if (parameter === undefined) return existing;
  if (typeof parameter === 'function') return (parameter as (existing: T | undefined) => T)(existing);
  return existing === undefined ? parameter : merge(existing, parameter);
}

/** Puts the fields of two objects together; the second's win. */
export function mergeFields<T extends object>(existing: T, added: T): T {
  return { ...existing, ...added };
}

/** Puts lists of the same name one after the other, at any depth. */
export function appendLists<T extends object>(existing: T, added: T): T {
  const merged: Record<string, unknown> = Object.fromEntries(Object.entries(existing));
  for (const [name, value] of Object.entries(added)) {
    const before = merged[name];
    if (Array.isArray(before) && Array.isArray(value)) merged[name] = [...before, ...value];
    else if (isPlain(before) && isPlain(value)) merged[name] = appendLists(before, value);
    else if (value !== undefined) merged[name] = value;
  }
  // Of the same fields as both.
  return merged as T;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Leaves out what is undefined, so that an option not given stays not given. */
export function given<T extends object>(fields: { readonly [K in keyof T]?: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
