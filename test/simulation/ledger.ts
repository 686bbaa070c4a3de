// What clients have asked for and what they were told. It outlives them, as a client's own database would.
import type { Errand, Status } from './errands.js';

/** A change that was asked for. */
export interface Request {
  readonly workflowId: string;
  readonly kind: 'start' | 'signal' | 'update' | 'finish' | 'cancel' | 'terminate' | 'complete';
  /** The number that a signal or an update carried. */
  readonly number: number | undefined;
  /** Unknown as long as nothing was heard: its asker may have died meanwhile. */
  outcome: 'unknown' | 'accepted' | 'refused';
  /** What an update that was accepted came to, as its client was told; undefined for a failure. */
  answer: unknown;
  /** The run that a start was told of. */
  runId: string | undefined;
}

/** An errand and how far it is. */
export interface ErrandProgress {
  readonly errand: Errand;
  isStarted: boolean;
  nextDeed: number;
  /** How the workflow ended, as its client was told. */
  ending: { readonly status: Status; readonly result: unknown } | undefined;
}

export class Ledger {
  readonly progress: ErrandProgress[];
  readonly requests: Request[] = [];
  /** The task tokens that activities have left for whoever completes them, by workflow id: that of the latest attempt. */
  readonly tokens = new Map<string, Uint8Array>();

  constructor(errands: readonly Errand[]) {
    this.progress = errands.map((errand) => ({ errand, isStarted: false, nextDeed: 0, ending: undefined }));
  }

  get isDone(): boolean {
    return this.progress.every(({ ending }) => ending !== undefined);
  }

  ask(workflowId: string, kind: Request['kind'], number?: number): Request {
    const request: Request = { workflowId, kind, number, outcome: 'unknown', answer: undefined, runId: undefined };
    this.requests.push(request);
    return request;
  }

  /** The requests of a kind about a workflow that were accepted, in the order in which they were made. */
  accepted(workflowId: string, kind: Request['kind']): Request[] {
    return this.#about(workflowId, kind).filter(({ outcome }) => outcome === 'accepted');
  }

  /** Whether the request may have been taken although nobody was told so. */
  isInDoubt(workflowId: string, kind: Request['kind']): boolean {
    return this.#about(workflowId, kind).some(({ outcome }) => outcome === 'unknown');
  }

  #about(workflowId: string, kind: Request['kind']): Request[] {
    return this.requests.filter((request) => request.workflowId === workflowId && request.kind === kind);
  }
}

/** The id under which the update of a number is asked for, however often. */
export function updateIdOf(number: number): string {
  return `update-${number}`;
}
