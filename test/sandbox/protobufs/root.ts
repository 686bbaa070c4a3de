// A root as `pbjs -t json-module` makes it.
import protobuf from 'protobufjs/light.js';
import { patchProtobufRoot } from '../../../sdk/common/lib/protobufs.js';

const unpatched = protobuf.Root.fromJSON({
  nested: {
    shop: {
      nested: {
        Order: {
          fields: {
            id: { type: 'string', id: 1 },
            amount: { type: 'int64', id: 2 },
            raw: { type: 'bytes', id: 3 },
          },
        },
      },
    },
  },
});

export const root = patchProtobufRoot(unpatched as unknown as Record<string, unknown>);
export const { Order } = root.shop as { Order: protobuf.Type };
