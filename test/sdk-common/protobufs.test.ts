import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { decode, defaultPayloadConverter, encode, type PayloadConverterWithEncoding } from '../../sdk/common/index.js';
import {
  DefaultPayloadConverterWithProtobufs,
  ProtobufBinaryPayloadConverter,
  ProtobufJsonPayloadConverter,
  patchProtobufRoot,
} from '../../sdk/common/lib/protobufs.js';

const source = `
  syntax = "proto3";
  package shop.orders;
  import "google/protobuf/any.proto";
  import "google/protobuf/duration.proto";
  import "google/protobuf/field_mask.proto";
  import "google/protobuf/struct.proto";
  import "google/protobuf/timestamp.proto";
  import "google/protobuf/wrappers.proto";
  enum Colour { UNKNOWN = 0; RED = 1; }
  message Item { string item_name = 1; int64 amount = 2; }
  message Order {
    string id = 1;
    repeated Item items = 2;
    map<string, int32> stock = 3;
    Colour colour = 4;
    bytes raw = 5;
    double price = 6;
    google.protobuf.Timestamp placed_at = 7;
    google.protobuf.Duration wait = 8;
    google.protobuf.Struct extra = 9;
    google.protobuf.Any gift = 10;
    google.protobuf.Int64Value weight = 11;
    google.protobuf.FieldMask mask = 12;
    optional bool paid = 13;
    google.protobuf.BoolValue fragile = 14;
  }`;

function newRoot(): protobuf.Root {
  const root = new protobuf.Root();
  protobuf.parse(source, root);
  for (const name of ['any', 'duration', 'field_mask', 'struct', 'timestamp', 'wrappers']) {
    root.addJSON(protobuf.common.get(`google/protobuf/${name}.proto`)?.nested ?? {});
  }
  root.resolveAll();
  return root;
}

const root = newRoot();
const asText = { longs: String, bytes: String };
const Order = root.lookupType('shop.orders.Order');
const Item = root.lookupType('shop.orders.Item');

const order = Order.fromObject({
  id: 'o-1',
  items: [{ itemName: 'pen', amount: '9007199254740993' }, {}],
  stock: { pen: 3 },
  colour: 'RED',
  raw: Uint8Array.of(0, 250, 255).subarray(1),
  price: Number.POSITIVE_INFINITY,
  placedAt: { seconds: 1_764_028_800, nanos: 5_000_000 },
  wait: { seconds: '-1', nanos: -500_000_000 },
  extra: { fields: { a: { listValue: { values: [{ numberValue: 0 }, { nullValue: 0 }] } } } },
  gift: {
    type_url: 'type.example/shop.orders.Item',
    value: Item.encode(Item.fromObject({ itemName: 'cap' })).finish(),
  },
  weight: { value: '12' },
  mask: { paths: ['placed_at', 'id'] },
  paid: false,
  fragile: { value: false },
});

const json = {
  id: 'o-1',
  items: [{ itemName: 'pen', amount: '9007199254740993' }, {}],
  stock: { pen: 3 },
  colour: 'RED',
  raw: '+v8=',
  price: 'Infinity',
  placedAt: '2025-11-25T00:00:00.005Z',
  wait: '-1.500s',
  extra: { a: [0, null] },
  gift: { '@type': 'type.example/shop.orders.Item', itemName: 'cap' },
  weight: '12',
  mask: 'placedAt,id',
  paid: false,
  fragile: false,
};

const metadataOf = (converter: PayloadConverterWithEncoding, value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(converter.toPayload(value)?.metadata ?? {}).map(([key, bytes]) => [key, decode(bytes)]),
  );

