// The examples of the README, each run as a program of its own.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { formatNodeAddress, parseNodeAddress, SimplePeer } from "@satwire/lnp2p";
import { toHex } from "@satwire/lnwire";
import { GossipStore, LoopbackLightningNode } from "@satwire/testkit";
import { expect, test } from "vitest";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

/** Starts an example; its lines of output, and a way to end it. */
function start(name: string, ...args: string[]) {
  const path = new URL(`examples/${name}.ts`, import.meta.url).pathname;
  const child = spawn(process.execPath, [path, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { line: async () => (await lines.next()).value as string | undefined, ended, child };
}

test("the examples of the README are the files that run here", () => {
  const blocks = [...read("../README.md").matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
  expect(blocks).toEqual(["first-peer", "download", "accept"].map((n) => read(`examples/${n}.ts`)));
});

test("the first peer pings, prints what comes, and ends with the connection", async () => {
  await using node = new LoopbackLightningNode({
    onMessage: (message, connection) => {
      if (message.type !== "ping") return;
      connection.send({ type: "unknown", id: 33_001, payload: new Uint8Array(5) });
      connection.end();
    },
  });
  const { line, ended } = start("first-peer", formatNodeAddress(await node.listen()));
  expect(await line()).toMatch(/^ping \d+ ms$/);
  expect(await line()).toBe("33001 5");
  expect(await ended).toBe(0);
});

test("the download prints every announcement", async () => {
  const gossip = GossipStore.generate({ nodes: 3, channels: 2, seed: 1, chain: "mainnet" });
  await using node = new LoopbackLightningNode({ gossip });
  const { line, ended } = start("download", formatNodeAddress(await node.listen()));
  const types: (string | undefined)[] = [];
  for (let i = 0; i < 9; i++) types.push(await line());
  const channel = ["channel_announcement", "channel_update", "channel_update"];
  const nodes = Array.from({ length: 3 }, () => "node_announcement");
  expect(types).toEqual([...channel, ...channel, ...nodes]);
  expect(await ended).toBe(0);
});

test("the listener says who called", async () => {
  const { line, ended, child } = start("accept");
  const target = parseNodeAddress((await line()) ?? "");
  await using peer = new SimplePeer({ target });
  await peer.connect();
  expect(await line()).toBe(`called by ${toHex(peer.localPublicKey)}`);
  child.kill();
  await ended;
});
