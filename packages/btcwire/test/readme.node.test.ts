import { readFileSync } from "node:fs";
import { equalBytes } from "@satwire/codec";
import { expect, test } from "vitest";
import { blockHashOf, formatHash, indexBlock } from "../src/index.ts";
import { found, isNear, key } from "./examples/addresses.ts";
import { name, paid } from "./examples/bitcoinjs.ts";
import { summary } from "./examples/blocks.ts";
import { payload, received } from "./examples/custom-message.ts";
import { report } from "./examples/errors.ts";
import { concerns, filterOf } from "./examples/filters.ts";
import { report as inspected } from "./examples/inspect.ts";
import { hello, unknown } from "./examples/messages.ts";
import { payload as optIn } from "./examples/opt-in.ts";
import { failed, numRuns } from "./examples/testing.ts";
import { heard, length, sessionIds } from "./examples/transports.ts";
import { realBlock } from "./support/real-blocks.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

test("the examples of the README are the files that are compiled and run here", () => {
  const names = [
    "messages",
    "blocks",
    "transports",
    "custom-message",
    "opt-in",
    "addresses",
    "filters",
    "inspect",
    "testing",
    "bitcoinjs",
    "errors",
  ];
  const files = names.map((example) => read(`examples/${example}.ts`));
  const blocks = [...read("../README.md").matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
  expect(blocks).toEqual(files);
});

test("the examples do what their comments say", () => {
  expect([hello, unknown]).toEqual(["ping 7", "dandeliontx, 2 bytes"]);
  expect([...payload]).toEqual([11, 2, 1, 0, 0, 0, 0, 0, 0]);
  expect(received).toEqual({ type: "hello", volume: 11, echo: 258n });
  expect(inspected).toEqual([1000n, "trailing_bytes", 8]);
  expect(optIn).toEqual(Uint8Array.of(1, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0));
  const onion = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion:8333";
  expect(found).toEqual(["5.6.7.8:8333 network,witness,p2pV2", `${onion} network,witness`]);
  expect([key, isNear]).toEqual(["5.6.7.8:8333", true]);
  expect([heard, length]).toEqual([["ping"], 29]);
  const [ours, theirs] = sessionIds;
  expect(ours !== undefined && theirs !== undefined && equalBytes(ours, theirs)).toBe(true);
  expect([failed, numRuns]).toEqual([false, 200]);
  expect(report).toBe("short_read at byte 37 in inv.inventory.1.type");
  expect(paid).toEqual(["50000 to tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"]);
  expect(name).toBe("testnet4");
});

test("the examples with blocks do it with a block of the chain", () => {
  const block = realBlock(482_683);
  expect(summary(block)).toEqual({
    transactions: 12,
    weight: 35_715,
    hasWork: true,
    merkleRoot: "valid",
    witnesses: "valid",
    paid: expect.any(BigInt),
  });
  const index = indexBlock(block);
  const hash = blockHashOf(block.header);
  const filter = filterOf(index, hash, []);
  const [script] = index.transaction(1).outputs.map(({ scriptPubKey }) => scriptPubKey);
  expect(concerns(filter, [script as Uint8Array])).toBe(true);
  expect(concerns(filter, [Uint8Array.of(1, 2, 3)]), formatHash(hash)).toBe(false);
});
