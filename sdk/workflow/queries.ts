// Queries of a run: answered at once by code that neither waits nor changes anything.
import type { Payload } from '../../schemas/generated/messages.js';
import { arrayFromPayloads, encodeValue } from '../common/converter/payloads.js';
import type { QueryAnswer } from './activation.js';
import { converters } from './converters.js';
import { DeterminismViolationError } from './errors.js';
import { checkName, ENHANCED_STACK_TRACE_QUERY, METADATA_QUERY, STACK_TRACE_QUERY } from './reserved-names.js';
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

/** Answers a query. Conditions are not looked at after it, and nothing that it did to the state counts. */
export function answerQuery(run: WorkflowRun, name: string, input: readonly Payload[]): QueryAnswer {
  const { payloadConverter } = run.converters;
  try {
    const handler = handlerOf(run, name);
    if (handler === undefined) return { kind: 'unknown', failure: failureOf(unknownQuery(run, name)) };
    const answer = run.readOnly('query', () => handler(...arrayFromPayloads(payloadConverter, input)));
    if (answer instanceof Promise) {
      throw new DeterminismViolationError(`Query handlers should not return a Promise: '${name}' did`);
    }
    return { kind: 'answered', result: encodeValue(payloadConverter, `the answer of query '${name}'`, answer) };
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) };
  }
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
