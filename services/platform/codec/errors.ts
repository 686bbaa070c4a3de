/** What can go wrong with messages and the registry, and whether the same call may succeed later. */
export const codecErrors = {
  /** The registry can't be reached. */
  REGISTRY_UNAVAILABLE: { retryable: true },
  /** The registry refuses access. */
  REGISTRY_REFUSED: { retryable: false },
  /** The registry refuses a schema of this build. */
  SCHEMA_INCOMPATIBLE: { retryable: false },
  /** Bytes that no Millrace writer made, or that were cut or altered since. */
  NOT_A_MESSAGE: { retryable: false },
  /** A schema id not learned yet: `decodeLearning` asks the registry for it. */
  UNKNOWN_SCHEMA: { retryable: false },
  /** A Millrace message of a type that this build doesn't have. `skippable` says whether its writer lets readers skip it. */
  UNKNOWN_TYPE: { retryable: false },
  /** A value that doesn't fit its schema. */
  MESSAGE_INVALID: { retryable: false },
} as const satisfies Record<string, { readonly retryable: boolean }>;

export type CodecErrorCode = keyof typeof codecErrors;

/** What an error of the codec is about; which facts are set depends on the code. */
export interface CodecErrorFacts {
  /** Registry subject, which is the message's full name. */
  readonly subject?: string;
  readonly schemaId?: number;
  /** MESSAGE_INVALID: path of the value that doesn't fit, e.g. `input.0.data`. */
  readonly path?: string;
  /** UNKNOWN_TYPE: whether the message's header says that readers may skip it. */
  readonly skippable?: boolean;
}

/** An error of the codec; `message` says what to do next. */
export class CodecError extends Error {
  readonly code: CodecErrorCode;
  readonly retryable: boolean;
  readonly facts: CodecErrorFacts;

  constructor(code: CodecErrorCode, message: string, facts: CodecErrorFacts = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CodecError';
    this.code = code;
    this.retryable = codecErrors[code].retryable;
    this.facts = facts;
  }
}
