import { describe, expect, test } from "vitest";
import {
  bitcoinMessages,
  feature,
  fromHex,
  sendaddrv2,
  textOfBytes,
  toHex,
  verack,
  type Version,
  version,
  wtxidrelay,
} from "../../src/index.ts";
import { describeMessage, payloadHex } from "../support/describe-message.ts";
import { thrown } from "../support/thrown.ts";

const ipv6 = "20010db8000000000000000000000001";
const ipv4 = "00000000000000000000ffffcb007105"; // 203.0.113.5

const value: Version = {
  type: "version",
  version: 70016,
  services: 0x0c09n,
  timestamp: 1_700_000_000n,
  addrRecv: { services: 1n, ip: fromHex(ipv6), port: 8333 },
  addrFrom: { services: 0x409n, ip: fromHex(ipv4), port: 18333 },
  nonce: 0x0123_4567_89ab_cdefn,
  userAgent: "/Satoshi:28.0.0/",
  startHeight: 870_000,
  relay: true,
};
const { relay: _relay, ...withoutRelay } = value;
const fields = {
  version: "80110100",
  services: "090c000000000000",
  timestamp: "00f1536500000000",
  addrRecv: `0100000000000000${ipv6}208d`,
  addrFrom: `0904000000000000${ipv4}479d`,
  nonce: "efcdab8967452301",
  userAgent: "102f5361746f7368693a32382e302e302f",
  startHeight: "70460d00",
  relay: "01",
};
const short: Version = {
  type: "version",
  version: 70016,
  services: 0x0c09n,
  timestamp: 1_700_000_000n,
  addrRecv: { services: 1n, ip: fromHex(ipv6), port: 8333 },
};
const shortHex = fields.version + fields.services + fields.timestamp + fields.addrRecv;

