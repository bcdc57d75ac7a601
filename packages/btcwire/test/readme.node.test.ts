import { readFileSync } from "node:fs";
import { equalBytes } from "@satwire/codec";
import { expect, test } from "vitest";
import {
  type BitcoinMessage,
  bitcoinMessages,
  blockHashOf,
  formatHash,
  indexBlock,
  type KnownMessage,
  networks,
  V1Transport,
  V2Transport,
} from "../src/index.ts";
import { found, isNear, key } from "./examples/addresses.ts";
import { name, paid } from "./examples/bitcoinjs.ts";
import { summary } from "./examples/blocks.ts";
import { messagesOf, type Socket } from "./examples/connection.ts";
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
    "connection",
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

const options = { network: networks.regtest, messages: bitcoinMessages };

/** The socket of a node that answers `version`, and hangs up after a `verack` or what it cannot read. */
function socketOf(node: V1Transport<KnownMessage> | V2Transport<KnownMessage>): Socket {
  const chunks: Uint8Array[] = [];
  let isOpen = true;
  return {
    write(bytes) {
      const { events, reply, failure } = node.push(bytes);
      isOpen &&= failure === undefined;
      if (reply !== undefined) chunks.push(reply);
      for (const event of events) {
        if (event.type !== "message" || event.message.type !== "version") continue;
        chunks.push(node.encode(event.message), node.encode({ type: "verack" }));
        isOpen = false;
      }
    },
    close() {
      isOpen = false;
    },
    async *[Symbol.asyncIterator]() {
      for (const chunk of chunks) yield chunk;
      if (isOpen) throw new Error("both sides wait");
    },
  };
}

test.each([
  { name: "v2", dialled: ["v2"], nodes: () => [V2Transport.responder(options)] },
  {
    name: "v1 only",
    dialled: ["v1", "v1"],
    nodes: () => [new V1Transport(options), new V1Transport(options)],
  },
])("the example of a connection hears a node that talks $name", async ({ dialled, nodes }) => {
  const hello: BitcoinMessage = {
    type: "version",
    version: 70_016,
    services: 0n,
    timestamp: 1_700_000_000n,
    addrRecv: { services: 0n, ip: new Uint8Array(16), port: 0 },
  };
  const [all, met] = [nodes(), [] as string[]];
  const dial = (): Socket => {
    const node = all[met.length];
    if (node === undefined) throw new Error("dialled once more");
    met.push(node instanceof V1Transport ? "v1" : "v2");
    return socketOf(node);
  };
  const heard: BitcoinMessage[] = [];
  for await (const message of messagesOf(dial, hello)) heard.push(message);
  expect(heard).toEqual([hello, { type: "verack" }]);
  expect(met).toEqual(dialled);
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
