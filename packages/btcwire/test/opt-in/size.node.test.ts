import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { bundle } from "../../../../tools/bundle.ts";
import { bitcoinMessages, type MessageCodec } from "../../src/index.ts";
import * as optIn from "../../src/opt-in/index.ts";

const entry = fileURLToPath(new URL("../../src/opt-in/index.ts", import.meta.url));
const exporting = (name: string): string => `export { ${name} } from ${JSON.stringify(entry)};`;

const codecs = Object.entries<unknown>(optIn).filter(
  (exported): exported is [string, MessageCodec] => {
    const [, value] = exported;
    return typeof value === "object" && value !== null && "command" in value && "tail" in value;
  },
);
const known = [...bitcoinMessages.codecs, ...codecs.map(([, codec]) => codec)];

/** The messages that a bundle describes: `message("sketch", …)`, whatever the minifier calls it. */
const describedIn = (code: string): string[] =>
  known
    .map(({ command }) => command)
    .filter((command) => new RegExp(`\\(["'\`]${command}["'\`][,)]`).test(code));

test("the lists hold every codec that is exported", () => {
  const lists = Object.values<unknown>(optIn).filter(Array.isArray) as MessageCodec[][];
  expect(codecs).toHaveLength(10);
  expect(new Set(lists.flat())).toEqual(new Set(codecs.map(([, codec]) => codec)));
});

test("no two messages have one command", () => {
  expect(new Set(known.map(({ command }) => command)).size).toBe(known.length);
});

test.each(codecs)("importing %s pulls in no other message", async (exported, { command }) => {
  const { code, gzipBytes } = await bundle("btcwire", exporting(exported));
  expect(describedIn(code)).toEqual([command]);
  expect(code).not.toContain(String(0x6a09_e667)); // SHA-256
  expect(gzipBytes, `${exported}: ${gzipBytes} bytes gzip`).toBeLessThan(2_800);
});

test.each([
  ["combinedHashOf", 3_500],
  ["packageRelayVersion", 200],
])("importing %s pulls in no message", async (exported, limit) => {
  const { code, gzipBytes } = await bundle("btcwire", exporting(exported));
  expect(describedIn(code)).toEqual([]);
  expect(gzipBytes, `${exported}: ${gzipBytes} bytes gzip`).toBeLessThan(limit);
});
