import type { Payload } from '../../schemas/generated/messages.js';
import { encodeValue } from '../common/converter/payloads.js';
import type { WorkflowRun } from './run.js';

/** A line for people, as a command carries it. */
export function summaryOf({ converters }: WorkflowRun, summary: string | undefined): Payload | null {
  return summary === undefined ? null : encodeValue(converters.payloadConverter, 'a summary', summary);
}
