// Queries of a run: answered at once by code that neither waits nor changes anything.
import type { QueryTask } from '../../schemas/generated/messages.js';
import { arrayFromPayloads, encodeValue } from '../common/converter/payloads.js';
import { checkName, ENHANCED_STACK_TRACE_QUERY, METADATA_QUERY, STACK_TRACE_QUERY } from '../common/reserved-names.js';
import type { QueryAnswer } from './activation.js';
import { converters } from './converters.js';
import { DeterminismViolationError } from './errors.js';
import { inbound } from './interceptors.js';
import type { Handler, SetHandler, WorkflowRun } from './run.js';

/** Queries that every workflow answers. Those of stacks are answered by the host, which can see promises. */
const builtIn: ReadonlyMap<string, { readonly description: string }> = new Map([
  [STACK_TRACE_QUERY, { description: 'Returns where the workflow waits, as stack traces.' }],
  [ENHANCED_STACK_TRACE_QUERY, { description: 'Returns where the workflow waits, with its sources.' }],
  [METADATA_QUERY, { description: 'Returns what the workflow handles, and its current details.' }],
]);

/** A handler, as the metadata query tells of it. */
export interface InteractionDefinition {
  readonly name: string;
  readonly description?: string;
}

/** What the metadata query answers. */
export interface WorkflowMetadata {
  readonly definition: {
    readonly type: string;
    readonly queryDefinitions: readonly InteractionDefinition[];
    readonly signalDefinitions: readonly InteractionDefinition[];
    readonly updateDefinitions: readonly InteractionDefinition[];
  };
  readonly currentDetails: string;
}

/** What of a query's task concerns the code. */
export type Query = Pick<QueryTask, 'queryId' | 'queryType' | 'input' | 'headers'>;

/**
 * Begins to answer a query. The function returned gives the answer, once microtasks have drained: interceptors may be
 * async functions, and handlers may not. Conditions are not looked at, and nothing that it did to the state counts.
 */
export function answerQuery(run: WorkflowRun, query: Query): () => QueryAnswer {
  const outcome = ask(run, query);
  return () => {
    try {
      run.endReading();
      if (outcome.isUnknown) return { kind: 'unknown', failure: failureOf(unknownQuery(run, query.queryType)) };
      const what = `the answer of query '${query.queryType}'`;
      return { kind: 'answered', result: encodeValue(run.converters.payloadConverter, what, outcome.value()) };
    } catch (error) {
      return { kind: 'failed', failure: failureOf(error) };
    }
  };
}

interface Outcome {
  isUnknown: boolean;
  value: () => unknown;
}

function ask(run: WorkflowRun, { queryId, queryType: queryName, input, headers }: Query): Outcome {
  const outcome: Outcome = { isUnknown: false, value: waited };
  const fail = (error: unknown) => {
    outcome.value = () => {
      throw error;
    };
  };
  run.beginReading('query');
  try {
    const handler = handlerOf(run, queryName);
    if (handler === undefined) return { isUnknown: true, value: waited };
    const handle = inbound(run, 'handleQuery', async ({ args }) => answerOf(handler(...args)));
    const args = arrayFromPayloads(run.converters.payloadConverter, input);
    handle({ queryId, queryName, args, headers }).then((value) => {
      outcome.value = () => value;
    }, fail);
  } catch (error) {
    fail(error);
  }
  return outcome;
}

function answerOf(answer: unknown): unknown {
  if (!(answer instanceof Promise)) return answer;
  throw new DeterminismViolationError('Query handlers should not return a Promise');
}

function waited(): never {
  throw new DeterminismViolationError('an interceptor of the query waited for something that a query can not wait for');
}

function handlerOf(run: WorkflowRun, name: string): Handler | undefined {
  if (name === METADATA_QUERY) return () => metadataOf(run);
  const own = run.queryHandlers.get(name)?.handle;
  const { query: defaultHandler } = run.defaultHandlers;
  if (own !== undefined || defaultHandler === undefined) return own;
  checkName('query', name);
  return (...args) => defaultHandler(name, ...args);
}

function unknownQuery(run: WorkflowRun, name: string): ReferenceError {
  const registered = [...builtIn.keys(), ...run.queryHandlers.keys()].join(' ');
  return new ReferenceError(`Workflow did not register a handler for ${name}. Registered queries: [${registered}]`);
}

function metadataOf(run: WorkflowRun): WorkflowMetadata {
  return {
    definition: {
      type: run.info.workflowType,
      queryDefinitions: [...definitionsOf(builtIn), ...definitionsOf(run.queryHandlers)],
      signalDefinitions: definitionsOf(run.signalHandlers),
      updateDefinitions: definitionsOf(run.updateHandlers),
    },
    currentDetails: run.currentDetails,
  };
}

function definitionsOf(
  handlers: ReadonlyMap<string, { readonly description: SetHandler['description'] }>,
): InteractionDefinition[] {
  return [...handlers].map(([name, { description }]) => (description === undefined ? { name } : { name, description }));
}

function failureOf(error: unknown) {
  const { failureConverter, payloadConverter } = converters();
  return failureConverter.errorToFailure(error, payloadConverter);
}
