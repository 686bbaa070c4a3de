// Making messages: whoever makes one names what it says, and the schema's defaults stand for the rest.
import { defaultsOf } from './generated/defaults.js';
import type { CommandTypes, HistoryEventTypes, ReplyTypes, TaskTypes, WorkflowCommand } from './generated/messages.js';

type MessageTypes = CommandTypes & HistoryEventTypes & TaskTypes & ReplyTypes;
type Defaults = typeof defaultsOf;
type Defaulted<K> = K extends keyof Defaults ? keyof Defaults[K] : never;

/** A message without its type, in which fields that have a default may be left out. */
export type Draft<K extends keyof MessageTypes> = Omit<MessageTypes[K], Defaulted<K>> &
  Partial<Pick<MessageTypes[K], Defaulted<K> & keyof MessageTypes[K]>>;

/** The whole message. */
export function messageOf<K extends keyof MessageTypes>(
  type: K,
  body: Draft<K>,
): { readonly type: K } & MessageTypes[K] {
  const defaults: object | undefined = Object.hasOwn(defaultsOf, type) ? defaultsOf[type as keyof Defaults] : undefined;
  // A type's name, its defaults and the rest of its fields make that type's message.
  return { type, ...defaults, ...body } as unknown as { readonly type: K } & MessageTypes[K];
}

type WorkflowCommandDraft = {
  readonly [K in keyof WorkflowCommand]?: WorkflowCommand[K] | CommandDraft<NonNullable<WorkflowCommand[K]>, K>;
};
/** The name of the record that a field of WorkflowCommand holds. */
type RecordOf<K extends string> = Capitalize<K>;
type CommandDraft<T, K extends string> =
  RecordOf<K> extends keyof Defaults ? Omit<T, keyof Defaults[RecordOf<K>]> & Partial<T> : T;

/** A command of workflow code, whose one field is given. */
export function workflowCommandOf(command: WorkflowCommandDraft): WorkflowCommand {
  const whole: Record<string, unknown> = { ...defaultsOf.WorkflowCommand };
  for (const [kind, attributes] of Object.entries(command)) {
    const record = kind.charAt(0).toUpperCase() + kind.slice(1);
    const defaults: object | undefined = Object.hasOwn(defaultsOf, record)
      ? defaultsOf[record as keyof Defaults]
      : undefined;
    whole[kind] = attributes === null ? null : { ...defaults, ...attributes };
  }
  return whole as unknown as WorkflowCommand;
}

export type { WorkflowCommandDraft };
