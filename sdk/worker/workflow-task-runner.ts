import type { Message } from '../../schemas/generated/messages.js';
import { deadline } from '../../services/platform/clock.js';
import { MAX_COMMAND_BYTES } from '../../services/platform/limits.js';
import type { Producer } from '../../services/platform/log/log.js';
import type { Logger } from '../../services/platform/logger.js';
import { partitionOf } from '../../services/platform/partitioner.js';
import type { NamespaceConnection } from '../client/namespace-connection.js';
import { defaultDataConverter } from '../common/converter/data-converter.js';
import { PayloadTooLargeError } from '../common/errors.js';
import type { Translate } from './payloads/known-schemas.js';
import { isRetryable, retryWhileUnavailable } from './retry.js';
import type { Delivery } from './task-queue-consumer.js';
import type { QueryOutcome, WorkflowExecutor, WorkflowTaskOutcome } from './workflow-executor.js';

/** How long a task waits for a run's history, in milliseconds. History dispatches a task that nobody answers again. */
const HISTORY_TIMEOUT_MS = 60_000;

export interface WorkflowTaskRunnerOptions {
  readonly connection: Pick<NamespaceConnection, 'log' | 'codec' | 'topics' | 'configuration' | 'clock'>;
  readonly executor: Pick<WorkflowExecutor, 'runTask'>;
  /** Says events in schemas that the executor knows. */
  readonly translate: Translate;
  readonly logger: Logger;
}

/**
 * Brings workflow tasks and queries to the executor and its answers to the log. The tasks of a workflow follow one
 * another, as the executor asks; a task is accepted once its answer is acknowledged by `commands`.
 */
export class WorkflowTaskRunner {
  readonly #options: WorkflowTaskRunnerOptions;
  readonly #logger: Logger;
  readonly #producer: Producer;
  /** The last task of each workflow in hand, by the record's key. */
  readonly #last = new Map<string, Promise<void>>();

  constructor(options: WorkflowTaskRunnerOptions) {
    this.#options = options;
    this.#logger = options.logger;
    this.#producer = options.connection.log.producer();
  }

  /** Carries out the task of a record. */
  async run(delivery: Delivery): Promise<void> {
    const workflowId = delivery.record.key?.toString('utf8') ?? '';
    const before = this.#last.get(workflowId) ?? Promise.resolve();
    const turn = before.then(() => this.#carryOut(delivery));
    // A failure is this task's: those that wait behind it have their own turn.
    const settled = turn.catch(() => undefined);
    this.#last.set(workflowId, settled);
    try {
      await turn;
    } finally {
      if (this.#last.get(workflowId) === settled) this.#last.delete(workflowId);
    }
  }

  async close(): Promise<void> {
    await this.#producer.close();
  }

  async #carryOut(delivery: Delivery): Promise<void> {
    const { value } = delivery.record;
    if (!value) return delivery.setAside('there is no value');
    if (delivery.use) this.#tellSlot(value, delivery.use);
    const outcome = await this.#execute(value, delivery);
    if (!outcome) return;
    if (outcome.kind === 'query') await this.#answer(outcome);
    else await this.#report(outcome);
    delivery.accept();
  }

  /** Decoded here for a supplier that wants to know; otherwise the bytes go to the sandbox as they are. */
  #tellSlot(value: Uint8Array, use: NonNullable<Delivery['use']>): void {
    let message: Message;
    try {
      message = this.#options.connection.codec.decode(value);
    } catch {
      // What can't be read is dealt with where it is carried out.
      return;
    }
    if (message.type !== 'WorkflowTask' && message.type !== 'QueryTask') return;
    use({ type: 'workflow', workflowType: message.workflowType, isSticky: true });
  }

