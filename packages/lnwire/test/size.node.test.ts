import { expect, test } from "vitest";
import { bundle } from "../../../tools/bundle.ts";
import * as lnwire from "../src/index.ts";

const { lightningMessages } = lnwire;
const names = lightningMessages.codecs.map(({ name }) => name);

/** The messages that a bundle describes: `message(18, "ping", …)`, whatever the minifier calls it. */
const describedIn = (code: string): string[] =>
  lightningMessages.codecs
    .filter(({ id, name }) => new RegExp(`\\(${id},["'\`]${name}["'\`],`).test(code))
    .map(({ name }) => name);

/** What only gossip signatures, features, checksums and texts bring. */
const foreign = /option_data_loss_protect|secp256k1|crc32|TextDecoder|testnet4/i;

const exportNameOf = (codec: unknown): string => {
  const found = Object.entries(lnwire).find(([, value]) => value === codec);
  if (found === undefined) throw new Error("a codec is not exported");
  return found[0];
};

test("the whole set describes every message: the test can see them", async () => {
  const { code } = await bundle("lnwire", `export { lightningMessages } from "@satwire/lnwire";`);
  expect(describedIn(code).sort()).toEqual(names.sort());
});

test.each(lightningMessages.codecs.map((codec) => [codec.name, exportNameOf(codec)] as const))(
  "importing %s pulls in no other message",
  async (name, exported) => {
    const { code, gzipBytes } = await bundle(
      "lnwire",
      `export { ${exported} } from "@satwire/lnwire";`,
    );
    expect(describedIn(code)).toEqual([name]);
    expect(foreign.exec(code)?.[0]).toBeUndefined();
    expect(gzipBytes, `${name}: ${gzipBytes} bytes gzip`).toBeLessThan(4_000);
  },
);

test("a set of two messages has its size stated", async ({ annotate }) => {
  const program = `import { messageSet, ping, pong } from "@satwire/lnwire";
    export const set = messageSet([ping, pong]);`;
  const { code, gzipBytes } = await bundle("lnwire", program);
  const text = `messageSet([ping, pong]): ${gzipBytes} bytes gzip, ${code.length} minified`;
  await annotate(text, "size");
  expect(describedIn(code)).toEqual(["ping", "pong"]);
  expect(foreign.exec(code)?.[0]).toBeUndefined();
  expect(gzipBytes, text).toBeLessThan(4_000);
});

test.each([
  ["formatShortChannelId", 800],
  ["hasFeatureBit", 300],
  ["channelIdOf", 3_000],
  ["tu64", 2_000],
])("%s brings no message", async (name, limit) => {
  const { code, gzipBytes } = await bundle("lnwire", `export { ${name} } from "@satwire/lnwire";`);
  expect(describedIn(code)).toEqual([]);
  expect(gzipBytes, `${name}: ${gzipBytes} bytes gzip`).toBeLessThan(limit);
});
