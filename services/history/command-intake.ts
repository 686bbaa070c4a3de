import { type Command, type Message, messageSchemas } from '../../schemas/generated/messages.js';
import { backoffMs, type Clock, pause } from '../platform/clock.js';
import type { Codec } from '../platform/codec/codec.js';
import { CodecError } from '../platform/codec/errors.js';
import type { DeadLetters } from '../platform/dead-letters.js';
import type { LogRecord, TopicPartition } from '../platform/log/log.js';
import { partitionOf } from '../platform/partitioner.js';

/** Tries to learn a schema from the registry before the command that needs it is set aside: about a minute in all. */
const LEARNING_ATTEMPTS = 8;
const FIRST_LEARNING_RETRY_MS = 500;
const LONGEST_LEARNING_RETRY_MS = 16_000;

/** A record of `commands`. */
export interface ReadCommand {
  readonly offset: number;
  /** Undefined for a record that could not be read and has been set aside. */
  readonly command: Command | undefined;
}

export interface CommandIntakeOptions {
  readonly source: TopicPartition;
  /** Partitions of `commands`. */
  readonly partitions: number;
  readonly codec: Codec;
  readonly deadLetters: DeadLetters;
  readonly clock: Clock;
  /** Aborted when the partition is given up. */
  readonly signal: AbortSignal;
}

/**
 * Reads records of `commands`, in order. What is no command of this partition goes to the dead letters with its reason,
 * and counts as read only once it is there. Records that can be read, which is nearly all, take no promise.
 */
export function readCommands(
  records: readonly LogRecord[],
  options: CommandIntakeOptions,
): ReadCommand[] | Promise<ReadCommand[]> {
  const commands: ReadCommand[] = [];
  for (const record of records) {
    const read = readCommand(record, options);
    if ('problem' in read) return readOneByOne(records, commands, options);
    commands.push({ offset: record.offset, command: read.command });
  }
  return commands;
}

async function readOneByOne(
  records: readonly LogRecord[],
  commands: ReadCommand[],
  options: CommandIntakeOptions,
): Promise<ReadCommand[]> {
  for (const record of records.slice(commands.length)) {
    let read = readCommand(record, options);
    if ('problem' in read && read.isUnknownSchema) read = await learn(record, read, options);
    options.signal.throwIfAborted();
    if ('problem' in read) await options.deadLetters.put(options.source, record, read.problem);
    commands.push({ offset: record.offset, command: 'problem' in read ? undefined : read.command });
  }
  return commands;
}

type ReadResult = { readonly command: Command } | Unreadable;

interface Unreadable {
  readonly problem: string;
  readonly isUnknownSchema: boolean;
}

function readCommand({ value }: LogRecord, { codec, partitions, source }: CommandIntakeOptions): ReadResult {
  if (value === null) return unreadable('the record has no value');
  let command: Message;
  try {
    command = codec.decode(value);
  } catch (error) {
    if (error instanceof CodecError)
      return { problem: error.message, isUnknownSchema: error.code === 'UNKNOWN_SCHEMA' };
    throw error;
  }
  if (!isCommand(command)) return unreadable(`a ${command.type} is not a command`);
  const { workflowId } = command.header;
  const home = partitionOf(workflowId, partitions);
  if (home !== source.partition) return unreadable(`workflow id '${workflowId}' belongs to partition ${home}`);
  return { command };
}

async function learn(record: LogRecord, unknown: Unreadable, options: CommandIntakeOptions): Promise<ReadResult> {
  const { codec, clock, signal } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      await codec.decodeLearning(record.value ?? Buffer.alloc(0));
      return readCommand(record, options);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      if (!error.retryable || attempt === LEARNING_ATTEMPTS || signal.aborted)
        return { ...unknown, problem: error.message };
      await pause(clock, backoffMs(attempt, FIRST_LEARNING_RETRY_MS, LONGEST_LEARNING_RETRY_MS), signal);
    }
  }
}

const commandSchemas = new Set(Object.keys(messageSchemas).filter((name) => name.startsWith('millrace.command.')));

function isCommand(message: Message): message is Command {
  return commandSchemas.has(`millrace.command.${message.type}`);
}

function unreadable(problem: string): Unreadable {
  return { problem, isUnknownSchema: false };
}
