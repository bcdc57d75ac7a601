import { describe, expect, test } from "vitest";
import {
  addr,
  addrv2,
  bitcoinMessages,
  fromHex,
  getaddr,
  type NetAddressV2,
  networkId,
  type TimedNetAddress,
} from "../../src/index.ts";
import { describeMessage } from "../support/describe-message.ts";
import { thrown } from "../support/thrown.ts";

describeMessage({
  codec: getaddr,
  command: "getaddr",
  value: { type: "getaddr" },
  fields: {},
  badValues: [],
  badHex: [],
});

const loopback = "00000000000000000000000000000001";

// The addresses of Bitcoin Core's tests of `addr` and `addrv2`.
const timed: readonly TimedNetAddress[] = [
  { time: 0x4966_bc61, services: 0n, ip: fromHex(loopback), port: 0 },
  { time: 0x8376_6279, services: 1n, ip: fromHex(loopback), port: 0xf1 },
  { time: 0xffff_ffff, services: 0x448n, ip: fromHex(loopback), port: 0xf1f2 },
];
const timedHex =
  `61bc66490000000000000000${loopback}0000` +
  `796276830100000000000000${loopback}00f1` +
  `ffffffff4804000000000000${loopback}f1f2`;

const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);
const one: TimedNetAddress = { time: 1, services: 9n, ip: filled(16, 0xab), port: 8333 };
const oneHex = `010000000900000000000000${"ab".repeat(16)}208d`;
const addresses = (count: number): TimedNetAddress[] => Array.from({ length: count }, () => one);

describeMessage({
  codec: addr,
  command: "addr",
  shortId: 1,
  value: { type: "addr", addresses: timed },
  fields: { addresses: `03${timedHex}` },
  more: [
    ["without an address", { type: "addr", addresses: [] }, "00"],
    ["with one address", { type: "addr", addresses: [one] }, `01${oneHex}`],
    [
      "with 253 addresses, the first count of three bytes",
      { type: "addr", addresses: addresses(253) },
      `fdfd00${oneHex.repeat(253)}`,
    ],
    [
      "with 1000 addresses",
      { type: "addr", addresses: addresses(1000) },
      `fde803${oneHex.repeat(1000)}`,
    ],
    [
      "with two addresses of btcd's tests",
      {
        type: "addr",
        addresses: [
          {
            time: 0x495f_ab29,
            services: 1n,
            ip: fromHex("00000000000000000000ffff7f000001"),
            port: 8333,
          },
          {
            time: 0x495f_ab29,
            services: 1n,
            ip: fromHex("00000000000000000000ffffc0a80001"),
            port: 8334,
          },
        ],
      },
      "02" +
        "29ab5f49010000000000000000000000000000000000ffff7f000001208d" +
        "29ab5f49010000000000000000000000000000000000ffffc0a80001208e",
    ],
  ],
  badValues: [
    ["1001 addresses", { addresses: addresses(1001) }, "too_long", ["addresses"]],
    ["no list", { addresses: {} }, "out_of_range", ["addresses"]],
    [
      "a time of 33 bits",
      { addresses: [one, { ...one, time: 2 ** 32 }] },
      "out_of_range",
      ["addresses", 1, "time"],
    ],
    [
      "negative services",
      { addresses: [{ ...one, services: -1n }] },
      "out_of_range",
      ["addresses", 0, "services"],
    ],
    [
      "an address of 4 bytes",
      { addresses: [{ ...one, ip: filled(4, 1) }] },
      "wrong_length",
      ["addresses", 0, "ip"],
    ],
    [
      "a port of 17 bits",
      { addresses: [{ ...one, port: 65_536 }] },
      "out_of_range",
      ["addresses", 0, "port"],
    ],
    [
      "an address without services",
      { addresses: [{ ...one, services: undefined }] },
      "missing_field",
      ["addresses", 0, "services"],
    ],
  ],
  badHex: [
    ["1001 addresses", `fde903${oneHex.repeat(1001)}`, "too_long", ["addresses"], 0],
    ["33,554,433 addresses", "fe01000002", "too_long", ["addresses"], 0],
    ["2 ** 64 - 1 addresses", `ff${"ff".repeat(8)}`, "too_long", ["addresses"], 0],
    ["fewer addresses than announced", `02${oneHex}`, "short_read", ["addresses", 1, "time"], 31],
    ["more addresses than there are bytes", `1f${oneHex}`, "short_read", ["addresses"], 1],
    ["a count in a longer form", `fd0100${oneHex}`, "non_canonical", ["addresses"], 0],
    [
      "an address of 26 bytes, as before version 31402",
      `01${oneHex.slice(8)}`,
      "short_read",
      ["addresses", 0, "ip"],
      13,
    ],
  ],
});

