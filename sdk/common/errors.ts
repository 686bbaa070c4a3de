import { identifyAcrossRealms, isError } from './cross-realm.js';

/** Thrown for a value that can't be used as given: an option out of its range, an argument that can't be encoded. */
export class ValueError extends Error {
  constructor(message: string | undefined, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
  }
}
identifyAcrossRealms(ValueError, 'ValueError');

/** Thrown when a value can't be encoded as a payload, or a payload not be decoded. */
export class PayloadConverterError extends ValueError {}
identifyAcrossRealms(PayloadConverterError, 'PayloadConverterError');

/** Thrown before anything is sent when a value's encoding is over the limit. */
export class PayloadTooLargeError extends ValueError {
  readonly sizeBytes: number;
  readonly limitBytes: number;

  constructor(what: string, sizeBytes: number, limitBytes: number) {
    super(
      `${what} takes ${sizeBytes} bytes, more than the ${limitBytes} that are allowed: ` +
        'pass a reference to data kept elsewhere, or split it',
    );
    this.sizeBytes = sizeBytes;
    this.limitBytes = limitBytes;
  }
}
identifyAcrossRealms(PayloadTooLargeError, 'PayloadTooLargeError');

/** Thrown when a call is made at a time when it can't be served. */
export class IllegalStateError extends Error {}
identifyAcrossRealms(IllegalStateError, 'IllegalStateError');

/** Thrown when there is no such workflow, or when it's closed and the call needs an open one. */
export class WorkflowNotFoundError extends Error {
  readonly workflowId: string;
  readonly runId: string | undefined;

  constructor(message: string, workflowId: string, runId: string | undefined) {
    super(message);
    this.workflowId = workflowId;
    this.runId = runId;
  }
}
identifyAcrossRealms(WorkflowNotFoundError, 'WorkflowNotFoundError');

/** Thrown when the namespace is not set up. */
export class NamespaceNotFoundError extends Error {
  readonly namespace: string;

  constructor(namespace: string, options?: ErrorOptions) {
    super(`namespace '${namespace}' is not set up: start a history service for it`, options);
    this.namespace = namespace;
  }
}
identifyAcrossRealms(NamespaceNotFoundError, 'NamespaceNotFoundError');

/** The message of whatever was thrown: an error's own, a string as it is, undefined for anything else. */
export function errorMessage(error: unknown): string | undefined {
  if (isError(error)) return error.message;
  return typeof error === 'string' ? error : undefined;
}
