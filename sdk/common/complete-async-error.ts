import { identifyAcrossRealms } from './cross-realm.js';

/**
 * Thrown by an activity that will be completed from outside: the attempt stays open until `client.activity` completes or
 * fails it, by the task token or the ids of `activityInfo()`, or until a time-out ends it.
 */
export class CompleteAsyncError extends Error {
  constructor() {
    super('The activity is completed from outside');
  }
}
identifyAcrossRealms(CompleteAsyncError, 'CompleteAsyncError');
