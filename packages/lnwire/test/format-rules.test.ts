import { describe, expect, test } from "vitest";
import { featureVector, formatMessage, type FormatOptions, fromHex, toHex } from "../src/index.ts";

const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const alarm = "\ufffd";

/** An object that is no message of ours. */
const custom = (fields: object, options?: FormatOptions): string =>
  formatMessage({ type: "own", ...fields }, options);

// The first transaction of mainnet: as it is hashed and as everybody shows it.
const txid = fromHex("3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a");
const shownTxid = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b";

describe("transaction ids are in the order of display", () => {
  test.each([
    "txid",
    "fundingTxid",
    "sharedInputTxid",
    "spliceTxid",
    "nextFundingTxid",
    "myCurrentFundingLockedTxid",
  ])("%s", (field) => {
    expect(custom({ [field]: txid })).toBe(`own ${field}=${shownTxid}`);
    expect(custom({ inside: [{ [field]: txid }] })).toBe(`own inside=[{${field}=${shownTxid}}]`);
  });

  test("and nothing else is", () => {
    for (const field of ["channelId", "paymentHash", "txids", "txidOf", "prevtx", "hmac"]) {
      expect(custom({ [field]: txid })).toBe(`own ${field}=${toHex(txid)}`);
    }
    expect(custom({ txid: fromHex("0102") })).toBe("own txid=0102");
  });
});

describe("features", () => {
  test.each(["features", "globalfeatures", "channelType", "allowedFeatures"])("of %s", (field) => {
    const vector = featureVector([0, 23]);
    expect(custom({ [field]: vector })).toBe(`own ${field}=[0, 23]`);
    expect(custom({ [field]: vector }, { multiline: true })).toBe(
      `own\n  ${field}:\n    option_data_loss_protect (required, 0)\n    option_anchors (optional, 23)`,
    );
  });

  test("of zeros are none", () => {
    expect(custom({ features: filled(3, 0) })).toBe("own features=[]");
    expect(custom({ features: filled(3, 0) }, { multiline: true })).toBe("own\n  features: []");
  });

  test("are cut", () => {
    const every = { features: filled(65000, 255) };
    expect(custom(every)).toBe("own features=[0, 1, 2, 3, 4, 5, 6, 7, … 519992 more]");
    expect(custom(every, { maxItems: 2 })).toBe("own features=[0, 1, … 519998 more]");
    for (const [maxItems, shown] of [
      [undefined, 64],
      [2, 64],
      [67, 67],
    ] as const) {
      const lines = custom(every, { multiline: true, maxItems }).split("\n").slice(2);
      expect(lines.length).toBe(shown + 1);
      expect(lines[0]).toBe("    option_data_loss_protect (required, 0)");
      expect(lines[shown - 1]).toMatch(new RegExp(`^ {4}\\S+ .*\\b${shown - 1}\\b.*\\)$`));
      expect(lines[shown]).toBe(`    … ${520_000 - shown} more`);
    }
  });

  test("may be beyond those of any message", () => {
    const vector = filled(70_000, 0).fill(0x80, 0, 1);
    expect(custom({ features: vector })).toBe("own features=[559999]");
    expect(custom({ features: vector }, { multiline: true })).toBe(
      "own\n  features:\n    unknown (optional, 559999)",
    );
  });
});

