// The public index of millrace/common/lib/protobufs, apart from millrace/common so that workflow bundles without
// protobufs don't carry it.
export { patchProtobufRoot } from '../protobuf/patch-root.js';
export {
  DefaultPayloadConverterWithProtobufs,
  type DefaultPayloadConverterWithProtobufsOptions,
  ProtobufBinaryPayloadConverter,
  ProtobufJsonPayloadConverter,
} from '../protobuf/payload-converters.js';
