// What workflow code may look for in vain, and what to do instead.

const activity = 'do it in an activity and call that through proxyActivities';

const advice: Readonly<Record<string, string>> = {
  fetch: activity,
  XMLHttpRequest: activity,
  WebSocket: activity,
  require: 'import the module at the top of the file, so that it is bundled',
  process: 'pass what depends on the environment as an argument, or read it in an activity',
  Buffer: 'use Uint8Array with TextEncoder and TextDecoder, or atob and btoa',
  setInterval: 'call sleep in a loop',
  clearInterval: 'call sleep in a loop',
  setImmediate: 'use setTimeout or queueMicrotask',
  WebAssembly: activity,
  SharedArrayBuffer: 'use ArrayBuffer: workflow code has one thread',
  Atomics: 'use plain variables: workflow code has one thread',
  __dirname: activity,
  __filename: activity,
  Worker: activity,
};

/** Adds to an error's message what to do, where it is about something that the sandbox doesn't have. */
export function explainAbsent(error: unknown, message: string): string {
  const isAboutName = error instanceof ReferenceError || error instanceof TypeError;
  const name = isAboutName ? /(\w+) is not (?:defined|a function|a constructor)/.exec(message)?.[1] : undefined;
  if (name === undefined || !Object.hasOwn(advice, name)) return message;
  return `${message}. Workflow code has no ${name}, since a replay could not repeat it: ${advice[name]}.`;
}
