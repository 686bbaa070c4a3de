import { isObject } from '../cross-realm.js';
import { isNode } from './reflection.js';

/**
 * A copy of a root made by `pbjs -t json-module` in which packages and messages are properties, as the types that `pbts`
 * generates say: `root.foo.bar.Message` instead of `root.nested.foo.nested.bar.nested.Message`.
 */
export function patchProtobufRoot<T extends Record<string, unknown>>(root: T): T {
  return patched(root, undefined) as T;
}

function patched(node: Record<string, unknown>, name: string | undefined): Record<string, unknown> {
  const Class = node.constructor as new (argument: unknown) => Record<string, unknown>;
  const copy = Object.assign(new Class(isNode(node, 'Namespace') ? name : {}), node);
  if (!isObject(node.nested)) return copy;
  for (const [key, nested] of Object.entries(node.nested)) {
    if (isNode(nested, 'Namespace')) copy[key] = patched(nested, key);
    else if (isNode(nested, 'Type')) copy[key] = nested;
  }
  return copy;
}
