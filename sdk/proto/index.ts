// The public index of millrace/proto. Records here are Avro; what is left of Temporal's protocol is the message that
// codecs turn payloads into bytes with, in its place `temporal.api.common.v1.Payload`. The modules under it are there
// for that path, which stands for types as well as values.
export * as temporal from './temporal.js';