describe('the binary protobuf converter [common.protobuf-binary]', () => {
  const converter = new ProtobufBinaryPayloadConverter(root);

  it('encodes a message with its type, and gives it back', () => {
    expect(metadataOf(converter, order)).toEqual({ encoding: 'binary/protobuf', messageType: 'shop.orders.Order' });
    const payload = converter.toPayload(order);
    expect(payload?.data).toEqual(Order.encode(order).finish());
    if (payload === undefined) throw new Error('not taken');
    expect(Order.toObject(converter.fromPayload(payload), asText)).toEqual(Order.toObject(order, asText));
  });

  it('leaves all else to other converters', () => {
    for (const value of [undefined, null, 1, 'text', {}, { $type: {} }])
      expect(converter.toPayload(value)).toBeUndefined();
  });

  it('decodes only with a root that has the type', () => {
    const payload = converter.toPayload(order) ?? defaultPayloadConverter.toPayload(1);
    expect(() => new ProtobufBinaryPayloadConverter().fromPayload(payload)).toThrow('without `root`');
    expect(() => new ProtobufBinaryPayloadConverter(new protobuf.Root()).fromPayload(payload)).toThrow(
      '`shop.orders.Order` protobuf message but cannot find corresponding message class',
    );
    expect(() => converter.fromPayload({ ...payload, metadata: {} })).toThrow('metadata.messageType');
    expect(() => new ProtobufBinaryPayloadConverter({})).toThrow(TypeError);
  });
});

describe('the JSON protobuf converter [common.protobuf-json]', () => {
  const converter = new ProtobufJsonPayloadConverter(root);
  const payloadOf = (value: unknown) => ({
    metadata: { messageType: encode('shop.orders.Order') },
    data: encode(JSON.stringify(value)),
  });

  it("writes the specification's JSON", () => {
    expect(metadataOf(converter, order)).toEqual({ encoding: 'json/protobuf', messageType: 'shop.orders.Order' });
    expect(JSON.parse(decode(converter.toPayload(order)?.data ?? new Uint8Array()))).toEqual(json);
  });

  it('reads it back as a message', () => {
    const back = converter.fromPayload<protobuf.Message>(payloadOf(json));
    expect(back.$type).toBe(Order);
    expect(Order.toObject(back, asText)).toEqual(Order.toObject(order, asText));
  });

  it('gives a wrapper without a value that of its type', () => {
    const message = Order.fromObject({ fragile: {}, weight: {} });
    expect(JSON.parse(decode(converter.toPayload(message)?.data ?? new Uint8Array()))).toMatchObject({
      fragile: false,
      weight: '0',
    });
  });

  it('reads names as the .proto has them, numbers for enums, and nothing for null', () => {
    const back = converter.fromPayload<Record<string, unknown>>(payloadOf({ colour: 1, id: null, stock: null }));
    expect([back.colour, Object.hasOwn(back, 'id'), back.stock]).toEqual([1, false, {}]);
  });

  it.each([
    [{ colour: 'PURPLE' }, 'PURPLE is no value of the enum Colour'],
    [{ placedAt: 'yesterday' }, 'yesterday is no RFC 3339 time'],
    [{ wait: '3 hours' }, '3 hours is no duration'],
    [{ gift: {} }, "'@type'"],
    [[], 'a shop.orders.Order is an object in JSON'],
  ])('refuses %j', (value, message) => {
    expect(() => converter.fromPayload(payloadOf(value))).toThrow(message);
  });
});

describe('the default converter with protobufs [common.protobuf-default]', () => {
  const patched = patchProtobufRoot(newRoot() as unknown as Record<string, unknown>);
  const converter = new DefaultPayloadConverterWithProtobufs({ protobufRoot: patched });

  it('takes messages of a patched root, whose packages are properties', () => {
    const { orders } = patched.shop as { orders: { Item: protobuf.Type } };
    const message = orders.Item.create({ itemName: 'pen' });
    const payload = converter.toPayload(message);
    expect(decode(payload.data)).toBe('{"itemName":"pen"}');
    expect(converter.fromPayload(payload)).toEqual(message);
  });

  it('takes all that the default converter takes', () => {
    for (const value of [undefined, { a: 1 }, Uint8Array.of(1)]) {
      expect(converter.toPayload(value)).toEqual(defaultPayloadConverter.toPayload(value));
    }
  });

  it('reads messages in the binary format', () => {
    const binary = new ProtobufBinaryPayloadConverter(root).toPayload(Item.create({ itemName: 'pen' }));
    expect(binary && converter.fromPayload(binary)).toEqual({ itemName: 'pen' });
  });
});