describeMessage({
  codec: version,
  command: "version",
  value,
  fields,
  more: [
    ["with nothing behind addrRecv", short, shortHex],
    [
      "that wants no transactions",
      { ...value, relay: false },
      payloadHex({ ...fields, relay: "00" }),
    ],
    [
      "with bytes behind the last field",
      { ...value, trailing: fromHex("0102") },
      `${payloadHex(fields)}0102`,
    ],
    [
      "of a clock before 1970, with the least of all numbers",
      { ...value, version: -(2 ** 31), timestamp: -(2n ** 63n), startHeight: -1 },
      payloadHex({
        ...fields,
        version: "00000080",
        timestamp: "0000000000000080",
        startHeight: "ffffffff",
      }),
    ],
    [
      "with the greatest of all numbers",
      {
        ...value,
        version: 2 ** 31 - 1,
        services: 2n ** 64n - 1n,
        timestamp: 2n ** 63n - 1n,
        addrRecv: { services: 2n ** 64n - 1n, ip: fromHex("ff".repeat(16)), port: 65_535 },
        nonce: 2n ** 64n - 1n,
        startHeight: 2 ** 31 - 1,
      },
      payloadHex({
        ...fields,
        version: "ffffff7f",
        services: "ff".repeat(8),
        timestamp: `${"ff".repeat(7)}7f`,
        addrRecv: "ff".repeat(26),
        nonce: "ff".repeat(8),
        startHeight: "ffffff7f",
      }),
    ],
    [
      "with a relay of 2, which is true to nodes and no boolean",
      { ...withoutRelay, trailing: fromHex("02") },
      payloadHex({ ...fields, relay: "02" }),
    ],
    [
      "with a relay of 255 and more bytes",
      { ...withoutRelay, trailing: fromHex("ff0001") },
      payloadHex({ ...fields, relay: "ff0001" }),
    ],
    [
      "with a user agent of no byte",
      { ...value, userAgent: "" },
      payloadHex({ ...fields, userAgent: "00" }),
    ],
    [
      "with a user agent of 252 bytes, the last length of one byte",
      { ...value, userAgent: "a".repeat(252) },
      payloadHex({ ...fields, userAgent: `fc${"61".repeat(252)}` }),
    ],
    [
      "with a user agent of 256 bytes",
      { ...value, userAgent: "a".repeat(256) },
      payloadHex({ ...fields, userAgent: `fd0001${"61".repeat(256)}` }),
    ],
    [
      "with a user agent that is no ASCII, nor UTF-8",
      { ...value, userAgent: "\0\x1b[2J\x7f\x80é\xff" },
      payloadHex({ ...fields, userAgent: "09001b5b324a7f80e9ff" }),
    ],
  ],
  badValues: [
    ["a version of 32 bits without sign", { version: 2 ** 31 }, "out_of_range", ["version"]],
    ["a version that is a fraction", { version: 0.5 }, "out_of_range", ["version"]],
    ["negative services", { services: -1n }, "out_of_range", ["services"]],
    ["services of 65 bits", { services: 2n ** 64n }, "out_of_range", ["services"]],
    ["services that are no bigint", { services: 9 }, "invalid_value", ["services"]],
    [
      "a timestamp of 64 bits without sign",
      { timestamp: 2n ** 63n },
      "out_of_range",
      ["timestamp"],
    ],
    [
      "an IPv4 address of 4 bytes",
      { addrRecv: { services: 0n, ip: fromHex("7f000001"), port: 1 } },
      "wrong_length",
      ["addrRecv", "ip"],
    ],
    [
      "a port of 17 bits",
      { addrFrom: { services: 0n, ip: fromHex(ipv6), port: 65_536 } },
      "out_of_range",
      ["addrFrom", "port"],
    ],
    [
      "an address without a port",
      { addrRecv: { services: 0n, ip: fromHex(ipv6) } },
      "missing_field",
      ["addrRecv", "port"],
    ],
    ["an address that is null", { addrRecv: null }, "invalid_value", ["addrRecv"]],
    ["a nonce of 65 bits", { nonce: 2n ** 64n }, "out_of_range", ["nonce"]],
    ["a user agent of 257 bytes", { userAgent: "a".repeat(257) }, "too_long", ["userAgent"]],
    ["a user agent beyond U+00FF", { userAgent: "ĀB" }, "invalid_value", ["userAgent"]],
    ["a user agent of bytes", { userAgent: fromHex("61") }, "invalid_value", ["userAgent"]],
    ["a height of 32 bits without sign", { startHeight: 2 ** 31 }, "out_of_range", ["startHeight"]],
    ["a relay that is a number", { relay: 1 }, "invalid_value", ["relay"]],
    ["trailing bytes that are a text", { trailing: "ff" }, "invalid_value", ["trailing"]],
    [
      "trailing bytes that would be read as relay",
      { relay: undefined, trailing: fromHex("01ff") },
      "invalid_value",
      ["trailing"],
    ],
    [
      "trailing bytes and neither relay nor height",
      { relay: undefined, startHeight: undefined, trailing: fromHex("02") },
      "missing_field",
      ["trailing"],
    ],
  ],
  badHex: [
    [
      "a user agent of 257 bytes",
      payloadHex({ ...fields, userAgent: `fd0101${"61".repeat(257)}` }),
      "too_long",
      ["userAgent"],
      80,
    ],
    [
      "a user agent that announces 33,554,433 bytes",
      payloadHex({ ...fields, userAgent: "fe01000002" }),
      "too_long",
      ["userAgent"],
      80,
    ],
    [
      "a user agent that announces 2 ** 64 - 1 bytes",
      payloadHex({ ...fields, userAgent: `ff${"ff".repeat(8)}` }),
      "too_long",
      ["userAgent"],
      80,
    ],
    [
      "a length in a longer form than the shortest",
      payloadHex({ ...fields, userAgent: "fd10002f5361746f7368693a32382e302e302f" }),
      "non_canonical",
      ["userAgent"],
      80,
    ],
  ],
});

/** As the frame that ends with `payload` was published. */
const published: readonly (readonly [source: string, payload: string, Version])[] = [
  [
    "Satoshi 0.7.2, in the protocol documentation of the Bitcoin wiki",
    "62ea0000" +
      "0100000000000000" +
      "11b2d05000000000" +
      "010000000000000000000000000000000000ffff000000000000" +
      "000000000000000000000000000000000000ffff000000000000" +
      "3b2eb35d8ce61765" +
      "0f2f5361746f7368693a302e372e322f" +
      "c03e0300",
    {
      type: "version",
      version: 60002,
      services: 1n,
      timestamp: 1_355_854_353n,
      addrRecv: { services: 1n, ip: fromHex("00000000000000000000ffff00000000"), port: 0 },
      addrFrom: { services: 0n, ip: fromHex("00000000000000000000ffff00000000"), port: 0 },
      nonce: 7_284_544_412_836_900_411n,
      userAgent: "/Satoshi:0.7.2/",
      startHeight: 212_672,
    },
  ],
  [
    "btcd's tests, with the relay flag of BIP 37",
    "71110100" +
      "0100000000000000" +
      "29ab5f4900000000" +
      "010000000000000000000000000000000000ffffc0a80001208d" +
      "010000000000000000000000000000000000ffff7f000001208d" +
      "f3e0010000000000" +
      "102f627463647465" +
      "73743a302e302e312f" +
      "fa920300" +
      "01",
    {
      type: "version",
      version: 70001,
      services: 1n,
      timestamp: 0x495f_ab29n,
      addrRecv: { services: 1n, ip: fromHex("00000000000000000000ffffc0a80001"), port: 8333 },
      addrFrom: { services: 1n, ip: fromHex("00000000000000000000ffff7f000001"), port: 8333 },
      nonce: 123_123n,
      userAgent: "/btcdtest:0.0.1/",
      startHeight: 234_234,
      relay: true,
    },
  ],
];

