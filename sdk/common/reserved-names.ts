// Names that are the SDK's own.

export const STACK_TRACE_QUERY = '__stack_trace';
export const ENHANCED_STACK_TRACE_QUERY = '__enhanced_stack_trace';
export const METADATA_QUERY = '__temporal_workflow_metadata';

const RESERVED_PREFIX = '__temporal_';

type NamedThing = 'signal' | 'query' | 'update' | 'activity' | 'task queue' | 'sink';

/** Throws a TypeError, in Temporal's words, for a name that a program may not use. */
export function checkName<Name extends string>(what: NamedThing, name: Name): Name {
  if (name.startsWith(RESERVED_PREFIX)) {
    throw new TypeError(`Cannot use ${what} name: '${name}', with reserved prefix: '${RESERVED_PREFIX}'`);
  }
  if (name === STACK_TRACE_QUERY || name === ENHANCED_STACK_TRACE_QUERY) {
    throw new TypeError(`Cannot use ${what} name: '${name}', which is a reserved name`);
  }
  return name;
}
