import { DefaultPayloadConverterWithProtobufs } from 'millrace/common/lib/protobufs';
import { root } from './root.js';

export const payloadConverter = new DefaultPayloadConverterWithProtobufs({ protobufRoot: root });
