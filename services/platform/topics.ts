import { MAX_TASK_QUEUE_LENGTH } from './limits.js';

const legalName = /^[A-Za-z0-9._-]+$/;
/** Stands before each byte that a topic's name spells in hexadecimal, and in no name that is left as it is. */
const spelledByte = '..';

/** The names of a namespace's topics. */
export interface Topics {
  readonly namespace: string;
  /** The namespace's configuration record. */
  readonly configuration: string;
  readonly commands: string;
  readonly history: string;
  readonly replies: string;
  /** Snapshots of each partition's runs, in the partition of the same number. */
  readonly snapshots: string;
  /** The leases of the history services. */
  readonly services: string;
  /** Records that could not be read, each with its reason in the headers. */
  readonly deadLetters: string;
  workflowTasks(taskQueue: string): string;
  activityTasks(taskQueue: string): string;
}

/** The topics of a namespace. Throws a TypeError for a name that Kafka wouldn't take. */
export function topicsOf(namespace: string): Topics {
  checkName('namespace', namespace, 40);
  return {
    namespace,
    configuration: `${namespace}.namespace`,
    commands: `${namespace}.commands`,
    history: `${namespace}.history`,
    replies: `${namespace}.replies`,
    snapshots: `${namespace}.snapshots`,
    services: `${namespace}.services`,
    deadLetters: `${namespace}.dead-letters`,
    workflowTasks: (taskQueue) => `${namespace}.tasks.${spelled(taskQueue)}.workflow`,
    activityTasks: (taskQueue) => `${namespace}.tasks.${spelled(taskQueue)}.activity`,
  };
}

/** The consumer group of the history services of a namespace. */
export function historyGroup(namespace: string): string {
  return `${namespace}.history`;
}

/** The consumer group of the workers of a task queue. */
export function workerGroup(namespace: string, taskQueue: string, kind: 'workflow' | 'activity'): string {
  return `${namespace}.${spelled(taskQueue)}.${kind}`;
}

/**
 * Returns the task queue's name, or throws a TypeError. Any string that isn't empty will do, as in Temporal, as long
 * as a topic's name has room for it: 180 characters, where each byte beyond letters, digits, '.', '_' and '-' takes four.
 */
export function checkTaskQueue(taskQueue: string): string {
  spelled(taskQueue);
  return taskQueue;
}

/** The part of a topic's name that stands for a task queue: no two queues share one. */
function spelled(taskQueue: string): string {
  if (typeof taskQueue !== 'string' || taskQueue === '') throw new TypeError('a task queue needs a name');
  const part = legalName.test(taskQueue) && !taskQueue.includes(spelledByte) ? taskQueue : spellBytes(taskQueue);
  if (part.length > MAX_TASK_QUEUE_LENGTH) {
    throw new TypeError(
      `task queue '${taskQueue}' takes ${part.length} characters of a Kafka topic's name, which has room for at most ${MAX_TASK_QUEUE_LENGTH}: shorten it`,
    );
  }
  return part;
}

function spellBytes(name: string): string {
  let part = '';
  for (const byte of new TextEncoder().encode(name)) {
    const character = String.fromCharCode(byte);
    part += /[A-Za-z0-9_-]/.test(character) ? character : `${spelledByte}${byte.toString(16).padStart(2, '0')}`;
  }
  return part;
}

function checkName(what: string, name: string, maxLength: number): string {
  if (typeof name !== 'string' || !legalName.test(name) || name.length > maxLength) {
    throw new TypeError(
      `${what} '${name}' can't be part of a Kafka topic's name: use up to ${maxLength} letters, digits, '.', '_' and '-'`,
    );
  }
  return name;
}
