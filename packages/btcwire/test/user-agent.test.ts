import { describe, expect, test } from "vitest";
import { formatUserAgent, parseUserAgent, type UserAgentPart } from "../src/user-agent.ts";
import { thrown } from "./support/thrown.ts";

// BIP 14, Bitcoin Core's `test_FormatSubVersion`, and what nodes send.
const both: readonly (readonly [text: string, parts: readonly UserAgentPart[]])[] = [
  [
    "/Satoshi:5.64/bitcoin-qt:0.4/",
    [
      { name: "Satoshi", version: "5.64" },
      { name: "bitcoin-qt", version: "0.4" },
    ],
  ],
  [
    "/BitcoinJ:0.2(iPad; U; CPU OS 3_2_1)/AndroidBuild:0.8/",
    [
      { name: "BitcoinJ", version: "0.2", comments: ["iPad", "U", "CPU OS 3_2_1"] },
      { name: "AndroidBuild", version: "0.8" },
    ],
  ],
  ["/Test:9.99.0/", [{ name: "Test", version: "9.99.0" }]],
  ["/Test:9.99.0(comment1)/", [{ name: "Test", version: "9.99.0", comments: ["comment1"] }]],
  ["/bcoin:v2.2.0/", [{ name: "bcoin", version: "v2.2.0" }]],
  [
    "/btcwire:0.5.0/btcd:0.24.2/",
    [
      { name: "btcwire", version: "0.5.0" },
      { name: "btcd", version: "0.24.2" },
    ],
  ],
  [
    "/Satoshi:27.1.0/Knots:20240801/",
    [
      { name: "Satoshi", version: "27.1.0" },
      { name: "Knots", version: "20240801" },
    ],
  ],
  [
    "/bitcoinj:0.14.3/Bitcoin Wallet:4.72/",
    [
      { name: "bitcoinj", version: "0.14.3" },
      { name: "Bitcoin Wallet", version: "4.72" },
    ],
  ],
  ["/a:1-r2(b)/", [{ name: "a", version: "1-r2", comments: ["b"] }]],
  ["/a/", [{ name: "a" }]],
  ["/a(b)/", [{ name: "a", comments: ["b"] }]],
  ["/a:/", [{ name: "a", version: "" }]],
];

describe("a user agent", () => {
  test.each(both)("%s", (text, parts) => {
    expect(parseUserAgent(text)).toStrictEqual(parts);
    expect(formatUserAgent(parts)).toBe(text);
  });

  test.each([
    ["/Satoshi:0.7.2", [{ name: "Satoshi", version: "0.7.2" }]],
    ["/a:1()/", [{ name: "a", version: "1" }]],
    ["/a:1(b;c;)/", [{ name: "a", version: "1", comments: ["b", "c"] }]],
    [
      "/Test:9.99.0(comment1; Comment2; .,_?@-; )/",
      [{ name: "Test", version: "9.99.0", comments: ["comment1", "Comment2", ".,_?@-"] }],
    ],
    [
      "/a:1(https://example.org/x)/b:2/",
      [
        { name: "a", version: "1", comments: ["https://example.org/x"] },
        { name: "b", version: "2" },
      ],
    ],
    ["/a:1(b", undefined],
    ["/a:1(b/", undefined],
    ["/\x1b[2J:\xff/", [{ name: "\x1b[2J", version: "\xff" }]],
  ])("as strangers write it: %j", (text, parts) => {
    expect(parseUserAgent(text)).toStrictEqual(parts);
  });

  test.each([
    "",
    "/",
    "//",
    "a",
    "Satoshi:1/",
    " /Satoshi:1/",
    "/a//",
    "//a/",
    "/:1/",
    "/(b)/",
    "/a:1:2/",
    "/a:1(b)(c)/",
    "/a:1(b)c/",
    "/a(b):1/",
    "/a:1)/",
    "/a:1((b))/",
    "/a:1/(b)/",
    "/a:1/\n/:",
  ])("in another form: %j", (text) => {
    expect(parseUserAgent(text)).toBeUndefined();
  });

  test("of a million characters is read at once", () => {
    for (const unit of ["/a", "a", "/", "(", ":", "(a)", "/a:1(b)"]) {
      parseUserAgent(`/${unit.repeat(1_000_000)}`);
      parseUserAgent(`/${unit.repeat(1_000_000)}(`);
    }
    expect(parseUserAgent("/a".repeat(1000))).toHaveLength(1000);
  });
});

describe("a user agent that is not written", () => {
  const part = { name: "a", version: "1", comments: ["b", "c"] };

  test.each([
    ["without a part", [], []],
    ["without a name", [part, { name: "" }], [1, "name"]],
    ...["/", ":", "(", ")", "\n", "\x7f", "\xe4", "\u0100"].flatMap((character) => [
      [`${character} in a name`, [{ ...part, name: `a${character}` }], [0, "name"]] as const,
      [`${character} in a version`, [{ ...part, version: character }], [0, "version"]] as const,
      [
        `${character} in a comment`,
        [{ ...part, comments: ["b", `c${character}c`] }],
        [0, "comments", 1],
      ] as const,
    ]),
    ["; in a comment", [{ ...part, comments: ["a;b"] }], [0, "comments", 0]],
    ["a space in front of a comment", [{ ...part, comments: [" a"] }], [0, "comments", 0]],
    ["a space behind a comment", [{ ...part, comments: ["a "] }], [0, "comments", 0]],
    ["an empty comment", [{ ...part, comments: ["b", ""] }], [0, "comments", 1]],
  ] as const)("%j", (_, parts, path) => {
    expect(thrown(() => formatUserAgent(parts))).toMatchObject({
      name: "EncodeError",
      code: "invalid_value",
      path,
    });
  });

  test("has more than 256 characters", () => {
    const fits = formatUserAgent([{ name: "a", version: "1".repeat(252) }]);
    expect(fits).toHaveLength(256);
    const parts = [{ name: "a", version: "1".repeat(253) }];
    expect(thrown(() => formatUserAgent(parts))).toMatchObject({ code: "too_long" });
  });

  test("has no comments for an empty list", () => {
    expect(formatUserAgent([{ name: "a", version: "1", comments: [] }])).toBe("/a:1/");
  });
});
