// Puts the deterministic globals in place, once a context, before any workflow code runs.
import { AsyncLocalStorage } from '../async-context.js';
import { uuid4 } from '../random.js';
import { AbortController, AbortSignal } from './abort.js';
import { assert } from './assert.js';
import { consoleOfRun } from './console.js';
import { deterministicDate } from './date.js';
import { DOMException } from './dom-exception.js';
import { finalizationRegistry, weakRef } from './forbidden.js';
import { fillRandomly, seededRandom } from './seeded-random.js';
import { structuredClone } from './structured-clone.js';
import { type HostText, textGlobals } from './text.js';
import { clearTimeout, performance, setTimeout } from './timers.js';

/** Classes and functions of the host's realm that are deterministic as they are. */
export interface HostGlobals extends HostText {
  readonly URL: typeof URL;
  readonly URLSearchParams: typeof URLSearchParams;
}

/** Parts of the language that run beside the code, and so at a time of their own. */
const removed = ['WebAssembly', 'SharedArrayBuffer', 'Atomics'];

export function installGlobals(host: HostGlobals): void {
  for (const name of removed) Reflect.deleteProperty(globalThis, name);
  define(Math, { random: seededRandom });
  defineDisposal();
  define(globalThis, {
    ...textGlobals(host),
    AbortController,
    AbortSignal,
    assert,
    AsyncLocalStorage,
    console: consoleOfRun,
    crypto: { randomUUID: uuid4, getRandomValues: fillRandomly },
    clearTimeout,
    Date: deterministicDate(Date),
    DOMException,
    FinalizationRegistry: finalizationRegistry,
    performance,
    queueMicrotask: (callback: () => void) => void Promise.resolve().then(callback),
    setTimeout,
    structuredClone,
    URL: host.URL,
    URLSearchParams: host.URLSearchParams,
    WeakRef: weakRef,
  });
}

/** Realms of older Nodes lack these. Compilers of `using` fall back on the same ones. */
function defineDisposal(): void {
  for (const name of ['dispose', 'asyncDispose']) {
    if (!Object.hasOwn(Symbol, name)) Object.defineProperty(Symbol, name, { value: Symbol.for(`Symbol.${name}`) });
  }
}

function define(target: object, properties: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(properties)) {
    Object.defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
  }
}