const entry = (networkID: number, addr: Uint8Array, port = 8333): NetAddressV2 => ({
  time: 0x495f_ab29,
  services: 1n,
  networkID,
  addr,
  port,
});
const entryHex = (networkID: string, addr: string, port = "208d"): string =>
  `29ab5f4901${networkID}${addr}${port}`;

/** Each network with its number and the bytes of its addresses (BIP 155 "Specification"). */
const networks = [
  ["ipv4", 1, 4],
  ["ipv6", 2, 16],
  ["torv3", 4, 32],
  ["i2p", 5, 32],
  ["cjdns", 6, 16],
  ["yggdrasil", 7, 16],
] as const;
/** Ids whose addresses may have any length: Tor v2 is out of use, the others mean nothing yet. */
const free = [0, networkId.torv2, 8, 127, 255];

const byte = (value: number): string => value.toString(16).padStart(2, "0");
const sized = (length: number): string =>
  (length < 0xfd ? byte(length) : `fd${byte(length & 255)}${byte(length >> 8)}`) +
  "cd".repeat(length);

describeMessage({
  codec: addrv2,
  command: "addrv2",
  shortId: 28,
  value: {
    type: "addrv2",
    addresses: [
      { time: 0x4966_bc61, services: 0n, networkID: 2, addr: fromHex(loopback), port: 0 },
      { time: 0x8376_6279, services: 1n, networkID: 2, addr: fromHex(loopback), port: 0xf1 },
      { time: 0xffff_ffff, services: 0x448n, networkID: 2, addr: fromHex(loopback), port: 0xf1f2 },
    ],
  },
  fields: {
    addresses:
      "03" +
      `61bc6649${"00"}0210${loopback}0000` +
      `79627683${"01"}0210${loopback}00f1` +
      `ffffffff${"fd4804"}0210${loopback}f1f2`,
  },
  more: [
    ["without an address", { type: "addrv2", addresses: [] }, "00"],
    [
      "with one address of each network",
      { type: "addrv2", addresses: networks.map(([, id, n]) => entry(id, filled(n, 0xcd))) },
      `06${networks.map(([, id, n]) => entryHex(byte(id), sized(n))).join("")}`,
    ],
    [
      "with 1000 addresses",
      {
        type: "addrv2",
        addresses: Array.from({ length: 1000 }, () => entry(1, filled(4, 0xcd))),
      },
      `fde803${entryHex("01", sized(4)).repeat(1000)}`,
    ],
    [
      "with an I2P address, which has no port",
      { type: "addrv2", addresses: [entry(5, filled(32, 0xcd), 0)] },
      `01${entryHex("05", sized(32), "0000")}`,
    ],
    [
      "with services of each length",
      {
        type: "addrv2",
        addresses: [0xfcn, 0xfdn, 0xffffn, 0x1_0000n, 0xffff_ffffn, 2n ** 32n, 2n ** 64n - 1n].map(
          (services) => ({ ...entry(1, filled(4, 0xcd)), services }),
        ),
      },
      "07" +
        [
          "fc",
          "fdfd00",
          "fdffff",
          "fe00000100",
          "feffffffff",
          "ff0000000001000000",
          "ffffffffffffffffff",
        ]
          .map((services) => `29ab5f49${services}01${sized(4)}208d`)
          .join(""),
    ],
  ],
  badValues: [
    [
      "1001 addresses",
      { addresses: Array.from({ length: 1001 }, () => entry(1, filled(4, 1))) },
      "too_long",
      ["addresses"],
    ],
    [
      "services of 65 bits",
      { addresses: [{ ...entry(1, filled(4, 1)), services: 2n ** 64n }] },
      "out_of_range",
      ["addresses", 0, "services"],
    ],
    [
      "a network of 9 bits",
      { addresses: [entry(256, filled(4, 1))] },
      "out_of_range",
      ["addresses", 0, "networkID"],
    ],
    [
      "an address of an unknown network of 513 bytes",
      { addresses: [entry(99, filled(513, 1))] },
      "too_long",
      ["addresses", 0, "addr"],
    ],
    [
      "an address that is a text",
      { addresses: [entry(1, "abcd" as unknown as Uint8Array)] },
      "invalid_value",
      ["addresses", 0, "addr"],
    ],
    [
      "an entry without an address",
      { addresses: [{ ...entry(1, filled(4, 1)), addr: undefined }] },
      "wrong_length",
      ["addresses", 0, "addr"],
    ],
    [
      "an entry without a network",
      { addresses: [{ ...entry(1, filled(4, 1)), networkID: undefined }] },
      "missing_field",
      ["addresses", 0, "networkID"],
    ],
    [
      "a port of 17 bits",
      { addresses: [entry(1, filled(4, 1), 65_536)] },
      "out_of_range",
      ["addresses", 0, "port"],
    ],
  ],
  badHex: [
    [
      "1001 addresses",
      `fde903${entryHex("01", sized(4)).repeat(1001)}`,
      "too_long",
      ["addresses"],
      0,
    ],
    ["more addresses than there are bytes", "0500000000", "short_read", ["addresses"], 1],
    [
      "a count in a longer form",
      `fd0100${entryHex("01", sized(4))}`,
      "non_canonical",
      ["addresses"],
      0,
    ],
    [
      "services in a longer form",
      `0129ab5f49${"fd0100"}01${sized(4)}208d`,
      "non_canonical",
      ["addresses", 0, "services"],
      5,
    ],
    [
      "services of 8 bytes that fit 4",
      `0129ab5f49${"ffffffffff00000000"}01${sized(4)}208d`,
      "non_canonical",
      ["addresses", 0, "services"],
      5,
    ],
    [
      "a length in a longer form",
      `01${entryHex("01", "fd0400cdcdcdcd")}`,
      "non_canonical",
      ["addresses", 0, "addr"],
      7,
    ],
    [
      "an address of 513 bytes",
      `01${entryHex("63", sized(513))}`,
      "too_long",
      ["addresses", 0, "addr"],
      7,
    ],
    [
      "an address of an IPv6 node of 513 bytes",
      `01${entryHex("02", sized(513))}`,
      "too_long",
      ["addresses", 0, "addr"],
      7,
    ],
    [
      "a second address without a port",
      `02${entryHex("01", sized(4))}${entryHex("01", sized(4), "20")}`,
      "short_read",
      ["addresses", 1, "port"],
      25,
    ],
  ],
});

