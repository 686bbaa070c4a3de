import { PREFIX_BYTES } from '../../../services/platform/codec/reading.js';

/**
 * The run that a task's record is of, without decoding all of it: the schemas of tasks begin with the workflow's id and
 * the run's, and keep their order for ever. Undefined for bytes that don't begin so, which nobody will decode either.
 */
export function runIdOf(taskBytes: Uint8Array): string | undefined {
  const workflowId = stringAt(taskBytes, PREFIX_BYTES);
  return workflowId && stringAt(taskBytes, workflowId.end)?.text;
}

/** A string of Avro: its length as a zigzag number of seven bits a byte, the lowest first, then UTF-8. */
function stringAt(bytes: Uint8Array, start: number): { readonly text: string; readonly end: number } | undefined {
  let zigzag = 0;
  let at = start;
  for (let factor = 1; ; factor *= 128) {
    const byte = bytes[at++];
    if (byte === undefined || factor > 2 ** 28) return undefined;
    zigzag += (byte % 128) * factor;
    if (byte < 128) break;
  }
  const end = at + zigzag / 2;
  if (zigzag % 2 === 1 || end > bytes.length) return undefined;
  return { text: Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('utf8'), end };
}
