import { DOMException } from './dom-exception.js';

/** `structuredClone` within this realm. `transfer` is left out: there is nobody to transfer to. */
export function structuredClone<T>(value: T): T {
  return clone(value, new Map()) as T;
}

function clone(value: unknown, seen: Map<object, unknown>): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw uncloneable(value);
  if (typeof value !== 'object' || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  const copy = emptyCopy(value, seen);
  seen.set(value, copy);
  fill(copy, value, seen);
  return copy;
}

/** The copy of an object before its contents, so that an object that holds itself finds it. */
function emptyCopy(value: object, seen: Map<object, unknown>): object {
  if (Array.isArray(value)) return new Array(value.length);
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof RegExp) return new RegExp(value.source, value.flags);
  if (value instanceof Map) return new Map();
  if (value instanceof Set) return new Set();
  if (value instanceof ArrayBuffer) return value.slice(0);
  if (ArrayBuffer.isView(value)) return copyOfView(value, seen);
  if (value instanceof Error) return copyOfError(value);
  if (value instanceof Number || value instanceof String || value instanceof Boolean) return Object(value.valueOf());
  if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) throw uncloneable(value);
  return {};
}

function copyOfView(view: ArrayBufferView, seen: Map<object, unknown>): ArrayBufferView {
  const buffer = clone(view.buffer, seen) as ArrayBuffer;
  const View = view.constructor as new (buffer: ArrayBuffer, offset: number, length: number) => ArrayBufferView;
  const length = 'length' in view ? (view.length as number) : view.byteLength;
  return new View(buffer, view.byteOffset, length);
}

const errorClasses: Readonly<Record<string, ErrorConstructor>> = {
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

function copyOfError(error: Error): Error {
  const copy = new (errorClasses[error.name] ?? Error)(error.message);
  Object.defineProperty(copy, 'stack', { value: error.stack, writable: true, configurable: true });
  return copy;
}

function fill(copy: object, value: object, seen: Map<object, unknown>): void {
  if (copy instanceof Map) {
    for (const [key, item] of value as Map<unknown, unknown>) copy.set(clone(key, seen), clone(item, seen));
  } else if (copy instanceof Set) {
    for (const item of value as Set<unknown>) copy.add(clone(item, seen));
  } else if (copy instanceof Error) {
    if ('cause' in value) {
      Object.defineProperty(copy, 'cause', { value: clone(value.cause, seen), writable: true, configurable: true });
    }
  } else if (Array.isArray(copy) || Object.getPrototypeOf(copy) === Object.prototype) {
    for (const [key, item] of Object.entries(value)) {
      Object.defineProperty(copy, key, {
        value: clone(item, seen),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
  }
}

function uncloneable(value: unknown): DOMException {
  return new DOMException(`${String(value)} could not be cloned.`, 'DataCloneError');
}