describe("text of strangers", () => {
  test.each([
    ["\u001b[2J\r\n", "0x1b5b324a0d0a"],
    ["caf\u00e9", "0x636166c3a9"],
    ["", ""],
  ])("data %j is shown as %s", (text, shown) => {
    expect(custom({ data: utf8(text) })).toBe(`own data="${shown}"`);
    expect(custom({ data: utf8(text) }, { multiline: true })).toBe(`own\n  data: "${shown}"`);
  });

  test.each([
    ["a line feed and a tab", "a\nb\tc", `a${alarm}b${alarm}c`],
    ["quotes and a backslash", 'a"b\\', 'a\\"b\\\\'],
    ["bidi control characters", "\u202ea\u2066b\u200fc", `${alarm}a${alarm}b${alarm}c`],
    ["line separators", "a\u2028b\u2029c\u0085d", `a${alarm}b${alarm}c${alarm}d`],
    ["an unpaired surrogate", "a\ud800b", `a${alarm}b`],
    [
      "letters of all kinds",
      "\u00e9\u20bf\u{1f680}\u0416\u4e2d",
      "\u00e9\u20bf\u{1f680}\u0416\u4e2d",
    ],
  ])("with %s is shown as such wherever it is", (_what, text, shown) => {
    expect(custom({ alias: utf8(text) }).replace(/\ufffd+/g, alarm)).toBe(`own alias="${shown}"`);
    expect(custom({ note: text })).toBe(`own note="${shown}"`);
    expect(custom({ notes: [text] }, { multiline: true })).toBe(`own\n  notes:\n    "${shown}"`);
    expect(custom({ inside: { note: text } })).toBe(`own inside={note="${shown}"}`);
    expect(custom({ unknown: [{ type: text, value: fromHex("") }] })).toBe(
      `own unknown=[{type="${shown}" value=(0 bytes)}]`,
    );
    const address = { type: "dns", hostname: text, port: 1 };
    expect(custom({ addresses: [address] })).toBe(
      `own addresses=[{type="dns" hostname="${shown}" port=1}]`,
    );
    const unquoted = shown.replaceAll(/\\(.)/g, "$1");
    expect(custom({ [text]: 1 })).toBe(`own ${unquoted}=1`);
    expect(custom({ symbol: Symbol(text) })).toBe(`own symbol=Symbol(${unquoted})`);
    expect(formatMessage({ type: text })).toBe(unquoted);
  });

  test("is cut at 120 characters, or at maxBytes if that is more", () => {
    const text = "x".repeat(150);
    const cut = `"${"x".repeat(120)}…"`;
    for (const maxBytes of [0, 33, 120]) {
      expect(custom({ data: utf8(text) }, { maxBytes })).toBe(`own data=${cut}`);
      expect(custom({ alias: utf8(text) }, { maxBytes })).toBe(`own alias=${cut}`);
      expect(custom({ note: text }, { maxBytes })).toBe(`own note=${cut}`);
    }
    expect(custom({ note: text.slice(30) })).toBe(`own note="${"x".repeat(120)}"`);
    expect(custom({ note: text }, { maxBytes: 150 })).toBe(`own note="${text}"`);
    expect(custom({ note: text }, { multiline: true })).toBe(`own\n  note: "${text}"`);
    expect(custom({ data: filled(60, 0xff) })).toBe(`own data="0x${"ff".repeat(59)}…"`);
    const tooLong = { data: filled(65535, 0xff) };
    expect(custom(tooLong, { multiline: true })).toBe(`own\n  data: "0x${"ff".repeat(32766)}f…"`);
  });

  test("that is cut inside a character shows it", () => {
    expect(custom({ note: `${"x".repeat(119)}\u{1f680}` })).toBe(
      `own note="${"x".repeat(119)}${alarm}…"`,
    );
  });
});

