// From positions in the bundle to positions in the user's sources.
import { SourceMap, type SourceMapPayload } from 'node:module';
import type { Failure } from '../../../schemas/generated/messages.js';
import type { NondeterminismError } from './nondeterminism.js';

export const BUNDLE_FILE = 'millrace-workflow-bundle.js';
export const RUNTIME_FILE = 'millrace-workflow-runtime.js';

const MAP_COMMENT = '\n//# sourceMappingURL=data:application/json;base64,';
const POSITION = new RegExp(`${BUNDLE_FILE.replace('.', '\\.')}:(\\d+):(\\d+)`);

export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The text of the line. */
  readonly text: string | undefined;
}

/** Reads the bundle's map at the first stack that asks for it: most workers never fail. */
export class SourcePositions {
  readonly #code: string;
  #map: SourceMap | undefined;

  constructor(code: string) {
    this.#code = code;
  }

  /** The stack with its positions in the sources, and without the frames of the SDK and of the sandbox. */
  translate(stack: string): string {
    if (!stack.includes(BUNDLE_FILE) && !stack.includes(RUNTIME_FILE)) return stack;
    const lines: string[] = [];
    for (const line of stack.split('\n')) {
      const isFrame = line.startsWith('    at ');
      if (!isFrame) lines.push(line);
      else if (POSITION.test(line)) lines.push(this.#translateFrame(line));
    }
    return lines.join('\n');
  }

  translateFailure(failure: Failure): Failure {
    const cause = failure.cause === null ? null : this.translateFailure(failure.cause);
    return { ...failure, stackTrace: this.translate(failure.stackTrace), cause };
  }

  /** The error's message, with the line of the code that gave the command. */
  describe(error: NondeterminismError): string {
    const position = error.origin === undefined ? undefined : this.#firstPosition(error.origin.stack ?? '');
    if (position === undefined) return error.message;
    const { file, line, column, text } = position;
    return `${error.message}\n  given at ${file}:${line}:${column}${text === undefined ? '' : `\n    ${text.trim()}`}`;
  }

  #firstPosition(stack: string): SourcePosition | undefined {
    for (const frame of stack.split('\n')) {
      const position = this.positionOf(frame);
      if (position !== undefined && !position.file.includes('node_modules/')) return position;
    }
    return undefined;
  }

  #translateFrame(frame: string): string {
    const position = this.positionOf(frame);
    if (position === undefined) return frame;
    return frame.replace(POSITION, `${position.file}:${position.line}:${position.column}`);
  }

  /** The place in the sources that a frame names, unless it is none of the bundle's. */
  positionOf(frame: string): SourcePosition | undefined {
    const [, line, column] = POSITION.exec(frame) ?? [];
    if (line === undefined || column === undefined) return undefined;
    const entry = this.#sourceMap()?.findEntry(Number(line) - 1, Number(column) - 1);
    if (entry === undefined || !('originalSource' in entry)) return undefined;
    const { originalSource: file, originalLine, originalColumn } = entry;
    return { file, line: originalLine + 1, column: originalColumn + 1, text: this.#lineOf(file, originalLine) };
  }

  /** A source's text. */
  contentOf(file: string): string | undefined {
    const payload = this.#sourceMap()?.payload;
    const index = payload?.sources.indexOf(file) ?? -1;
    return payload?.sourcesContent?.[index];
  }

  #lineOf(file: string, line: number): string | undefined {
    return this.contentOf(file)?.split('\n')[line];
  }

  #sourceMap(): SourceMap | undefined {
    if (this.#map !== undefined) return this.#map;
    const start = this.#code.lastIndexOf(MAP_COMMENT);
    if (start < 0) return undefined;
    const base64 = this.#code.slice(start + MAP_COMMENT.length).trimEnd();
    const payload = JSON.parse(Buffer.from(base64, 'base64').toString('utf8')) as SourceMapPayload;
    this.#map = new SourceMap(payload);
    return this.#map;
  }
}