describe("version, as it was published", () => {
  test.each(published)("%s", (_source, payload, message) => {
    expect(bitcoinMessages.decode("version", fromHex(payload))).toStrictEqual(message);
    expect(toHex(bitcoinMessages.encode(message))).toBe(payload);
  });
});

test("a user agent comes back whatever its bytes are", () => {
  const every = Uint8Array.from({ length: 256 }, (_, i) => i);
  const message: Version = { ...value, userAgent: textOfBytes(every) };
  const payload = bitcoinMessages.encode(message);
  expect(payload.slice(83, 83 + 256)).toEqual(every);
  expect(bitcoinMessages.decode("version", payload)).toStrictEqual(message);
});

describeMessage({
  codec: verack,
  command: "verack",
  value: { type: "verack" },
  fields: {},
  badValues: [["trailing bytes that are a list", { trailing: [1] }, "invalid_value", ["trailing"]]],
  badHex: [],
});

describeMessage({
  codec: wtxidrelay,
  command: "wtxidrelay",
  value: { type: "wtxidrelay" },
  fields: {},
  badValues: [],
  badHex: [],
});

describeMessage({
  codec: sendaddrv2,
  command: "sendaddrv2",
  value: { type: "sendaddrv2" },
  fields: {},
  badValues: [],
  badHex: [],
});

test.each(["verack", "wtxidrelay", "sendaddrv2"] as const)(
  "%s with bytes gives them back, and no field for none",
  (command) => {
    const message = bitcoinMessages.decode(command, fromHex("00"));
    expect(message).toStrictEqual({ type: command, trailing: fromHex("00") });
    expect(bitcoinMessages.decode(command, fromHex(""))).not.toHaveProperty("trailing");
    const withNone = { type: command, trailing: fromHex("") };
    expect(bitcoinMessages.encode(withNone)).toHaveLength(0);
  },
);

const bip434 = "06424950343334"; // "BIP434"

describeMessage({
  codec: feature,
  command: "feature",
  shortId: 37,
  value: { type: "feature", featureid: "BIP434", featuredata: fromHex("0102") },
  fields: { featureid: bip434, featuredata: "020102" },
  more: [
    [
      "without data",
      { type: "feature", featureid: "BIP434", featuredata: fromHex("") },
      `${bip434}00`,
    ],
    [
      "with an id of 4 bytes, which are not printable",
      { type: "feature", featureid: "\0\n\x7f\xff", featuredata: fromHex("") },
      "04000a7fff" + "00",
    ],
    [
      "with an id of 80 bytes",
      { type: "feature", featureid: "a".repeat(80), featuredata: fromHex("") },
      `50${"61".repeat(80)}00`,
    ],
    [
      "with 512 bytes of data",
      { type: "feature", featureid: "BIP434", featuredata: fromHex("ab".repeat(512)) },
      `${bip434}fd0002${"ab".repeat(512)}`,
    ],
  ],
  badValues: [
    ["an id of 3 bytes", { featureid: "abc" }, "invalid_value", ["featureid"]],
    ["an id of 81 bytes", { featureid: "a".repeat(81) }, "too_long", ["featureid"]],
    ["an id beyond U+00FF", { featureid: "BIP₄₃₄" }, "invalid_value", ["featureid"]],
    ["513 bytes of data", { featuredata: new Uint8Array(513) }, "too_long", ["featuredata"]],
    ["data that is a text", { featuredata: "ab" }, "invalid_value", ["featuredata"]],
  ],
  badHex: [
    ["an id of no byte", "0000", "invalid_value", ["featureid"], 0],
    ["an id of 3 bytes", "0361626300", "invalid_value", ["featureid"], 0],
    ["an id of 81 bytes", `51${"61".repeat(81)}00`, "too_long", ["featureid"], 0],
    ["no data behind the id", bip434, "short_read", ["featuredata"], 7],
    ["513 bytes of data", `${bip434}fd0102${"ab".repeat(513)}`, "too_long", ["featuredata"], 7],
    [
      "a length in a longer form than the shortest",
      "fd060042495034333400",
      "non_canonical",
      ["featureid"],
      0,
    ],
  ],
});

test("a message of the handshake is refused with its own name in the text", () => {
  const error = thrown(() => bitcoinMessages.decode("feature", fromHex("0361626300")));
  expect(error.message).toBe("feature.featureid: 3 bytes, at least 4 (byte 0)");
});
