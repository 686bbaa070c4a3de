import type { Command, CommandAccepted } from '../../schemas/generated/messages.js';
import { messageOf } from '../../schemas/message.js';
import { pause } from '../../services/platform/clock.js';
import { encodePayloads } from '../common/converter/payload-codec.js';
import { encodeValue } from '../common/converter/payloads.js';
import type { Headers } from '../common/headers.js';
import { type ClientContext, checkId, encodeInput, newHeader, type Target } from './client-context.js';
import type { NamespaceConnection } from './namespace-connection.js';
import { errorOf, unexpectedAnswer } from './refusal.js';
import type { Answer } from './requests.js';

/** How long the log may take to acknowledge a change. Beyond a broker's restart, as its effect is unknown after that. */
export const ACKNOWLEDGE_TIMEOUT_MS = 30_000;

/** How long a signal, a cancel request and the like wait for their answer once they are in the log. */
export const ACCEPT_AFTER_MS = 5_000;

/** A command that changes a workflow, on its way. */
export interface Change {
  /** The answer, or undefined once the command is in the log and nobody has answered for a while. */
  readonly first: Promise<Answer | undefined>;
  /** The answer, however long it takes. */
  readonly answer: Promise<Answer>;
}

/**
 * Sends a command that changes a workflow. It needs no service to be accepted: once in the log it takes effect, now or
 * when a service is back.
 */
export function sendChange(
  connection: NamespaceConnection,
  command: Command,
  acceptAfterMs: number,
  signal?: AbortSignal,
): Change {
  const answered = new AbortController();
  let onAcknowledged = (): void => {};
  const acknowledged = new Promise<void>((resolve) => {
    onAcknowledged = resolve;
  });
  const answer = connection
    .request(command, { acknowledgeTimeoutMs: ACKNOWLEDGE_TIMEOUT_MS, onAcknowledged, signal })
    .finally(() => answered.abort());
  const waited = pause(connection.clock, acceptAfterMs, answered.signal);
  const unanswered = Promise.all([acknowledged, waited]).then(() => {
    // The answer has come, or its wait was withdrawn: that one is the first.
    if (answered.signal.aborted) return answer;
    const { type, header } = command;
    connection.logger.warn('accepted, but no history service has answered yet: it takes effect when one is running', {
      command: type,
      workflowId: header.workflowId,
    });
    return undefined;
  });
  const first = Promise.race([answer, unanswered]);
  // The loser of the race rejects later, by being called off or with the connection.
  unanswered.catch(() => undefined);
  answer.catch(() => undefined);
  return { first, answer };
}

/** The acceptance that an answer must be, or the error that it stands for. */
export function accepted(answer: Answer, question: string, workflowType?: string): CommandAccepted {
  if (answer.type === 'CommandAccepted') return answer;
  throw answer.type === 'CommandRejected' ? errorOf(answer, workflowType) : unexpectedAnswer(question, answer.type);
}

export async function signalWorkflow(
  context: ClientContext,
  target: Target,
  signalName: string,
  args: readonly unknown[],
  headers: Headers,
): Promise<void> {
  checkId('signal name', signalName);
  const header = newHeader(context, target);
  const input = await encodeInput(context, `signal '${signalName}'`, args);
  await change(context, messageOf('SignalWorkflow', { header, signalName, input, headers }));
}

/** The workflow and, where set, the chain that the run must belong to. */
interface ChainTarget extends Target {
  readonly firstExecutionRunId?: string | undefined;
}

export async function requestCancelWorkflow(context: ClientContext, target: ChainTarget): Promise<void> {
  const { firstExecutionRunId = null } = target;
  const header = newHeader(context, target);
  await change(context, messageOf('RequestCancelWorkflow', { header, reason: '', firstExecutionRunId }));
}

export async function terminateWorkflow(
  context: ClientContext,
  target: ChainTarget,
  reason: string,
  details: readonly unknown[],
): Promise<void> {
  const { firstExecutionRunId = null } = target;
  const header = newHeader(context, target);
  const { payloadConverter, payloadCodecs, maxValueBytes } = context.dataConverter;
  const payloads = details.map((detail, index) =>
    encodeValue(payloadConverter, `termination detail ${index}`, detail, maxValueBytes),
  );
  const encoded = await encodePayloads(payloadCodecs, payloads);
  await change(context, messageOf('TerminateWorkflow', { header, reason, details: encoded, firstExecutionRunId }));
}

export async function pauseWorkflow(context: ClientContext, target: Target, reason: string): Promise<void> {
  await change(context, { type: 'PauseWorkflow', header: newHeader(context, target), reason });
}

export async function unpauseWorkflow(context: ClientContext, target: Target, reason: string): Promise<void> {
  await change(context, { type: 'UnpauseWorkflow', header: newHeader(context, target), reason });
}

async function change(context: ClientContext, command: Command): Promise<void> {
  const connection = await context.connect();
  const withdrawn = new AbortController();
  try {
    const answer = await sendChange(connection, command, ACCEPT_AFTER_MS, withdrawn.signal).first;
    if (answer !== undefined) accepted(answer, command.type);
  } finally {
    // Nobody would hear a later answer.
    withdrawn.abort();
  }
}
