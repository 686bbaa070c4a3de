import { DeterminismViolationError } from '../errors.js';

/** A class that can't be made: when garbage is collected differs between a run and its replay. */
function forbidden(name: string): new () => never {
  const clazz = class {
    constructor() {
      throw new DeterminismViolationError(`${name} cannot be used in workflows because v8 GC is non-deterministic`);
    }
  };
  Object.defineProperty(clazz, 'name', { value: name });
  return clazz as new () => never;
}

export const weakRef = forbidden('WeakRef');
export const finalizationRegistry = forbidden('FinalizationRegistry');
