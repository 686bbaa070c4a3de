import { ApplicationFailure } from '../common/failure/application-failure.js';
import { checkName } from '../common/reserved-names.js';
import type { ActivityFunction } from '../common/workflow-definition.js';

/** The activities of a worker, by type. */
export interface ActivityRegistry {
  /** The types that are registered; `default` is one of them if it is. */
  readonly types: readonly string[];
  /** The function for a type. Throws a retryable ApplicationFailure of type `NotFoundError`: another worker may have it. */
  find(activityType: string): ActivityFunction;
}

/**
 * Takes the functions among the object's own properties; one named `default` serves every type that has none.
 * Throws a TypeError for a reserved name.
 */
export function registerActivities(activities: object, taskQueue: string): ActivityRegistry {
  const functions = new Map<string, ActivityFunction>();
  for (const [name, activity] of Object.entries(activities)) {
    if (typeof activity === 'function') functions.set(checkName('activity', name), activity as ActivityFunction);
  }
  return {
    types: [...functions.keys()],
    find(activityType) {
      const found = functions.get(activityType) ?? functions.get('default');
      if (found) return found;
      throw ApplicationFailure.retryable(
        `Activity function ${activityType} is not registered on this Worker, available activities: ` +
          `${JSON.stringify([...functions.keys()])} (task queue '${taskQueue}')`,
        'NotFoundError',
      );
    },
  };
}
