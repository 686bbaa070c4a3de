import { DefaultPayloadConverterWithProtobufs } from '../../../sdk/common/lib/protobufs.js';
import { root } from './root.js';

export const payloadConverter = new DefaultPayloadConverterWithProtobufs({ protobufRoot: root });
