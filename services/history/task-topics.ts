import type { NamespaceConfigured } from '../../schemas/generated/messages.js';
import type { Log } from '../platform/log/log.js';
import { ensureTaskQueue } from '../platform/namespace.js';
import type { Durability } from '../platform/topic-specs.js';
import type { Topics } from '../platform/topics.js';

/** A topic of a task queue. */
export interface TaskTopic {
  readonly topic: string;
  readonly taskQueue: string;
  readonly kind: 'workflow' | 'activity';
  /** How many partitions it has; undefined until it is known to exist. */
  partitions: number | undefined;
}

export interface TaskTopicsOptions extends Durability {
  readonly log: Log;
  readonly topics: Topics;
  readonly configuration: NamespaceConfigured;
}

/** The topics of the task queues in use. Shared by a service's partitions, and asked from the broker once. */
export class TaskTopics {
  readonly #options: TaskTopicsOptions;
  readonly #known = { workflow: new Map<string, TaskTopic>(), activity: new Map<string, TaskTopic>() };
  readonly #preparing = new Map<TaskTopic, Promise<void>>();

  constructor(options: TaskTopicsOptions) {
    this.#options = options;
  }

  /** The topic of a queue, whether it exists or not. Throws a TypeError for a name that Kafka wouldn't take. */
  of(taskQueue: string, kind: 'workflow' | 'activity'): TaskTopic {
    let known = this.#known[kind].get(taskQueue);
    if (known === undefined) {
      const { topics } = this.#options;
      const topic = kind === 'workflow' ? topics.workflowTasks(taskQueue) : topics.activityTasks(taskQueue);
      known = { topic, taskQueue, kind, partitions: undefined };
      this.#known[kind].set(taskQueue, known);
    }
    return known;
  }

  /** Makes the topic if it is missing, and learns how many partitions it has. */
  prepare(topic: TaskTopic): Promise<void> {
    let preparing = this.#preparing.get(topic);
    if (preparing === undefined) {
      preparing = this.#prepare(topic).finally(() => this.#preparing.delete(topic));
      this.#preparing.set(topic, preparing);
    }
    return preparing;
  }

  async #prepare(topic: TaskTopic): Promise<void> {
    const { log } = this.#options;
    topic.partitions = await log.partitionCount(topic.topic);
    if (topic.partitions !== undefined) return;
    await ensureTaskQueue({ ...this.#options, taskQueue: topic.taskQueue, kind: topic.kind });
    topic.partitions = await log.partitionCount(topic.topic);
    if (topic.partitions === undefined) throw new Error(`topic '${topic.topic}' was made but is not there yet`);
  }
}
