import { formatNodeAddress, parseNodeAddress, PeerError, torTimeouts } from "@satwire/lnp2p";
import { fromHex } from "@satwire/lnwire";
import { describe, expect, test } from "vitest";

const key = "028d7500dd4c12685d1f568b4c2b5048e8534b873319f3a8daa612b469132ec7f7";
const onion = "vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd.onion";

describe("a node address", () => {
  test.each([
    ["1.2.3.4:9736", { kind: "ipv4", host: "1.2.3.4", port: 9736 }],
    ["1.2.3.4", { kind: "ipv4", host: "1.2.3.4", port: 9735 }],
    ["[2001:DB8::1]:1", { kind: "ipv6", host: "2001:db8::1", port: 1 }],
    ["[::1]", { kind: "ipv6", host: "::1", port: 9735 }],
    ["::1", { kind: "ipv6", host: "::1", port: 9735 }],
    ["Node.Example:65535", { kind: "dns", host: "node.example", port: 65535 }],
    [`${onion}:80`, { kind: "torv3", host: onion, port: 80 }],
    [onion, { kind: "torv3", host: onion, port: 9735 }],
  ])("at %s", (where, address) => {
    const parsed = parseNodeAddress(`${key}@${where}`);
    expect(parsed).toEqual({ publicKey: fromHex(key), address });
    expect(parseNodeAddress(formatNodeAddress(parsed))).toEqual(parsed);
  });

  test("has a key in either case", () => {
    expect(parseNodeAddress(`${key.toUpperCase()}@a.example`).publicKey).toEqual(fromHex(key));
  });

  test.each([
    ["", "nothing"],
    ["a.example:9735", "no key"],
    [key, "no host"],
    [`${key}@`, "an empty host"],
    [`${key}@:9735`, "an empty host with a port"],
    [`04${key.slice(2)}@a.example`, "a key that is not compressed"],
    [`${key}00@a.example`, "a key that is too long"],
    [`${key.slice(0, -1)}g@a.example`, "a key that is not hex"],
    [`${key}@a.example:0`, "port 0"],
    [`${key}@a.example:65536`, "a port that is too large"],
    [`${key}@a.example:97x`, "a port that is no number"],
    [`${key}@1.2.3.256`, "an IPv4 address that is none"],
    [`${key}@[::1`, "an open bracket"],
    [`${key}@short.onion:9735`, "a Tor name of no version 3"],
    [`${key}@two words.example`, "a space"],
    [`${key}@${key}@a.example`, "two keys"],
  ])("is not %j: %s", (text) => {
    expect(() => parseNodeAddress(text)).toThrow(PeerError);
    expect(() => parseNodeAddress(text)).toThrow(
      expect.objectContaining({ code: "invalid_address" }),
    );
  });

  test("never shows control characters of bad text", () => {
    expect(() => parseNodeAddress(`${key}@\u001b[2Jx`)).not.toThrow("\u001b");
  });
});

test("Tor gets three times the time", () => {
  expect(torTimeouts()).toEqual({
    dialMs: 90_000,
    handshakeMs: 45_000,
    initMs: 45_000,
    closeMs: 6_000,
  });
});
