import { mapped } from "@satwire/codec";
import { describe, expect, test } from "vitest";
import {
  chainHashOf,
  type Codec,
  decodeMessage,
  encodeMessage,
  flag,
  fromHex,
  init,
  type LightningMessage,
  lightningMessages,
  message,
  type MessageBase,
  type MessageCodec,
  messageFromJson,
  type MessageSet,
  messageSet,
  messageToJson,
  ping,
  prefixedBytes,
  repeated,
  s64,
  toHex,
  u16,
  u8,
} from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

const text: Codec<string> = mapped(prefixedBytes(u16), {
  decode: (bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
  encode: (value: string) => new TextEncoder().encode(value),
});
interface Note extends MessageBase<"note"> {
  readonly text: string;
  readonly isRead: boolean;
  readonly score: bigint;
  readonly pages?: readonly number[];
}
const note: MessageCodec<Note> = message(
  32769,
  "note",
  { text, isRead: flag, score: s64 },
  { pages: [1, repeated(u8)] },
);
const own: MessageSet<Note> = messageSet([note]);

const read = (json: string): LightningMessage => messageFromJson(json, lightningMessages);
const regtest = "0x06226e46111a0b59caaf126043eb5bbf28c34f3a5e332a1fc7b2b73cf188910f";
const hello = {
  type: "init",
  globalfeatures: fromHex(""),
  features: fromHex("8000"),
  networks: [chainHashOf("regtest")],
  remoteAddr: { type: "dns", hostname: "example.org", port: 9735 },
  unknown: [{ type: 2n ** 64n - 1n, value: fromHex("0a") }],
} as const satisfies LightningMessage;
const helloJson =
  `{"type":"init","globalfeatures":"0x","features":"0x8000","networks":["${regtest}"],` +
  '"remoteAddr":{"type":"dns","hostname":"example.org","port":9735},' +
  '"unknown":[{"type":"18446744073709551615n","value":"0x0a"}]}';

describe("a message as JSON", () => {
  test.each<[what: string, value: LightningMessage, json: string]>([
    [
      "bytes and numbers",
      { type: "ping", numPongBytes: 8, ignored: fromHex("00ff") },
      '{"type":"ping","numPongBytes":8,"ignored":"0x00ff"}',
    ],
    ["lists, objects and records", hello, helloJson],
    [
      "bigints of 64 bits and booleans",
      {
        type: "stfu",
        channelId: new Uint8Array(32).fill(0xab),
        initiator: true,
        unknown: [{ type: 1n, value: fromHex("") }],
      },
      `{"type":"stfu","channelId":"0x${"ab".repeat(32)}","initiator":true,"unknown":[{"type":"1n","value":"0x"}]}`,
    ],
    [
      "negative bigints and a record that is only there",
      {
        type: "tx_ack_rbf",
        channelId: new Uint8Array(32),
        fundingOutputContribution: -(2n ** 63n),
        requireConfirmedInputs: true,
      },
      `{"type":"tx_ack_rbf","channelId":"0x${"00".repeat(32)}",` +
        '"fundingOutputContribution":"-9223372036854775808n","requireConfirmedInputs":true}',
    ],
    [
      "a message that nobody knows",
      { type: "unknown", id: 32769, payload: fromHex("0102") },
      '{"type":"unknown","id":32769,"payload":"0x0102"}',
    ],
    // Known to us, and not read: a payload may be anything.
    [
      "a known message kept as an unknown one",
      { type: "unknown", id: 18, payload: fromHex("01") },
      '{"type":"unknown","id":18,"payload":"0x01"}',
    ],
  ])("has %s, and comes back", (_what, value, json) => {
    expect(messageToJson(value)).toBe(json);
    expect(read(json)).toStrictEqual(value);
    expect(toHex(encodeMessage(read(json)))).toBe(toHex(encodeMessage(value)));
  });

  test("has a line per field if it is asked for", () => {
    const value = { type: "ping", numPongBytes: 8, ignored: fromHex("") } as const;
    const json = '{\n  "type": "ping",\n  "numPongBytes": 8,\n  "ignored": "0x"\n}';
    expect(messageToJson(value, { indent: 2 })).toBe(json);
    expect(messageToJson(value, { indent: undefined })).not.toContain("\n");
    expect(read(json)).toStrictEqual(value);
  });

  test("leaves out what is undefined", () => {
    const value = { type: "ping", numPongBytes: 8, ignored: fromHex(""), unknown: undefined };
    expect(messageToJson(value)).toBe('{"type":"ping","numPongBytes":8,"ignored":"0x"}');
  });

  test("of 65,535 bytes comes back", () => {
    const frame = fromHex(`0012fffffff9${"fe".repeat(65529)}`);
    expect(toHex(encodeMessage(read(messageToJson(decodeMessage(frame)))))).toBe(toHex(frame));
  });

  test.each<[value: unknown, path: readonly (string | number)[]]>([
    [0.5, ["field"]],
    [2 ** 53, ["field"]],
    [Number.NaN, ["field"]],
    [-Infinity, ["field"]],
    [null, ["field"]],
    [() => 1, ["field"]],
    [Symbol("s"), ["field"]],
    [
      [1, [undefined]],
      ["field", 1, 0],
    ],
    [{ a: [{ b: null }] }, ["field", "a", 0, "b"]],
  ])("is not made of %j", (field, path) => {
    const value = { type: "own", field } as { readonly type: string };
    const error = thrown(() => messageToJson(value));
    expect(error).toMatchObject({
      name: "EncodeError",
      code: "invalid_value",
      path: ["own", ...path],
    });
  });

  test("is not made of what contains itself", () => {
    const value: Record<string, unknown> & { readonly type: string } = { type: "own" };
    value["self"] = [value];
    const error = thrown(() => messageToJson(value));
    expect(error).toMatchObject({ code: "invalid_value", detail: "nested too deeply" });
    expect(error.path.slice(0, 4)).toEqual(["own", "self", 0, "self"]);
  });

  test("may be as deep as 32 lists, and comes back", () => {
    const listsIn = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    const nested = (depth: number): unknown => (depth === 0 ? [] : [nested(depth - 1)]);
    const json = messageToJson({ type: "own", lists: nested(31) } as { readonly type: string });
    expect(json).toBe(`{"type":"own","lists":${listsIn(32)}}`);
    const tooDeep = { type: "own", lists: nested(32) } as { readonly type: string };
    expect(thrown(() => messageToJson(tooDeep)).detail).toBe("nested too deeply");
    const pingWith = (depth: number): string =>
      `{"type":"ping","numPongBytes":0,"ignored":${listsIn(depth)}}`;
    expect(thrown(() => read(pingWith(32))).detail).not.toBe("nested too deeply");
    expect(thrown(() => read(pingWith(33))).detail).toBe("nested too deeply");
  });
});

describe("text that looks like something else", () => {
  test.each([
    ["0x12", "'0x12"],
    ["0x", "'0x"],
    ["0xzz", "'0xzz"],
    ["12n", "'12n"],
    ["-12n", "'-12n"],
    ["'x", "''x"],
    ["'", "''"],
    ["''0x12", "'''0x12"],
    ["'12n", "''12n"],
    // These look like nothing else.
    ["", ""],
    ["x'", "x'"],
    ["n", "n"],
    ["1 n", "1 n"],
    ["12n ", "12n "],
    ["12n\n", "12n\n"],
    ["+12n", "+12n"],
    ["1.5n", "1.5n"],
    ["0X12", "0X12"],
    [" 0x12", " 0x12"],
    ["true", "true"],
    ["null", "null"],
  ])("%j is written as %j", (value, written) => {
    const whole: Note = { type: "note", text: value, isRead: false, score: -1n };
    const json = messageToJson(whole);
    expect(json).toBe(
      `{"type":"note","text":${JSON.stringify(written)},"isRead":false,"score":"-1n"}`,
    );
    expect(messageFromJson(json, own)).toStrictEqual(whole);
  });

  test.each(["0x12", "12n", "0x"])("a hostname %s comes back", (hostname) => {
    const value = { ...hello, remoteAddr: { type: "dns", hostname, port: 1 } } as const;
    const json = messageToJson(value);
    expect(json).toContain(`"hostname":"'${hostname}"`);
    expect(read(json)).toStrictEqual(value);
  });

  test("a name with an apostrophe too many is the name", () => {
    expect(read(`{"type":"'ping","numPongBytes":0,"ignored":"0x"}`).type).toBe("ping");
  });
});

describe("JSON written by hand", () => {
  test("has its fields in any order, spaces and capital hex digits", () => {
    const json = `
      { "remoteAddr": { "port": 9735, "hostname": "example.org", "type": "dns" },
        "unknown": [ { "value": "0x0A", "type": "18446744073709551615n" } ],
        "features": "0x8000", "networks": [ "${regtest}" ], "globalfeatures": "0x",
        "type": "init" }`;
    expect(read(json)).toStrictEqual(hello);
  });

  test("has its records in any order", () => {
    const json =
      '{"type":"pong","ignored":"0x","unknown":[{"type":"7n","value":"0x01"},{"type":"5n","value":"0x"}]}';
    expect(read(json)).toStrictEqual({
      type: "pong",
      ignored: fromHex(""),
      unknown: [
        { type: 5n, value: fromHex("") },
        { type: 7n, value: fromHex("01") },
      ],
    });
  });

  test("may say that there are no unknown records", () => {
    expect(read('{"type":"pong","ignored":"0x","unknown":[]}')).toStrictEqual({
      type: "pong",
      ignored: fromHex(""),
    });
  });

  test("knows the messages of the set that it is read with", () => {
    const json = '{"type":"ping","numPongBytes":1,"ignored":"0x"}';
    expect(messageFromJson(json, messageSet([init, ping]))).toMatchObject({ numPongBytes: 1 });
    const error = thrown(() => messageFromJson(json, messageSet([init])));
    expect(error).toMatchObject({ name: "EncodeError", code: "invalid_value", path: ["ping"] });
  });
});
