import { describe, expect, test } from "vitest";
import {
  formatHostPort,
  NetError,
  parseHostPort,
  type ParseHostPortOptions,
} from "../src/index.ts";
import { thrownBy } from "./failure.ts";

/** A well-formed name that belongs to nobody: 54 characters, then two that end in the version byte 3. */
const onion = `${"a2b3c4d5e6f7".repeat(4)}uvwxyz`;

describe("parseHostPort", () => {
  const valid: readonly (readonly [string, string, string, number, ParseHostPortOptions?])[] = [
    ["1.2.3.4:9735", "ipv4", "1.2.3.4", 9735],
    ["1.2.3.4:1", "ipv4", "1.2.3.4", 1],
    ["1.2.3.4:65535", "ipv4", "1.2.3.4", 65_535],
    ["1.2.3.4", "ipv4", "1.2.3.4", 8333, { defaultPort: 8333 }],
    ["1.2.3.4:9", "ipv4", "1.2.3.4", 9, { defaultPort: 8333 }],
    ["1.2.3.4:0", "ipv4", "1.2.3.4", 0, { allowPortZero: true }],
    ["[::1]:9735", "ipv6", "::1", 9735],
    ["[2001:DB8:0:0::1]:9735", "ipv6", "2001:db8::1", 9735],
    ["[::ffff:1.2.3.4]:9735", "ipv6", "::ffff:1.2.3.4", 9735],
    ["[::1]", "ipv6", "::1", 9735, { defaultPort: 9735 }],
    ["::1", "ipv6", "::1", 9735, { defaultPort: 9735 }],
    ["2001:db8::1:9735", "ipv6", "2001:db8::1:9735", 1, { defaultPort: 1 }],
    ["localhost:9735", "dns", "localhost", 9735],
    ["Node.Example:9735", "dns", "node.example", 9735],
    ["node.example.:9735", "dns", "node.example.", 9735],
    ["xn--bcher-kva.example:9735", "dns", "xn--bcher-kva.example", 9735],
    ["my_node-1.test:9735", "dns", "my_node-1.test", 9735],
    ["1.2.3.x4:9735", "dns", "1.2.3.x4", 9735],
    ["3com.example:9735", "dns", "3com.example", 9735],
    ["notonion:9735", "dns", "notonion", 9735],
    [`${"a".repeat(63)}.b:9735`, "dns", `${"a".repeat(63)}.b`, 9735],
    [`${"a.".repeat(126)}b:9735`, "dns", `${"a.".repeat(126)}b`, 9735],
    [`${"a.".repeat(126)}b.:65535`, "dns", `${"a.".repeat(126)}b.`, 65_535],
    [`${onion}ad.onion:9735`, "torv3", `${onion}ad.onion`, 9735],
    [`${onion}QD.ONION`, "torv3", `${onion}qd.onion`, 9735, { defaultPort: 9735 }],
  ];
  for (const [text, kind, host, port, options] of valid) {
    test(`reads ${text} ${JSON.stringify(options ?? {})}`, () => {
      expect(parseHostPort(text, options)).toEqual({ kind, host, port });
    });
  }

  const refused = [
    ["", ":", ":9735", "host", "host:", "1.2.3.4", "[::1]", "::1"],
    ["host:0", "host:65536", "host:99999", "host:100000", "host:-1", "host:+1", "host:1.5"],
    ["host:09735", "host:0x10", "host:1e3", "host: 1", "host:1 ", "host:१", "host:9735/"],
    ["[::1", "::1]:1", "[::1]9735", "[::1]:", "[]:1", "[1.2.3.4]:1", "[host]:1"],
    ["[fe80::1%eth0]:1", "[::1]:1:1", "[[::1]]:1", "1:2:3:4:5:6:7:8:9735"],
    ["1.2.3:1", "1.2.3.256:1", "1.2.3.04:1", "0x7f.1:1", "0x7f000001:1", "2130706433:1"],
    ["1.2.3.4.:1", "a.1:1", "a.0x:1", "1.2.3.4.5:1"],
    ["-a:1", "a-:1", "a..b:1", ".a:1", "a b:1", "a/b:1", "user@host:1", "http://host:1"],
    ["bücher.example:1", "\u212Aelvin.example:1", "a\0b:1", "a\nb:1", " a:1"],
    [`${"a".repeat(64)}.b:1`, `${"a.".repeat(127)}b:1`, "a".repeat(5_000_000)],
    [`${onion}aa.onion:1`, `${onion}bd.onion:1`, `${onion}ad.onion.:1`],
    [`www.${onion}ad.onion:1`, `${"a".repeat(16)}.onion:1`, "onion:1", "x.onion:1"],
  ].flat();
  for (const text of refused) {
    const title = text.slice(0, 40).replaceAll(/[^ -~]/g, "?");
    test(`refuses "${title}" (${text.length} characters)`, () => {
      const error = thrownBy(() => parseHostPort(text));
      expect(error).toBeInstanceOf(NetError);
      expect(error).toMatchObject({ code: "invalid_address" });
    });
  }

  const refusedWithDefault: readonly (readonly [string, number])[] = [
    ["host", 0],
    ["host", 65_536],
    ["host", 1.5],
    ["host:", 9735],
    ["1:2", 9735],
    ["1:2:3", 9735],
    ["[::1]:", 9735],
  ];
  for (const [text, defaultPort] of refusedWithDefault) {
    test(`refuses "${text}" with default port ${defaultPort}`, () => {
      const error = thrownBy(() => parseHostPort(text, { defaultPort }));
      expect(error).toMatchObject({ name: "NetError", code: "invalid_address" });
    });
  }

  test("names the bad text in the error, printable and short", () => {
    const error = thrownBy(() => parseHostPort(`a\u0007\u001b[31m${"b".repeat(500)}`));
    expect(error).toMatchObject({ address: `a??[31m${"b".repeat(73)}...` });
    expect(String(error)).toBe(
      `NetError: "a??[31m${"b".repeat(73)}..." is not an address: more than 270 characters`,
    );
  });
});

describe("formatHostPort", () => {
  test("puts brackets around IPv6 only", () => {
    expect(formatHostPort({ kind: "ipv6", host: "::1", port: 1 })).toBe("[::1]:1");
    expect(formatHostPort({ kind: "ipv4", host: "1.2.3.4", port: 1 })).toBe("1.2.3.4:1");
    expect(formatHostPort({ kind: "dns", host: "a.b", port: 1 })).toBe("a.b:1");
  });
});
