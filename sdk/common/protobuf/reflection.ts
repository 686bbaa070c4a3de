// What is used of protobufjs: the reflection that a root made by `pbjs -t json-module` has. It is told by its shape and
// never imported, since the root comes with the user's own copy of the library.
import { isObject } from '../cross-realm.js';

/** Values as protobufjs takes and gives them outside of messages. */
export type Plain = Readonly<Record<string, unknown>>;

export interface ProtobufField {
  readonly name: string;
  /** The scalar's name, or what the message or enum is called where it is used. */
  readonly type: string;
  readonly repeated: boolean;
  /** Whether the field is a map; `type` is that of its values. */
  readonly map: boolean;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  readonly resolvedType: ProtobufType | ProtobufEnum | null;
  resolve(): ProtobufField;
}

export interface ProtobufEnum {
  readonly name: string;
  readonly values: Readonly<Record<string, number>>;
}

export interface ProtobufType {
  readonly name: string;
  readonly parent: ProtobufNamespace | null;
  readonly root: ProtobufRoot;
  readonly fieldsArray: readonly ProtobufField[];
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
  fromObject(plain: Plain): object;
  toObject(message: object, options: Plain): Plain;
}

interface ProtobufNamespace {
  readonly name: string;
  readonly parent: ProtobufNamespace | null;
}

export interface ProtobufRoot extends ProtobufNamespace {
  /** Throws an Error for a name that there isn't. */
  lookupType(name: string): ProtobufType;
}

export interface ProtobufMessage {
  readonly $type: ProtobufType;
}

/** A node of the tree of names, by what protobufjs calls its class; functions' own names don't survive bundlers. */
export function isNode(value: unknown, className: 'Root' | 'Namespace' | 'Type'): value is Record<string, unknown> {
  return isObject(value) && (value.constructor as { className?: unknown } | undefined)?.className === className;
}

export function isProtobufRoot(value: unknown): value is Record<string, unknown> & ProtobufRoot {
  return isNode(value, 'Root') && typeof value.lookupType === 'function';
}

/** Whether a value is an instance of a message class. */
export function isProtobufMessage(value: unknown): value is ProtobufMessage {
  return isObject(value) && isNode(value.$type, 'Type');
}

export function isProtobufType(value: ProtobufType | ProtobufEnum | null): value is ProtobufType {
  return isNode(value, 'Type');
}

/** The type's name with its packages, without the leading dot. */
export function fullNameOf(type: ProtobufType): string {
  const names = [type.name];
  for (let space = type.parent; space !== null && space.name !== ''; space = space.parent) names.unshift(space.name);
  return names.join('.');
}
