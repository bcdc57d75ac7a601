import { type Codec, decode, encode } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import {
  blindedPath,
  decodeMessage,
  type EncryptedDataTlv,
  encryptedDataTlv,
  encodeMessage,
  featureVector,
  fromHex,
  type OnionMessage,
  onionmsgTlv,
  onionPacket,
  parseShortChannelId,
  type TlvRecord,
  toHex,
} from "../src/index.ts";
import vectors from "./vectors/bolt4-onion-message.json" with { type: "json" };

interface Tlvs {
  readonly padding?: string;
  readonly short_channel_id?: string;
  readonly next_node_id?: string;
  readonly path_id?: string;
  readonly next_path_key_override?: string;
  readonly payment_relay?: {
    readonly cltv_expiry_delta: number;
    readonly fee_proportional_millionths: number;
    /** Zero if it is not there. */
    readonly fee_base_msat?: number;
  };
  readonly payment_constraints?: {
    readonly max_cltv_expiry: number;
    readonly htlc_minimum_msat: number;
  };
  readonly allowed_features?: { readonly features: readonly number[] };
}

/** `unknown_tag_561` and its like. */
const unknownIn = (tlvs: object): TlvRecord[] =>
  Object.entries<string>(tlvs as Record<string, string>).flatMap(([key, value]) => {
    const type = /^unknown_tag_(\d+)$/.exec(key)?.[1];
    return type === undefined ? [] : [{ type: BigInt(type), value: fromHex(value) }];
  });

const given = <A, B>(value: A | undefined, convert: (value: A) => B): B | undefined =>
  value === undefined ? undefined : convert(value);

/** The value that a vector's description stands for. */
const described = (tlvs: Tlvs): EncryptedDataTlv => {
  const { payment_relay: relay, payment_constraints: constraints } = tlvs;
  const unknown = unknownIn(tlvs);
  const all: { [K in keyof EncryptedDataTlv]-?: EncryptedDataTlv[K] | undefined } = {
    padding: given(tlvs.padding, fromHex),
    shortChannelId: given(tlvs.short_channel_id, parseShortChannelId),
    nextNodeId: given(tlvs.next_node_id, fromHex),
    pathId: given(tlvs.path_id, fromHex),
    nextPathKeyOverride: given(tlvs.next_path_key_override, fromHex),
    paymentRelay: relay && {
      cltvExpiryDelta: relay.cltv_expiry_delta,
      feeProportionalMillionths: relay.fee_proportional_millionths,
      feeBaseMsat: relay.fee_base_msat ?? 0,
    },
    paymentConstraints: constraints && {
      maxCltvExpiry: constraints.max_cltv_expiry,
      htlcMinimumMsat: BigInt(constraints.htlc_minimum_msat),
    },
    allowedFeatures: tlvs.allowed_features && featureVector(tlvs.allowed_features.features),
    unknown: unknown.length === 0 ? undefined : unknown,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
};

const goesBothWays = <T>(codec: Codec<T>, value: T, hex: string): void => {
  expect(decode(codec, fromHex(hex))).toStrictEqual(value);
  expect(toHex(encode(codec, value))).toBe(hex);
};

test("there are four hops of each kind", () => {
  expect([vectors.encryptedData.length, vectors.messages.length]).toEqual([8, 4]);
});

describe("encrypted_data_tlv", () => {
  test.each(vectors.encryptedData)("$name: 0x$bytes", ({ bytes, tlvs }) => {
    goesBothWays(encryptedDataTlv, described(tlvs as Tlvs), bytes);
  });
});

describe("blinded_path", () => {
  // The vectors state its fields. These are their bytes, by the table of the spec.
  const lengthOf = (hex: string): string => (hex.length / 2).toString(16).padStart(4, "0");

  test.each(vectors.paths)("$name", (path) => {
    const hops = path.hops.map(
      ({ blinded_node_id: id, encrypted_recipient_data: data }) => id + lengthOf(data) + data,
    );
    goesBothWays(
      blindedPath,
      {
        firstNodeId: { type: "pubkey", pubkey: fromHex(path.first_node_id) },
        firstPathKey: fromHex(path.first_path_key),
        path: path.hops.map((hop) => ({
          blindedNodeId: fromHex(hop.blinded_node_id),
          encryptedRecipientData: fromHex(hop.encrypted_recipient_data),
        })),
      },
      `${path.first_node_id}${path.first_path_key}04${hops.join("")}`,
    );
  });
});

describe("onion_message", () => {
  test.each(vectors.messages)("to $receiver", ({ path_key, bytes }) => {
    const message = decodeMessage(fromHex(bytes)) as OnionMessage;
    const packet = bytes.slice(2 * (2 + 33 + 2)); // behind type, path key and length
    expect(message).toStrictEqual({
      type: "onion_message",
      pathKey: fromHex(path_key),
      onionMessagePacket: decode(onionPacket, fromHex(packet)),
    });
    expect(toHex(encode(onionPacket, message.onionMessagePacket))).toBe(packet);
    expect(toHex(encodeMessage(message))).toBe(bytes);
  });

  test("the first one carries the packet that was made", () => {
    expect(vectors.messages[0]?.bytes.slice(2 * (2 + 33))).toBe(`0556${vectors.packet}`);
  });

  test("a packet is a version, a key, payloads and an HMAC", () => {
    const { packet } = vectors;
    goesBothWays(
      onionPacket,
      {
        version: 0,
        publicKey: fromHex("02531fe6068134503d2723133227c867ac8fa6c83c537e9a44c3c5bdbdcb1fe337"),
        hopPayloads: fromHex(packet.slice(2 * 34, 2 * 1334)),
        hmac: fromHex(packet.slice(2 * 1334)),
      },
      packet,
    );
    expect(packet.length).toBe(2 * 1366);
  });

  test("the last layer says hello", () => {
    const { encrypted_recipient_data: data } = vectors.lastLayer;
    const layer = {
      encryptedRecipientData: fromHex(data),
      unknown: [{ type: 1n, value: new TextEncoder().encode("hello") }],
    };
    expect(unknownIn(vectors.lastLayer)).toEqual(layer.unknown);
    goesBothWays(onionmsgTlv, layer, `010568656c6c6f${"043a"}${data}`);
  });
});
