import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { bundle } from "../../../../tools/bundle.ts";
import { lightningMessages, type MessageCodec } from "../../src/index.ts";
import * as optIn from "../../src/opt-in/index.ts";

const entry = fileURLToPath(new URL("../../src/opt-in/index.ts", import.meta.url));
const exporting = (name: string): string => `export { ${name} } from ${JSON.stringify(entry)};`;

const codecs = Object.entries<unknown>(optIn).filter(
  (exported): exported is [string, MessageCodec] => {
    const [, value] = exported;
    return typeof value === "object" && value !== null && "id" in value && "tlvs" in value;
  },
);
const known = [...lightningMessages.codecs, ...codecs.map(([, codec]) => codec)];

/** The messages that a bundle describes: `message(18, "ping", …)`, whatever the minifier calls it. */
const describedIn = (code: string): string[] => {
  const found = known.filter(({ id, name }) =>
    new RegExp(`\\(${id},["'\`]${name}["'\`],`).test(code),
  );
  return [...new Set(found.map(({ name }) => name))];
};

test("the lists hold every codec that is exported", () => {
  const lists = Object.values<unknown>(optIn).filter(Array.isArray) as MessageCodec[][];
  expect(codecs).toHaveLength(26);
  expect(new Set(lists.flat())).toEqual(new Set(codecs.map(([, codec]) => codec)));
});

test.each(codecs)("importing %s pulls in no other message", async (exported, { name }) => {
  const { code, gzipBytes } = await bundle("lnwire", exporting(exported));
  expect(describedIn(code)).toEqual([name]);
  expect(/secp256k1|crc32|TextDecoder|testnet4/i.exec(code)?.[0]).toBeUndefined();
  expect(gzipBytes, `${exported}: ${gzipBytes} bytes gzip`).toBeLessThan(3_500);
});

test.each([
  ["taprootGossipHash", 4_500],
  ["jsonText", 900],
  ["channelUpdate2Defaults", 200],
  ["publicNonce", 900],
])("importing %s pulls in no message", async (exported, limit) => {
  const { code, gzipBytes } = await bundle("lnwire", exporting(exported));
  expect(describedIn(code)).toEqual([]);
  expect(gzipBytes, `${exported}: ${gzipBytes} bytes gzip`).toBeLessThan(limit);
});