  /** The outcome; undefined for a record that was set aside, or left for another try. */
  async #execute(value: Uint8Array, delivery: Delivery): Promise<WorkflowTaskOutcome | QueryOutcome | undefined> {
    try {
      return await this.#options.executor.runTask(value);
    } catch (error) {
      if (codeOf(error) === 'TASK_UNREADABLE') return this.#executeTranslated(value, delivery, error as Error);
      if (codeOf(error) === 'HISTORY_EXPIRED') return this.#dropMoot(delivery);
      if (isRetryable(error)) return this.#executeLater(value, delivery);
      if (delivery.stopping.aborted && codeOf(error) === 'EXECUTOR_CLOSED') return undefined;
      throw error;
    }
  }

  /** The run's history can't be had for now. After a while the task is dropped, so that it doesn't block its slot. */
  async #executeLater(value: Uint8Array, delivery: Delivery): Promise<WorkflowTaskOutcome | QueryOutcome | undefined> {
    const { clock } = this.#options.connection;
    const giveUp = deadline(clock, HISTORY_TIMEOUT_MS);
    try {
      return await retryWhileUnavailable(() => this.#options.executor.runTask(value), {
        what: 'read a workflow history',
        logger: this.#logger,
        clock,
        signal: AbortSignal.any([delivery.stopping, giveUp.signal]),
      });
    } catch (error) {
      if (delivery.stopping.aborted) return undefined;
      if (codeOf(error) === 'HISTORY_EXPIRED') return this.#dropMoot(delivery);
      if (!giveUp.signal.aborted) throw error;
      this.#logger.warn('workflow task dropped, history will dispatch it again', { task: delivery.taskId });
      delivery.drop();
      return undefined;
    } finally {
      giveUp.callOff();
    }
  }

  /** A task that comes late, of a run that has been over for longer than history is kept. Its slot is for others. */
  #dropMoot(delivery: Delivery): undefined {
    this.#logger.info('workflow task dropped, its run is over', { task: delivery.taskId });
    delivery.drop();
    return undefined;
  }

  /**
   * The executor knows the schemas of its start. A task of another version of the service is read here, where schemas are
   * learned, and said again in those the executor knows; what is no task even so is set aside.
   */
  async #executeTranslated(
    value: Uint8Array,
    delivery: Delivery,
    reason: Error,
  ): Promise<WorkflowTaskOutcome | QueryOutcome | undefined> {
    const { codec, topics, clock } = this.#options.connection;
    let message: Message;
    try {
      message = await retryWhileUnavailable(() => this.#readLearning(value), {
        what: 'learn the schema of a task',
        logger: this.#logger,
        clock,
        signal: delivery.stopping,
      });
    } catch (error) {
      if (!delivery.stopping.aborted) await delivery.setAside((error as Error).message);
      return undefined;
    }
    const isTask = message.type === 'WorkflowTask' || message.type === 'QueryTask';
    const translated = isTask ? codec.encode(message) : undefined;
    if (translated && Buffer.compare(translated, value) !== 0) return this.#execute(translated, delivery);
    await delivery.setAside(
      isTask ? reason.message : `a ${message.type} is no workflow task of namespace '${topics.namespace}'`,
    );
    return undefined;
  }

  async #readLearning(value: Uint8Array): Promise<Message> {
    const message = await this.#options.connection.codec.decodeLearning(value);
    if (message.type !== 'WorkflowTask') return message;
    return { ...message, events: await this.#options.translate(message.events) };
  }

  async #report(outcome: WorkflowTaskOutcome): Promise<void> {
    const { connection } = this.#options;
    const { workflowId, runId, scheduledEventId, attempt, failure } = outcome;
    if (failure) {
      const facts = { workflowId, runId, scheduledEventId, attempt, cause: failure.cause, failure: failure.message };
      this.#logger.warn('workflow task failed', facts);
    }
    const target = {
      topic: connection.topics.commands,
      partition: partitionOf(workflowId, connection.configuration.partitions),
    };
    const key = Buffer.from(workflowId);
    const value = Buffer.from(outcome.command);
    const fitting = value.length <= MAX_COMMAND_BYTES ? value : this.#refuse(value, workflowId);
    await retryWhileUnavailable(() => this.#producer.send(target, [{ key, value: fitting }]), {
      what: 'answer a workflow task',
      logger: this.#logger,
      clock: this.#options.connection.clock,
    });
  }

  /** The failure of a task whose commands don't fit one record. */
  #refuse(answer: Buffer, workflowId: string): Buffer {
    const { codec } = this.#options.connection;
    const command = codec.decode(answer);
    if (command.type !== 'CompleteWorkflowTask' && command.type !== 'FailWorkflowTask') {
      throw new TypeError(`the executor answered a task with a ${command.type}`);
    }
    const error = new PayloadTooLargeError(
      `what workflow '${workflowId}' wants done in one task`,
      answer.length,
      MAX_COMMAND_BYTES,
    );
    this.#logger.error('workflow task refused', { workflowId, error });
    const { header, scheduledEventId, attempt, seenEventId } = command;
    const { failureConverter, payloadConverter } = defaultDataConverter;
    const failure = failureConverter.errorToFailure(error, payloadConverter);
    return codec.encode({
      type: 'FailWorkflowTask',
      header,
      scheduledEventId,
      attempt,
      seenEventId,
      cause: 'BAD_COMMAND',
      failure,
    });
  }

  /** A lost answer is not missed for long: the asker asks again. */
  async #answer({ replyTo, reply, workflowId, runId }: QueryOutcome): Promise<void> {
    const target = { topic: this.#options.connection.topics.replies, partition: replyTo.partition };
    try {
      await this.#producer.send(target, [{ key: Buffer.from(replyTo.asker), value: Buffer.from(reply) }]);
    } catch (error) {
      this.#logger.warn('query answer not sent', { workflowId, runId, error });
    }
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