describe("addrv2", () => {
  test("knows the networks of BIP 155 by their numbers", () => {
    const numbers = Object.fromEntries(networks.map(([name, id]) => [name, id]));
    expect(networkId).toEqual({ ...numbers, torv2: 3 });
  });

  test.each(networks)("takes no address of %s that has another length", (_name, id, right) => {
    for (const length of [0, 1, 3, 4, 5, 10, 15, 16, 17, 31, 32, 33, 252, 253, 512]) {
      const message = { type: "addrv2", addresses: [entry(id, filled(length, 0xcd))] } as const;
      const payload = fromHex(`01${entryHex(byte(id), sized(length))}`);
      if (length === right) {
        expect(bitcoinMessages.decode("addrv2", payload)).toStrictEqual(message);
        expect(bitcoinMessages.encode(message)).toEqual(payload);
        continue;
      }
      expect(thrown(() => bitcoinMessages.decode("addrv2", payload))).toMatchObject({
        code: "invalid_value",
        path: ["addrv2", "addresses", 0],
        offset: 1,
      });
      expect(thrown(() => bitcoinMessages.encode(message))).toMatchObject({
        code: "wrong_length",
        path: ["addrv2", "addresses", 0, "addr"],
      });
    }
  });

  test.each(free)("takes an address of any length up to 512 of network %i", (id) => {
    for (const length of [0, 1, 4, 10, 16, 32, 252, 253, 511, 512]) {
      const message = { type: "addrv2", addresses: [entry(id, filled(length, 0xcd))] } as const;
      const payload = fromHex(`01${entryHex(byte(id), sized(length))}`);
      expect(bitcoinMessages.decode("addrv2", payload)).toStrictEqual(message);
      expect(bitcoinMessages.encode(message)).toEqual(payload);
    }
  });

  // BIP 155: to be ignored, which is for the program to do: a message with one is no reason to drop the others.
  test.each([
    ["an IPv4 address in the form of IPv6", "00000000000000000000ffffcb007105"],
    ["an OnionCat address", "fd87d87eeb4300000000000000000000"],
  ])("reads %s", (_what, ip) => {
    const message = bitcoinMessages.decode("addrv2", fromHex(`01${entryHex("02", `10${ip}`)}`));
    expect(message).toStrictEqual({ type: "addrv2", addresses: [entry(2, fromHex(ip))] });
  });
});

test.each([
  ["addr", oneHex],
  ["addrv2", entryHex("01", sized(4))],
])("%s: what is understood ends in front of the list", (command, item) => {
  const payload = fromHex(`02${item}${item.slice(2)}`);
  const found = bitcoinMessages.inspect(command, payload);
  expect(found).toMatchObject({
    valid: false,
    message: { type: command },
    problem: { code: "short_read" },
  });
  if (!found.valid) expect(found.undecoded).toEqual(payload);
});
