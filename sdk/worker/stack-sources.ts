// Positions of compiled code, in the stacks of activities' errors, become those of the sources that it was made of.
import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MAX_SOURCE_MAPS } from '../../services/platform/limits.js';

/** A frame's file, line and column, as V8 writes them at its end. */
const POSITION = /((?:file:\/\/)?\/[^():]+|[A-Za-z]:\\[^():]+):(\d+):(\d+)(?=\)?$)/;
const MAP_COMMENT = /\n\/\/[#@] sourceMappingURL=(\S+)\s*$/;
const INLINE = /^data:application\/json[^,]*;base64,/;

/** By file, the latest last; undefined for one that has no map. */
const maps = new Map<string, SourceMap | undefined>();

/** Rewrites the stack of an error, and of its causes. Where Node does so itself there is nothing left to do. */
export function mapStacks(error: unknown): void {
  const seen = new Set<Error>();
  for (let current = error; current instanceof Error && !seen.has(current); current = current.cause) {
    seen.add(current);
    const { stack } = current;
    if (typeof stack !== 'string') continue;
    const mapped = mappedStack(stack);
    if (mapped !== stack) Reflect.set(current, 'stack', mapped);
  }
}

export function mappedStack(stack: string): string {
  return stack
    .split('\n')
    .map((line) => (line.startsWith('    at ') ? mappedFrame(line) : line))
    .join('\n');
}

function mappedFrame(frame: string): string {
  const [position, file, line, column] = POSITION.exec(frame) ?? [];
  if (position === undefined || file === undefined || file.includes('node_modules')) return frame;
  const path = file.startsWith('file:') ? fileURLToPath(file) : file;
  const entry = mapOf(path)?.findEntry(Number(line) - 1, Number(column) - 1);
  if (entry === undefined || !('originalSource' in entry)) return frame;
  const { originalSource, originalLine, originalColumn } = entry;
  return frame.replace(position, `${sourceOf(originalSource, path)}:${originalLine + 1}:${originalColumn + 1}`);
}

function sourceOf(source: string, path: string): string {
  const file = source.startsWith('file:') ? fileURLToPath(source) : source;
  return isAbsolute(file) ? file : resolve(dirname(path), file);
}

/** Read at the first error with a frame in the file: most activities never fail. */
function mapOf(path: string): SourceMap | undefined {
  if (!maps.has(path)) {
    maps.set(path, readMap(path));
    const [oldest] = maps.keys();
    if (maps.size > MAX_SOURCE_MAPS && oldest !== undefined) maps.delete(oldest);
  }
  return maps.get(path);
}

function readMap(path: string): SourceMap | undefined {
  try {
    const url = MAP_COMMENT.exec(readFileSync(path, 'utf8'))?.[1];
    if (url === undefined) return undefined;
    const json = INLINE.test(url)
      ? Buffer.from(url.replace(INLINE, ''), 'base64').toString('utf8')
      : readFileSync(resolve(dirname(path), decodeURIComponent(url)), 'utf8');
    return new SourceMap(JSON.parse(json) as SourceMapPayload);
  } catch {
    // A stack in terms of compiled code is better than none.
    return undefined;
  }
}
