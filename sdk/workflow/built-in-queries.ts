// The queries that every workflow answers. Their names are reserved, so `defineQuery` refuses them.
import { ENHANCED_STACK_TRACE_QUERY, METADATA_QUERY, STACK_TRACE_QUERY } from '../common/reserved-names.js';
import type { QueryDefinition } from '../common/workflow-definition.js';
import type { WorkflowMetadata } from './queries.js';
import type { EnhancedStackTrace } from './stack-trace.js';

/** Where the workflow waits, as text. */
export const stackTraceQuery = builtIn<string>(STACK_TRACE_QUERY);

/** Where the workflow waits, with its sources. */
export const enhancedStackTraceQuery = builtIn<EnhancedStackTrace>(ENHANCED_STACK_TRACE_QUERY);

/** What the workflow handles, and its current details. */
export const workflowMetadataQuery = builtIn<WorkflowMetadata>(METADATA_QUERY);

function builtIn<Ret>(name: string): QueryDefinition<Ret> {
  return { type: 'query', name } as QueryDefinition<Ret>;
}