describe("byte strings", () => {
  test("beyond 33 bytes are cut in one line", () => {
    expect(custom({ a: filled(33, 1), b: filled(34, 2) })).toBe(
      `own a=${"01".repeat(33)} b=0202020202020202… (34 bytes)`,
    );
  });

  test.each<[maxBytes: number, a: string]>([
    [5, "0101010101"],
    [4, "01010101… (5 bytes)"],
    [1, "01… (5 bytes)"],
    [0, "… (5 bytes)"],
  ])("beyond maxBytes %i are cut", (maxBytes, shown) => {
    expect(custom({ a: filled(5, 1) }, { maxBytes })).toBe(`own a=${shown}`);
    expect(custom({ a: filled(5, 1) }, { maxBytes, multiline: true })).toBe(`own\n  a: ${shown}`);
  });

  test("are whole with a field per line, and may be cut there too", () => {
    const whole = "03".repeat(65535);
    expect(custom({ a: filled(65535, 3) }, { multiline: true })).toBe(`own\n  a: ${whole}`);
    expect(custom({ a: filled(65536, 3) }, { multiline: true })).toBe(
      "own\n  a: 0303030303030303… (65536 bytes)",
    );
    expect(custom({ inside: { a: [filled(34, 3)] } }, { multiline: true, maxBytes: 33 })).toBe(
      "own\n  inside: {a=[0303030303030303… (34 bytes)]}",
    );
  });

  test("of a length that their names do not have are cut too", () => {
    for (const field of ["chainHash", "networks", "rgbColor", "txid"]) {
      expect(custom({ [field]: filled(70, 4) })).toBe(`own ${field}=0404040404040404… (70 bytes)`);
    }
  });

  test("in an opaque address and in records are cut too", () => {
    expect(custom({ remoteAddr: { type: "opaque", data: filled(34, 6) } })).toBe(
      "own remoteAddr=opaque 0606060606060606… (34 bytes)",
    );
    expect(custom({ unknown: [{ type: 1n, value: filled(34, 6) }] })).toBe(
      "own unknown=[1: 0606060606060606… (34 bytes)]",
    );
  });
});

describe("lists", () => {
  const nine = [1, 2, 3, 4, 5, 6, 7, 8, 9];

  test("beyond 8 items are cut", () => {
    expect(custom({ a: nine })).toBe("own a=[1, 2, 3, 4, 5, 6, 7, 8, … 1 more]");
    expect(custom({ a: nine.slice(1) })).toBe("own a=[2, 3, 4, 5, 6, 7, 8, 9]");
    const lines = custom({ a: nine }, { multiline: true }).split("\n");
    expect(lines.slice(-2)).toEqual(["    8", "    … 1 more"]);
    expect(lines.length).toBe(11);
  });

  test("beyond maxItems are cut, in objects and in lists too", () => {
    expect(custom({ a: nine, b: { c: nine }, d: [nine] }, { maxItems: 2 })).toBe(
      "own a=[1, 2, … 7 more] b={c=[1, 2, … 7 more]} d=[[1, 2, … 7 more]]",
    );
    expect(custom({ a: nine }, { maxItems: 0 })).toBe("own a=[… 9 more]");
    expect(custom({ a: nine }, { maxItems: 9 })).not.toContain("more");
  });

  test("in lists do not open lines of their own", () => {
    expect(custom({ a: [[1, 2], [[]], [{ b: [3] }]] }, { multiline: true })).toBe(
      "own\n  a:\n    [1, 2]\n    [[]]\n    [{b=[3]}]",
    );
  });
});

describe("times", () => {
  test.each<[timestamp: unknown, shown: string]>([
    [0xffff_ffff, "4294967295 (2106-02-07T06:28:15.000Z)"],
    [8.64e12, "8640000000000 (+275760-09-13T00:00:00.000Z)"],
    [8.64e12 + 1, "8640000000001"],
    [-1, "-1 (1969-12-31T23:59:59.000Z)"],
    [Number.NaN, "NaN"],
    [Infinity, "Infinity"],
    [1n, "1"],
  ])("%s", (timestamp, shown) => {
    expect(custom({ timestamp }, { multiline: true })).toBe(`own\n  timestamp: ${shown}`);
    expect(custom({ timestamp })).toBe(`own timestamp=${String(timestamp)}`);
  });

  test("inside an object are numbers", () => {
    expect(custom({ a: { timestamp: 1 } }, { multiline: true })).toBe("own\n  a: {timestamp=1}");
  });
});

