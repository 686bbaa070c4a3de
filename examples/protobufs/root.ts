// The messages, as `pbjs -t json-module` makes them of a .proto file.
import { patchProtobufRoot } from 'millrace/common/lib/protobufs';
import protobuf from 'protobufjs/light.js';

const messages = protobuf.Root.fromJSON({
  nested: {
    shop: {
      nested: {
        Order: {
          fields: { item: { type: 'string', id: 1 }, amount: { type: 'int32', id: 2 } },
        },
      },
    },
  },
});

export const root = patchProtobufRoot(messages as unknown as Record<string, unknown>);
export const { Order } = root.shop as { Order: protobuf.Type };

/** An order, as its message's fields are in the code. */
export interface Order {
  readonly item: string;
  readonly amount: number;
}
