import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { formatNodeAddress } from "@satwire/lnp2p";
import { formatShortChannelId } from "@satwire/lnwire";
import { GossipStore, LoopbackLightningNode } from "@satwire/testkit";
import { expect, test } from "vitest";

const example = new URL("../examples/quick-start.ts", import.meta.url);

test("the ten lines of the README are the example", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${readFileSync(example, "utf8")}\`\`\``);
});

test("the example prints the channel of every update that a node sends", async () => {
  const gossip = GossipStore.generate({ nodes: 3, channels: 3, seed: 3, chain: "mainnet" });
  await using node = new LoopbackLightningNode({ gossip });
  const address = formatNodeAddress(await node.listen());
  const child = spawn(process.execPath, [example.pathname, address], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) lines.push(line);
  expect(lines).toEqual(gossip.channelIds.flatMap((id) => Array(2).fill(formatShortChannelId(id))));
  expect(await ended).toBe(0);
});
