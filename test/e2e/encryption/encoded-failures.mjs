// Puts messages and stacks of failures into a payload, which codecs then encrypt.
import { DefaultFailureConverter } from 'millrace/common';

export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
