// Where a run waits, as stack traces. Nothing is noted for it while a run goes about its work: whoever asks has the
// history replayed with every promise of the code watched.
import { promiseHooks } from 'node:v8';
import { defaultPayloadConverter } from '../../common/converter/payload-converter.js';
import { ENHANCED_STACK_TRACE_QUERY, STACK_TRACE_QUERY } from '../../common/reserved-names.js';
import type { QueryAnswer } from '../../workflow/activation.js';
import type { EnhancedStackTrace, FileLocation, FileSlice } from '../../workflow/stack-trace.js';
import { BUNDLE_FILE, RUNTIME_FILE, type SourcePosition, type SourcePositions } from './source-positions.js';

/** Frames kept of each stack. */
const STACK_FRAMES = 50;

export function asksForStacks(queryType: string): boolean {
  return queryType === STACK_TRACE_QUERY || queryType === ENHANCED_STACK_TRACE_QUERY;
}

/**
 * Does the work, and returns the stacks of the promises made in it that are still pending: those that the code awaits.
 * `isInside` tells the run that is watched from others, which go on in between.
 */
export async function watchWaits(isInside: () => boolean, work: () => Promise<unknown>): Promise<string[]> {
  const pending = new Map<object, Error>();
  const framesBefore = Error.stackTraceLimit;
  Error.stackTraceLimit = STACK_FRAMES;
  const stop = promiseHooks.createHook({
    init(promise) {
      if (isInside()) pending.set(promise, new Error());
    },
    settled: (promise) => void pending.delete(promise),
  });
  try {
    await work();
  } finally {
    stop();
    Error.stackTraceLimit = framesBefore;
  }
  const stacks = [...pending.values()].map(({ stack = '' }) => stack).filter(isWait);
  return [...new Set(stacks)];
}

/** The answer of a query that asks for stacks. */
export function stacksAnswer(queryType: string, stacks: readonly string[], positions: SourcePositions): QueryAnswer {
  const answer =
    queryType === STACK_TRACE_QUERY
      ? stacks.map((stack) => framesOf(positions.translate(stack)).join('\n')).join('\n\n')
      : enhanced(stacks, positions);
  return { kind: 'answered', result: defaultPayloadConverter.toPayload(answer) };
}

/**
 * Whether a promise was made with `new Promise` by the code, or by the SDK for it. All others (of async functions, of
 * `then` and `all`) follow from those. A scope's own waits for nothing but its end.
 */
function isWait(stack: string): boolean {
  const made = stack.split('\n').findIndex((frame) => frame.includes('at new Promise '));
  const frames = stack.split('\n').slice(made);
  return made >= 0 && stack.includes(BUNDLE_FILE) && !/at new \w*CancellationScope /.test(frames[1] ?? '');
}

function framesOf(stack: string): string[] {
  return stack.split('\n').filter((line) => line.startsWith('    at '));
}

function enhanced(stacks: readonly string[], positions: SourcePositions): EnhancedStackTrace {
  const sources: Record<string, FileSlice[]> = {};
  const locationsOf = (stack: string) =>
    framesOf(stack).flatMap((frame): FileLocation[] => {
      if (!frame.includes(BUNDLE_FILE) && !frame.includes(RUNTIME_FILE)) return [];
      const position = positions.positionOf(frame);
      const content = position && positions.contentOf(position.file);
      if (position !== undefined && content !== undefined) sources[position.file] = [{ lineOffset: 0, content }];
      return [locationOf(frame, position)];
    });
  const locations = stacks.map((stack) => ({ locations: locationsOf(stack) }));
  return { sdk: { name: 'millrace', version: '' }, sources, stacks: locations };
}

function locationOf(frame: string, position: SourcePosition | undefined): FileLocation {
  const [, functionName] = /at (?:async )?(\S.*) \(/.exec(frame) ?? [];
  const name = functionName === undefined ? {} : { functionName };
  if (position === undefined) return { ...name, internalCode: true };
  const { file: filePath, line, column } = position;
  return { ...name, filePath, line, column, internalCode: filePath.includes('node_modules/') };
}
