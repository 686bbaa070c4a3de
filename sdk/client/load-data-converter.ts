import { createRequire } from 'node:module';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type DataConverter,
  defaultDataConverter,
  type LoadedDataConverter,
} from '../common/converter/data-converter.js';
import { isObject } from '../common/cross-realm.js';
import { ValueError } from '../common/errors.js';
import { claimCheck } from '../common/storage/claim-check.js';

const methods = {
  payloadConverter: ['toPayload', 'fromPayload'],
  failureConverter: ['errorToFailure', 'failureToError'],
} as const;

const load = createRequire(import.meta.url);

/**
 * Loads the modules that a data converter names. CommonJS, or ESM without a top-level await.
 * Throws a ValueError for a module that isn't there, or doesn't export a converter of the name.
 */
export function loadDataConverter(dataConverter: DataConverter | undefined): LoadedDataConverter {
  const { payloadCodecs = [], externalStorage } = dataConverter ?? {};
  return {
    payloadConverter: converterAt('payloadConverter', dataConverter?.payloadConverterPath),
    failureConverter: converterAt('failureConverter', dataConverter?.failureConverterPath),
    payloadCodecs: externalStorage === undefined ? payloadCodecs : [...payloadCodecs, claimCheck(externalStorage)],
    maxValueBytes: externalStorage === undefined ? defaultDataConverter.maxValueBytes : Number.POSITIVE_INFINITY,
  };
}

function converterAt<K extends keyof typeof methods>(name: K, path: string | undefined): LoadedDataConverter[K] {
  if (path === undefined) return defaultDataConverter[name];
  const module = moduleAt(name, path);
  if (!isObject(module) || module[name] === undefined) {
    throw new ValueError(`Module ${path} does not have a \`${name}\` named export`);
  }
  const converter = module[name];
  const [to, from] = methods[name];
  if (!isObject(converter) || typeof converter[to] !== 'function' || typeof converter[from] !== 'function') {
    throw new ValueError(`${name} export at ${path} must be an object with ${to} and ${from} methods`);
  }
  return converter as unknown as LoadedDataConverter[K];
}

function moduleAt(name: string, path: string): unknown {
  const file = path.startsWith('file:') ? fileURLToPath(path) : path;
  const found = !isAbsolute(file) && file.startsWith('.') ? resolve(file) : file;
  try {
    return load(found);
  } catch (error) {
    // The module itself, not one that it imports.
    const isMissing =
      isObject(error) && error.code === 'MODULE_NOT_FOUND' && String(error.message).includes(`'${found}'`);
    if (!isMissing) throw error;
    throw new ValueError(`Could not find a file at the specified ${name}Path: '${path}'.`, error);
  }
}
