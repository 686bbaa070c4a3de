import type { Payload } from '../converter/payload.js';
import type { SerializationContext } from '../converter/serialization-context.js';
import { ValueError } from '../errors.js';

/** What a driver gave out for a payload it stored, and finds it by. It travels in the payload's place. */
export class StorageDriverClaim {
  readonly claimData: Record<string, string>;

  constructor(claimData: Record<string, string>) {
    this.claimData = claimData;
  }
}

export interface StorageDriverStoreContext {
  /** Aborted when another driver of the same call failed. */
  readonly abortSignal?: AbortSignal;
  /** The workflow or activity whose payloads they are. */
  readonly target?: SerializationContext;
}

export interface StorageDriverRetrieveContext {
  readonly abortSignal?: AbortSignal;
}

/** Keeps payloads outside of Kafka. It must keep them for as long as the histories that refer to them are kept. */
export interface StorageDriver {
  /** Written with each claim: payloads are retrieved by the driver of the same name. */
  readonly name: string;
  /** What kind of storage it is. */
  readonly type: string;
  /** Gives a claim for each payload, in order. May be asked twice for one payload. */
  store(context: StorageDriverStoreContext, payloads: Payload[]): Promise<StorageDriverClaim[]>;
  /** Gives the payload of each claim, in order. */
  retrieve(context: StorageDriverRetrieveContext, claims: StorageDriverClaim[]): Promise<Payload[]>;
}

/** Which driver stores a payload; null leaves it where it is. */
export type StorageDriverSelector = (context: StorageDriverStoreContext, payload: Payload) => StorageDriver | null;

export interface ExternalStorageOptions {
  readonly drivers: readonly StorageDriver[];
  /** Needed when there is more than one driver. Default: the one. */
  readonly driverSelector?: StorageDriverSelector | undefined;
  /** Payloads of at least so many bytes are stored; 0 means all. Default: 256 KiB. */
  readonly payloadSizeThreshold?: number | undefined;
}

/** Below this a payload travels as it is: a claim saves little, and costs a round trip. */
export const DEFAULT_PAYLOAD_SIZE_THRESHOLD = 256 * 1024;

/** Where large payloads are kept, so that records on Kafka stay small. */
export class ExternalStorage {
  readonly drivers: readonly StorageDriver[];
  readonly driverSelector: StorageDriverSelector;
  readonly payloadSizeThreshold: number;
  readonly driversByName: ReadonlyMap<string, StorageDriver>;

  /** Throws a ValueError for drivers that are missing or not told apart, and for a threshold that is none. */
  constructor({
    drivers,
    driverSelector,
    payloadSizeThreshold = DEFAULT_PAYLOAD_SIZE_THRESHOLD,
  }: ExternalStorageOptions) {
    const [only] = drivers;
    if (only === undefined) throw new ValueError('ExternalStorage requires at least one driver');
    if (!Number.isFinite(payloadSizeThreshold) || payloadSizeThreshold < 0) {
      throw new ValueError(`ExternalStorage.payloadSizeThreshold must be a number from 0, not ${payloadSizeThreshold}`);
    }
    const driversByName = new Map<string, StorageDriver>();
    for (const driver of drivers) {
      if (driver.name === '') throw new ValueError("Storage driver 'name' must be a non-empty string");
      if (driversByName.has(driver.name)) throw new ValueError(`Duplicate storage driver name: '${driver.name}'`);
      driversByName.set(driver.name, driver);
    }
    if (drivers.length > 1 && driverSelector === undefined) {
      throw new ValueError('ExternalStorage.driverSelector is required when more than one driver is registered');
    }
    this.drivers = [...drivers];
    this.driverSelector = driverSelector ?? (() => only);
    this.payloadSizeThreshold = payloadSizeThreshold;
    this.driversByName = driversByName;
  }
}
