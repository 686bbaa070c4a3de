// Workflows that start, signal and cancel each other, as command scripts for the golden traces.
import { child, complete, failure, payload, type Scenario } from './scenario.js';

const signalTo = (workflowId: string, more: object = {}) => ({
  signalExternalWorkflowExecution: { workflowId, runId: null, signalName: 'go', ...more },
});
const cancelOf = (workflowId: string, more: object = {}) => ({
  requestCancelExternalWorkflowExecution: { workflowId, runId: null, reason: 'enough', ...more },
});

/** Starts a parent and its child, and tells the parent so. */
function family(s: Scenario, options: Parameters<typeof child>[0] = {}): void {
  s.start();
  s.completeTask([child(options)]);
  s.deliver();
}

export const externalScripts: Record<string, (s: Scenario) => void> = {
  'children: started once, and its result told': (s) => {
    family(s, { input: [payload('"box"')] });
    s.completeTask([]);
    s.completeTask([{ completeWorkflowExecution: { result: payload('"shipped"') } }], {}, 'c');
    s.deliver();
    s.completeTask([complete]);
    s.send('DescribeWorkflow', {}, { workflowId: 'c' });
  },
  'children: each way to end is told': (s) => {
    s.start();
    const [failed, cancelled, terminated] = ['failed', 'cancelled', 'terminated'].map((id) =>
      child({ workflowId: id }),
    );
    const timedOut = child({ workflowId: 'timed-out', workflowRunTimeoutMs: 500 });
    s.completeTask([failed, cancelled, terminated, timedOut].flatMap((command) => command ?? []));
    s.deliver();
    s.completeTask([{ failWorkflowExecution: { failure: failure('lost') } }], {}, 'failed');
    s.completeTask([{ cancelWorkflowExecution: { details: [payload('why')] } }], {}, 'cancelled');
    s.send('TerminateWorkflow', { reason: 'stop' }, { workflowId: 'terminated' });
    s.advance(500);
    s.deliver();
  },
  'children: one that goes on as new, or is tried again, has not ended': (s) => {
    const onceMore = { initialIntervalMs: 100, backoffCoefficient: 1, maximumIntervalMs: 100, maximumAttempts: 2 };
    family(s, { retryPolicy: { ...onceMore, nonRetryableErrorTypes: [] } });
    s.completeTask([]);
    const next = { workflowType: 'ship', taskQueue: 'q', input: [], headers: {} };
    s.completeTask([{ continueAsNewWorkflowExecution: next }], {}, 'c');
    s.completeTask([{ failWorkflowExecution: { failure: failure('jam') } }], {}, 'c');
    s.deliver();
    s.advance(100);
    s.completeTask([complete], {}, 'c');
    s.deliver();
  },
  'parent close policy: counts for a run whose chain goes on, and finds the run that a child has come to': (s) => {
    family(s);
    const next = { workflowType: 'order', taskQueue: 'q', input: [], headers: {} };
    s.completeTask([{ continueAsNewWorkflowExecution: { ...next, workflowType: 'ship' } }], {}, 'c');
    s.completeTask([{ continueAsNewWorkflowExecution: next }]);
    s.deliver();
    s.send('DescribeWorkflow', {}, { workflowId: 'c' });
  },
  'children: an id that is taken is told, by the reuse policy also of a closed run': (s) => {
    s.start({}, { workflowId: 'c', runId: 'other' });
    family(s);
    s.completeTask([]);
    s.completeTask([complete], {}, 'c');
    s.completeAfterSignal([child({ workflowIdReusePolicy: 'REJECT_DUPLICATE' })]);
    s.deliver();
    s.completeTask([child()]);
    s.deliver();
  },
  'children: whatever comes twice changes nothing': (s) => {
    s.start();
    s.completeTask([child()]);
    const twice = () => {
      const [command] = s.onTheirWay.splice(0);
      if (command === undefined) throw new Error('nothing is on its way');
      s.arrive(command);
      const answers = s.onTheirWay.splice(0);
      s.arrive(command);
      s.onTheirWay.splice(0, s.onTheirWay.length, ...answers);
    };
    twice();
    twice();
    s.completeTask([complete], {}, 'c');
    twice();
    s.completeTask([complete]);
  },
  'children: the end says that it had started, should nothing else have': (s) => {
    s.start();
    s.completeTask([child()]);
    const [start] = s.onTheirWay.splice(0);
    if (start !== undefined) s.arrive(start);
    s.onTheirWay.splice(0);
    s.completeTask([complete], {}, 'c');
    s.deliver();
  },
  'children: a start that nobody answers is sent again, and answered though the child has ended': (s) => {
    s.start();
    s.completeTask([child()]);
    const [start] = s.onTheirWay.splice(0);
    if (start !== undefined) s.arrive(start);
    s.completeTask([complete], {}, 'c');
    s.onTheirWay.splice(0);
    s.advance(10_000);
    s.deliver();
    s.advance(60_000);
  },
  'parent close policy: children are ended, asked to cancel or left alone': (s) => {
    s.start();
    s.completeTask([
      child({ workflowId: 'terminate' }),
      child({ workflowId: 'cancel', parentClosePolicy: 'REQUEST_CANCEL' }),
      child({ workflowId: 'abandon', parentClosePolicy: 'ABANDON' }),
      child({ workflowId: 'done' }),
    ]);
    s.deliver();
    s.completeTask([complete], {}, 'done');
    s.deliver();
    s.completeTask([complete]);
    s.deliver();
    s.completeTask([complete], {}, 'abandon');
    s.deliver();
  },
  'parent close policy: also when the parent is terminated or runs out of time': (s) => {
    s.start({ workflowRunTimeoutMs: 1_000 });
    s.completeTask([child()]);
    s.deliver();
    s.advance(1_000);
    s.deliver();
    s.start({}, { runId: 'r2' });
    s.completeTask([child({ workflowId: 'd' })]);
    s.deliver();
    s.send('TerminateWorkflow', { reason: 'stop' });
    s.deliver();
  },
  'parent close policy: spares a workflow of the same id that is no child': (s) => {
    s.start({}, { workflowId: 'c', runId: 'other' });
    s.start();
    s.completeTask([child()]);
    s.send('TerminateWorkflow', { reason: 'stop' });
    s.deliver();
    s.send('DescribeWorkflow', {}, { workflowId: 'c' });
  },
  'signals between workflows: taken once and told': (s) => {
    s.start({}, { workflowId: 'v', runId: 'r2' });
    s.start();
    s.completeTask([signalTo('v', { input: [payload('1')] }), signalTo('v', { runId: 'r2' })]);
    const [first] = s.onTheirWay;
    s.deliver();
    if (first !== undefined) s.arrive(first);
    s.deliver();
    s.completeTask([complete]);
  },
  'signals between workflows: one that comes again when the chain has gone on is known': (s) => {
    s.start({}, { workflowId: 'v', runId: 'r2' });
    s.start();
    s.completeTask([signalTo('v')]);
    const [signal] = s.onTheirWay;
    s.deliver();
    const next = { workflowType: 'order', taskQueue: 'q', input: [], headers: {} };
    s.completeTask([{ continueAsNewWorkflowExecution: next }], {}, 'v');
    if (signal !== undefined) s.arrive(signal);
  },
  'signals between workflows: told when there is none such, and none reaches itself': (s) => {
    s.start();
    s.completeTask([signalTo('nobody'), signalTo('w'), cancelOf('nobody'), cancelOf('w')]);
    s.deliver();
  },
  'signals between workflows: by the handle of a child only a child is reached': (s) => {
    s.start({}, { workflowId: 'v', runId: 'r2' });
    family(s);
    s.completeTask([
      signalTo('c', { childWorkflowOnly: true }),
      signalTo('v', { childWorkflowOnly: true }),
      cancelOf('v', { childWorkflowOnly: true }),
    ]);
    s.deliver();
  },
  'signals between workflows: those that nobody answers are sent again, ever more seldom': (s) => {
    s.start({}, { workflowId: 'v', runId: 'r2' });
    s.start();
    s.completeTask([signalTo('v')]);
    s.onTheirWay.splice(0);
    s.advance(10_000);
    s.onTheirWay.splice(0);
    s.advance(20_000);
    s.deliver();
  },
  'cancellations between workflows: taken, and told also where it was asked to before': (s) => {
    s.start({}, { workflowId: 'v', runId: 'r2' });
    s.start();
    s.completeTask([cancelOf('v'), cancelOf('v')]);
    s.deliver();
    s.completeTask([{ cancelWorkflowExecution: { details: [] } }], {}, 'v');
    s.completeTask([cancelOf('v')]);
    s.deliver();
  },
};
