import type { Feature } from '../feature.js';

export const workflowHandlersFeatures: readonly Feature[] = [
  {
    id: 'workflow.signals',
    section: '1.1',
    feature: 'defineSignal and setHandler: a signal calls its handler',
  },
  {
    id: 'workflow.signal-buffering',
    section: '1.1',
    feature: 'signals that come before their handler are given to it, in order, inside setHandler',
  },
  {
    id: 'workflow.signal-async-handlers',
    section: '1.1',
    feature: 'signal handlers may be async and run side by side',
  },
  {
    id: 'workflow.queries',
    section: '1.1',
    feature: 'defineQuery and setHandler: a query reads the state of a run',
  },
  {
    id: 'workflow.query-isolation',
    section: '1.1',
    feature: 'a query handler can neither wait nor give commands',
  },
  {
    id: 'workflow.updates',
    section: '1.1',
    feature: 'defineUpdate and setHandler: an update is accepted and completed',
  },
  {
    id: 'workflow.update-validator',
    section: '1.1',
    feature: 'a validator that throws rejects the update and leaves no event',
  },
  {
    id: 'workflow.update-failure',
    section: '1.1',
    feature: 'a TemporalFailure in an update handler fails the update, any other error the workflow task',
  },
  {
    id: 'workflow.update-buffering',
    section: '1.1',
    feature: 'updates that come before their handler wait for it within the task, then are rejected',
  },
  {
    id: 'workflow.unset-handler',
    section: '1.1',
    feature: 'setHandler(def, undefined) removes a handler',
  },
  {
    id: 'workflow.default-signal-handler',
    section: '1.1',
    feature: 'setDefaultSignalHandler',
  },
  {
    id: 'workflow.default-query-handler',
    section: '1.1',
    feature: 'setDefaultQueryHandler',
  },
  {
    id: 'workflow.default-update-handler',
    section: '1.1',
    feature: 'setDefaultUpdateHandler',
  },
  {
    id: 'workflow.all-handlers-finished',
    section: '1.1',
    feature: 'allHandlersFinished()',
  },
  {
    id: 'workflow.unfinished-handlers-warning',
    section: '1.1',
    feature: 'a workflow that closes with unfinished handlers warns, by their unfinishedPolicy',
  },
  {
    id: 'workflow.current-update-info',
    section: '1.1',
    feature: 'currentUpdateInfo() inside an update handler',
  },
];
