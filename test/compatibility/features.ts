// The features of Temporal's TypeScript SDK that a program may stand on. A builder who makes one work deletes its
// reason and names its id in the title of the test that shows it; `npm run generate` then writes the page anew.
import type { Feature } from './feature.js';
import { activityFeatures } from './features/activity.js';
import { clientFeatures } from './features/client.js';
import { commonFeatures } from './features/common.js';
import { determinismFeatures } from './features/determinism.js';
import { othersFeatures } from './features/others.js';
import { testingFeatures } from './features/testing.js';
import { workerFeatures } from './features/worker.js';
import { workflowFeatures } from './features/workflow.js';
import { workflowHandlersFeatures } from './features/workflow-handlers.js';
import { workflowOptionsFeatures } from './features/workflow-options.js';

/** The sections of the page, in its order. */
export const sections: Readonly<Record<string, string>> = {
  '1.1': 'Workflow code (`@temporalio/workflow`)',
  '1.2': 'Activity options and retry policies',
  '1.3': 'Client (`@temporalio/client`)',
  '1.4': 'Activities (`@temporalio/activity`)',
  '1.5': 'Worker (`@temporalio/worker`)',
  '1.6': 'Converters, failures and shared types (`@temporalio/common`)',
  '1.7': 'Testing (`@temporalio/testing`)',
  '1.8': 'Configuration, migration and other packages',
  '3.1': 'The sandbox',
  '3.2': 'The order of an activation',
  '3.3': 'Code that does not match its history',
};

export const features: readonly Feature[] = [
  ...workflowFeatures,
  ...workflowHandlersFeatures,
  ...workflowOptionsFeatures,
  ...clientFeatures,
  ...activityFeatures,
  ...workerFeatures,
  ...commonFeatures,
  ...testingFeatures,
  ...othersFeatures,
  ...determinismFeatures,
];
