import { expect, test } from "vitest";
import { bundle } from "../../../tools/bundle.ts";
import * as btcwire from "../src/index.ts";

const { bitcoinMessages } = btcwire;
const commands = bitcoinMessages.codecs.map(({ command }) => command);

/** The messages that a bundle describes: `message("ping", …)` or `signal("verack")`, whatever the minifier calls it. */
const describedIn = (code: string): string[] =>
  commands.filter((command) => new RegExp(`\\(["'\`]${command}["'\`][,)]`).test(code));

/** What only transports, hashes, ciphers, addresses as texts and networks bring. */
const foreign = new RegExp(
  [
    "secp256k1|chacha|poly1305|node:crypto|bitcoinjs|testnet4|TextDecoder|onion",
    0x6a09_e667, // SHA-256
    0x736f_6d65, // SipHash
    0xcc9e_2d51, // MurmurHash
  ].join("|"),
  "i",
);

const exportNameOf = (codec: unknown): string => {
  const found = Object.entries(btcwire).find(([, value]) => value === codec);
  if (found === undefined) throw new Error("a codec is not exported");
  return found[0];
};
const exporting = (name: string): string => `export { ${name} } from "@satwire/btcwire";`;

test("the whole set describes every message: the test can see them", async ({ annotate }) => {
  const { code, gzipBytes } = await bundle("btcwire", exporting("bitcoinMessages"));
  const text = `bitcoinMessages: ${gzipBytes} bytes gzip, ${code.length} minified`;
  await annotate(text, "size");
  expect(describedIn(code).sort()).toEqual(commands.toSorted());
  expect(foreign.exec(code)?.[0]).toBeUndefined();
  expect(gzipBytes, text).toBeLessThan(8_000);
});

test.each(bitcoinMessages.codecs.map((codec) => [codec.command, exportNameOf(codec)] as const))(
  "importing %s pulls in no other message",
  async (command, exported) => {
    const { code, gzipBytes } = await bundle("btcwire", exporting(exported));
    expect(describedIn(code)).toEqual([command]);
    expect(foreign.exec(code)?.[0]).toBeUndefined();
    expect(gzipBytes, `${command}: ${gzipBytes} bytes gzip`).toBeLessThan(3_500);
  },
);

test("a set of two messages has its size stated", async ({ annotate }) => {
  const program = `import { messageSet, inv, getdata } from "@satwire/btcwire";
    export const set = messageSet([inv, getdata]);`;
  const { code, gzipBytes } = await bundle("btcwire", program);
  const text = `messageSet([inv, getdata]): ${gzipBytes} bytes gzip, ${code.length} minified`;
  await annotate(text, "size");
  expect(describedIn(code).sort()).toEqual(["getdata", "inv"]);
  expect(foreign.exec(code)?.[0]).toBeUndefined();
  expect(gzipBytes, text).toBeLessThan(4_000);
});

test.each([
  ["formatHash", 400],
  ["targetOf", 500],
  ["compactSize", 1_500],
  ["transaction", 2_500],
  ["inventoryType", 300],
  ["hash256", 3_500],
])("%s brings no message", async (name, limit) => {
  const { code, gzipBytes } = await bundle("btcwire", exporting(name));
  expect(describedIn(code)).toEqual([]);
  expect(gzipBytes, `${name}: ${gzipBytes} bytes gzip`).toBeLessThan(limit);
});

test("outside of Node hashes are made without it", async () => {
  const { code } = await bundle("btcwire", exporting("hash256"));
  expect(code).not.toMatch(/node:|\bimport\b/);
  expect(code).toContain(String(0x6a09_e667));
});
