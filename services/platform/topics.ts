import { MAX_TASK_QUEUE_LENGTH } from './limits.js';

const legalName = /^[A-Za-z0-9._-]+$/;

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
    workflowTasks: (taskQueue) => `${namespace}.tasks.${checkTaskQueue(taskQueue)}.workflow`,
    activityTasks: (taskQueue) => `${namespace}.tasks.${checkTaskQueue(taskQueue)}.activity`,
  };
}

/** The consumer group of the history services of a namespace. */
export function historyGroup(namespace: string): string {
  return `${namespace}.history`;
}

/** The consumer group of the workers of a task queue. */
export function workerGroup(namespace: string, taskQueue: string, kind: 'workflow' | 'activity'): string {
  return `${namespace}.${checkTaskQueue(taskQueue)}.${kind}`;
}

/** Returns the task queue's name, or throws a TypeError that says what a name may be. */
export function checkTaskQueue(taskQueue: string): string {
  return checkName('task queue', taskQueue, MAX_TASK_QUEUE_LENGTH);
}

function checkName(what: string, name: string, maxLength: number): string {
  if (typeof name !== 'string' || !legalName.test(name) || name.length > maxLength) {
    throw new TypeError(
      `${what} '${name}' can't be part of a Kafka topic's name: use up to ${maxLength} letters, digits, '.', '_' and '-'`,
    );
  }
  return name;
}
