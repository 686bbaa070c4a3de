import { identifyAcrossRealms } from '../cross-realm.js';

/** A payload is kept in external storage, and this data converter has none. */
export class ExternalStorageNotConfiguredError extends Error {
  constructor(
    message = 'a payload is kept in external storage, which is not configured: ' +
      'set dataConverter.externalStorage as where the payload was written',
  ) {
    super(`[TMPRL1105] ${message}`);
  }
}
identifyAcrossRealms(ExternalStorageNotConfiguredError, 'ExternalStorageNotConfiguredError');

/** A payload names a driver that is not among those of the external storage. */
export class ExternalStorageDriverNotFoundError extends Error {
  readonly driverName: string;

  constructor(driverName: string, known: readonly string[]) {
    super(
      `[TMPRL1106] there is no storage driver '${driverName}' among dataConverter.externalStorage's (${known.join(', ')})`,
    );
    this.driverName = driverName;
  }
}
identifyAcrossRealms(ExternalStorageDriverNotFoundError, 'ExternalStorageDriverNotFoundError');

/** A driver failed; the cause says how. */
export class ExternalStorageDriverOperationFailedError extends Error {
  readonly driverName: string;
  readonly operation: 'store' | 'retrieve';

  constructor(driverName: string, operation: 'store' | 'retrieve', cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`[TMPRL1107] storage driver '${driverName}' failed to ${operation}: ${reason}`, { cause });
    this.driverName = driverName;
    this.operation = operation;
  }
}
identifyAcrossRealms(ExternalStorageDriverOperationFailedError, 'ExternalStorageDriverOperationFailedError');
