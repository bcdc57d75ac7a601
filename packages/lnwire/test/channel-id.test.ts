import { describe, expect, test } from "vitest";
import { channelIdOf, channelIdV2, fromHex, temporaryChannelIdV2, toHex } from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

describe("the channel_id of a funding output", () => {
  const start = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d"; // 30 bytes
  const txid = `${start}1e1f`;

  test.each([
    [0, "1e1f"],
    [1, "1e1e"],
    [0x1f, "1e00"],
    [0x00ff, "1ee0"],
    [0x0100, "1f1f"],
    [0x0102, "1f1d"],
    [0x1e1f, "0000"],
    [0x8000, "9e1f"],
    [0xffff, "e1e0"],
  ])("with the index %i ends in 0x%s", (index, end) => {
    expect(toHex(channelIdOf(fromHex(txid), index))).toBe(start + end);
  });

  test("is made of bytes of its own", () => {
    const id = fromHex(txid);
    expect(channelIdOf(id, 0).buffer).not.toBe(id.buffer);
    channelIdOf(id, 0xffff);
    expect(toHex(id)).toBe(txid);
  });

  // From here on, the usual operators forget the upper bits.
  test.each([-1, -65536, 65536, 65536 * 65535, 2 ** 32, 2 ** 32 + 1, 2 ** 53, 0.5, Number.NaN])(
    "does not exist for the index %s",
    (index) => {
      expect(thrown(() => channelIdOf(fromHex(txid), index))).toMatchObject({
        name: "EncodeError",
        code: "out_of_range",
        path: ["fundingOutputIndex"],
      });
    },
  );

  test.each([0, 31, 33])("does not exist for a transaction id of %i bytes", (length) => {
    expect(thrown(() => channelIdOf(new Uint8Array(length), 0))).toMatchObject({
      name: "EncodeError",
      code: "wrong_length",
      path: ["fundingTxid"],
    });
  });
});

describe("the channel_id of open_channel2", () => {
  const a = `02${"11".repeat(32)}`;
  const nextToA = `02${"11".repeat(31)}12`;
  const b = `03${"22".repeat(32)}`;

  // SHA-256 of the 66 bytes, computed by other software.
  test.each([
    [
      "by their first bytes",
      a,
      b,
      "a04d9657af8b5d9c4be2f3c302359f5158b26748edff36169dc9781b68dfde94",
    ],
    [
      "by their last bytes",
      a,
      nextToA,
      "0ab3f168003483d30f316cb3651370a64d8e3a1e842791e210338b348af40f53",
    ],
    [
      "although they are equal",
      a,
      a,
      "e31254793e16ae32ee8abab293f5c07b94f4f94ddcb9b67d7308c32db804aca7",
    ],
  ])("has the basepoints in order, %s", (_what, lesser, greater, id) => {
    expect(toHex(channelIdV2(fromHex(lesser), fromHex(greater)))).toBe(id);
    expect(toHex(channelIdV2(fromHex(greater), fromHex(lesser)))).toBe(id);
  });

  test("has zeros in the place of the other side's basepoint while it is temporary", () => {
    const id = "075653e97a51a4905c24c5871a1a5686b6a6d1166966a6156f59f13c265a4523";
    expect(toHex(temporaryChannelIdV2(fromHex(a)))).toBe(id);
  });

  test.each([0, 32, 34])("does not exist for a basepoint of %i bytes", (length) => {
    const bad = new Uint8Array(length).fill(2);
    const error = { name: "EncodeError", code: "wrong_length" };
    expect(thrown(() => channelIdV2(bad, fromHex(a)))).toMatchObject({
      ...error,
      path: ["basepoint1"],
    });
    expect(thrown(() => channelIdV2(fromHex(a), bad))).toMatchObject({
      ...error,
      path: ["basepoint2"],
    });
    expect(thrown(() => temporaryChannelIdV2(bad))).toMatchObject(error);
  });
});