// Fields of a draft that have other names for the same things.
describe("gossip of taproot channels", () => {
  const fields: readonly (readonly [what: string, fields: object, shown: string])[] = [
    ["color", { color: fromHex("ff8000") }, "color=#ff8000"],
    [
      "ipv4Addrs",
      { ipv4Addrs: [{ type: "ipv4", address: fromHex("cb007105"), port: 9735 }] },
      "ipv4Addrs=[203.0.113.5:9735]",
    ],
    [
      "ipv6Addrs",
      { ipv6Addrs: [{ type: "ipv6", address: filled(16, 0), port: 1 }] },
      "ipv6Addrs=[[::]:1]",
    ],
    [
      "torV3Addrs",
      { torV3Addrs: [{ type: "torv3", address: filled(35, 0), port: 1 }] },
      `torV3Addrs=[${"a".repeat(56)}.onion:1]`,
    ],
    [
      "dnsHostname",
      { dnsHostname: { hostname: utf8("example.org"), port: 1 } },
      'dnsHostname={hostname="example.org" port=1}',
    ],
    [
      "a hostname with a line feed",
      { dnsHostname: { hostname: utf8("a\nb"), port: 1 } },
      'dnsHostname={hostname="0x610a62" port=1}',
    ],
  ];
  test.each(fields)("%s", (_what, value, shown) => {
    expect(custom(value)).toBe(`own ${shown}`);
  });
});

describe("what is not what its name says", () => {
  const misnamed: readonly (readonly [fields: object, shown: string])[] = [
    [{ shortChannelId: 5 }, "shortChannelId=5"],
    [{ shortChannelIds: 5n }, "shortChannelIds=0x0x5"],
    [{ shade: fromHex("ff8000") }, "shade=ff8000"],
    [
      { from: { type: "dns", hostname: "example.org", port: 1 } },
      'from={type="dns" hostname="example.org" port=1}',
    ],
    [{ channelId: 5n, shortChannelIdAlias: 5n }, "channelId=5 shortChannelIdAlias=5"],
    [{ shortChannelId: "5" }, 'shortChannelId="5"'],
    [{ shortChannelId: -1n }, "shortChannelId=-1"],
    [{ shortChannelIds: [2n ** 64n] }, "shortChannelIds=[18446744073709551616]"],
    [{ color: fromHex("ff80") }, "color=ff80"],
    [{ colour: fromHex("ff8000") }, "colour=ff8000"],
    [{ features: [1] }, "features=[1]"],
    [{ alias: "a" }, 'alias="a"'],
    [{ data: [1] }, "data=[1]"],
    [{ addresses: [null] }, "addresses=[null]"],
    [{ addresses: [{}] }, "addresses=[{}]"],
    [{ addresses: [{ type: "ipv4" }] }, 'addresses=[{type="ipv4"}]'],
    [
      { addresses: [{ type: "ipv4", address: filled(5, 1), port: 1 }] },
      'addresses=[{type="ipv4" address=0101010101 port=1}]',
    ],
    [{ remoteAddr: { type: "opaque" } }, 'remoteAddr={type="opaque"}'],
    [{ remoteAddr: { type: "toString" } }, 'remoteAddr={type="toString"}'],
    [{ unknown: [{ type: 1, value: "x" }] }, 'unknown=[{type=1 value="x"}]'],
    [{ unknown: [{ type: 1n }, null, 5] }, "unknown=[{type=1}, null, 5]"],
    [{ unknown: [{ type: 1n, value: [1] }] }, "unknown=[1: [1]]"],
    [{ records: [{ type: 1n, value: fromHex("02") }] }, "records=[{type=1 value=02}]"],
    [{ a: undefined, b: null, c: true, d: -1n, e: 0.5 }, "b=null c=true d=-1 e=0.5"],
    [{ a: { b: undefined } }, "a={}"],
    [{ a: Object.create(null) as object }, "a={}"],
  ];
  test.each(misnamed.map(([fields, shown]) => [shown, fields] as const))("%s", (shown, fields) => {
    expect(custom(fields)).toBe(`own ${shown}`);
  });

  test("a list that contains itself is cut", () => {
    const own: unknown[] = [1];
    own.push(own);
    expect(custom({ own })).toBe(`own own=${"[1, ".repeat(7)}[…, …${"]".repeat(8)}`);
  });

  test("an object that contains itself is cut", () => {
    const own: Record<string, unknown> & { readonly type: string } = { type: "own" };
    own["self"] = own;
    expect(formatMessage(own)).toMatch(/^own( self=\{type="own"){7} self=\{type=… self=…\}{8}$/);
    own["self"] = [own["self"]];
    expect(formatMessage(own, { multiline: true })).toContain("…");
  });
});
