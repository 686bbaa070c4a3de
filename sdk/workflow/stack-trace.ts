// The shape in which a run says where it waits.

/** Part of a source. */
export interface FileSlice {
  /** Lines of the file before it. */
  readonly lineOffset: number;
  readonly content: string;
}

export interface FileLocation {
  readonly filePath?: string;
  readonly functionName?: string;
  readonly line?: number;
  readonly column?: number;
  /** Whether the SDK's own code is there, and not the program's. */
  readonly internalCode: boolean;
}

/** What the query `__enhanced_stack_trace` answers, as Temporal's SDK does. */
export interface EnhancedStackTrace {
  readonly sdk: { readonly name: string; readonly version: string };
  readonly sources: Readonly<Record<string, readonly FileSlice[]>>;
  readonly stacks: ReadonlyArray<{ readonly locations: readonly FileLocation[] }>;
}
