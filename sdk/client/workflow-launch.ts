// A start on its way: accepted by the log first, and by a history service when one is there.
import type { CommandAccepted } from '../../schemas/generated/messages.js';
import { msToNumber } from '../common/duration.js';
import type { ClientContext } from './client-context.js';
import type { CompiledWorkflowOptions } from './interceptors.js';
import type { NamespaceConnection } from './namespace-connection.js';
import { accepted, sendChange } from './workflow-change.js';
import type { StartCommand, WorkflowOptions } from './workflow-start.js';

export interface Launch {
  readonly workflowId: string;
  readonly proposedRunId: string;
  readonly connection: NamespaceConnection;
  /** Undefined once the command is in the log and nobody has answered for a while. */
  readonly started: Promise<CommandAccepted | undefined>;
  /** The acceptance, however long it takes; rejects where the start is refused. */
  accepted(): Promise<CommandAccepted>;
}

/** Sends a start. Where no service answers in time it is accepted all the same. */
export async function launch(
  context: ClientContext,
  command: StartCommand,
  { startTimeout = '5 seconds' }: WorkflowOptions,
): Promise<Launch> {
  const { workflowType } = command;
  const { workflowId, runId } = command.header;
  const connection = await context.connect();
  const change = sendChange(connection, command, msToNumber(startTimeout));
  const started = change.first.then((answer) => answer && accepted(answer, command.type, workflowType));
  // Whoever waits for the answer itself does without it.
  started.catch(() => undefined);
  return {
    workflowId,
    connection,
    proposedRunId: runId ?? '',
    started,
    accepted: async () => accepted(await change.answer, command.type, workflowType),
  };
}

/** A start's options as interceptors are given them. */
export function compiled(options: WorkflowOptions & { readonly args?: readonly unknown[] }): CompiledWorkflowOptions {
  return { ...options, args: options.args ?? [] };
}
