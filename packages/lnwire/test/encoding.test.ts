import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ChannelAnnouncement,
  channelAnnouncement,
  type EncodeError,
  encodeMessage,
  fromHex,
  type LightningMessage,
  lightningMessages,
  message,
  type MessageCodec,
  messageSet,
  ping,
  toHex,
} from "../src/index.ts";
import { anyMessage, arbitraryMessages } from "../src/testing/index.ts";
import { thrown } from "./support/thrown.ts";

// What `channelAnnouncement` would be without a `write` of its own.
const description: MessageCodec<ChannelAnnouncement> = message(
  channelAnnouncement.id,
  channelAnnouncement.name,
  channelAnnouncement.fields,
);
const described = messageSet([description]);

const reversed = (value: LightningMessage): LightningMessage =>
  Object.fromEntries(Object.entries(value).reverse()) as unknown as LightningMessage;

describe("the same bytes are written", () => {
  test("whatever the order of the properties", () => {
    fc.assert(
      fc.property(anyMessage(), (value) => {
        expect(toHex(encodeMessage(reversed(value)))).toBe(toHex(encodeMessage(value)));
      }),
    );
  });

  test("if properties are inherited, computed or more than needed", () => {
    class Computed {
      readonly type = "ping";
      readonly more = 1;
      get numPongBytes(): number {
        return 0x0102;
      }
    }
    const inherited = Object.create({ ignored: fromHex("ab"), type: "ping", numPongBytes: 0x0102 });
    const computed = Object.assign(new Computed(), { ignored: fromHex("ab") });
    for (const value of [inherited, computed]) {
      expect(toHex(encodeMessage(value))).toBe("0012" + "0102" + "0001ab");
    }
  });

  test("by the codec of channel_announcement and by its description", () => {
    fc.assert(
      fc.property(arbitraryMessages().channel_announcement, (value) => {
        expect(toHex(encodeMessage(value))).toBe(toHex(described.encode(value)));
      }),
    );
  });
});

describe("channel_announcement", () => {
  const point = fromHex(`02${"55".repeat(32)}`);
  const value: ChannelAnnouncement = {
    type: "channel_announcement",
    nodeSignature1: new Uint8Array(64).fill(1),
    nodeSignature2: new Uint8Array(64).fill(2),
    bitcoinSignature1: new Uint8Array(64).fill(3),
    bitcoinSignature2: new Uint8Array(64).fill(4),
    features: fromHex("0102"),
    chainHash: new Uint8Array(32).fill(5),
    shortChannelId: 0x0102030405060708n,
    nodeId1: point,
    nodeId2: fromHex(`03${"66".repeat(32)}`),
    bitcoinKey1: fromHex(`02${"77".repeat(32)}`),
    bitcoinKey2: fromHex(`03${"88".repeat(32)}`),
  };

  test.each([
    ["no features", { features: new Uint8Array(0) }],
    ["features of more than a byte's length", { features: new Uint8Array(0x0123).fill(7) }],
    ["records that nobody knows", { unknown: [{ type: 1n, value: fromHex("ab") }] }],
    ["an empty list of records", { unknown: [] }],
    ["the highest channel id", { shortChannelId: 2n ** 64n - 1n }],
  ])("is written as described with %s", (_what, changed) => {
    const changedValue = { ...value, ...changed };
    expect(toHex(encodeMessage(changedValue))).toBe(toHex(described.encode(changedValue)));
  });

  const names = Object.keys(channelAnnouncement.fields) as (keyof ChannelAnnouncement)[];
  const bad: readonly unknown[] = [
    undefined,
    null,
    1,
    -1n,
    2n ** 64n,
    "0".repeat(64),
    Array.from({ length: 33 }, () => 2),
    new Uint8Array(65),
    new Uint8Array(33).fill(4),
    new Uint8Array(65_536),
    new Uint8ClampedArray(32),
  ];
  test.each(names)("is refused as described with a wrong %s", (name) => {
    for (const wrong of bad) {
      const changed = { ...value, [name]: wrong } as ChannelAnnouncement;
      const outcome = (encode: (value: ChannelAnnouncement) => Uint8Array): unknown => {
        try {
          return toHex(encode(changed));
        } catch (error) {
          const { name, code, message, path } = error as EncodeError;
          return { name, code, message, path };
        }
      };
      expect(outcome(encodeMessage)).toEqual(outcome((value) => described.encode(value)));
    }
    const missing = thrown(() => encodeMessage({ ...value, [name]: undefined }));
    expect(missing).toMatchObject({ code: "missing_field", path: ["channel_announcement", name] });
  });

  test("leaves nothing behind when it is refused", () => {
    const set = messageSet([channelAnnouncement, ping]);
    for (const name of names) {
      expect(() => set.encode({ ...value, [name]: undefined })).toThrow("is required");
      const frame = set.encode({ type: "ping", numPongBytes: 1, ignored: fromHex("") });
      expect(toHex(frame)).toBe("001200010000");
    }
  });
});

test("frames stay as they are, whatever is written after them", () => {
  const frames: Uint8Array[] = [];
  const texts: string[] = [];
  const tooLong = { type: "ping", numPongBytes: 0, ignored: new Uint8Array(65_535) } as const;
  const refused = { type: "ping", numPongBytes: -1, ignored: new Uint8Array(9) } as const;
  // From nothing to beyond a block, so that its end is met in the middle of a frame.
  for (let i = 0; i < 400; i++) {
    const ignored = new Uint8Array(i % 40 === 39 ? 20_000 : (i * 337) % 1_500).fill(i);
    const frame = lightningMessages.encode({ type: "ping", numPongBytes: i, ignored });
    frames.push(frame);
    texts.push(toHex(frame));
    if (i % 5 === 0) expect(() => lightningMessages.encode(refused)).toThrow("-1");
    if (i % 50 === 0) expect(thrown(() => lightningMessages.encode(tooLong)).code).toBe("too_long");
  }
  expect(frames.map(toHex)).toEqual(texts);
  for (const frame of frames) frame.fill(0xff);
  const next = { type: "ping", numPongBytes: 3, ignored: fromHex("0a") } as const;
  expect(toHex(encodeMessage(next))).toBe("0012" + "0003" + "00010a");
});

test("short frames share memory, as it is documented", () => {
  const ofPing = (): unknown =>
    encodeMessage({ type: "ping", numPongBytes: 0, ignored: new Uint8Array(100) }).buffer;
  const [first, second, third] = [ofPing(), ofPing(), ofPing()];
  expect(first === second || second === third).toBe(true); // between two of them a new block may begin
});

test("a short frame does not keep the memory of a long one", () => {
  encodeMessage({ type: "ping", numPongBytes: 0, ignored: new Uint8Array(60_000) });
  const frame = encodeMessage({ type: "ping", numPongBytes: 0, ignored: new Uint8Array(1) });
  expect(frame.buffer.byteLength).toBeLessThanOrEqual(16_384);
});
