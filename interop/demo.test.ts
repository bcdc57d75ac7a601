// The demo as it is started by hand, against nodes that behave and nodes that do not.
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { formatNodeAddress } from "@satwire/lnp2p";
import { type Listen, listenTcp } from "@satwire/net";
import { GossipStore, LoopbackLightningNode } from "@satwire/testkit";
import { expect, onTestFinished, test } from "vitest";

const gossip = GossipStore.generate({ nodes: 5, channels: 12, seed: "demo.test" });
const demo = fileURLToPath(new URL("../examples/demo.ts", import.meta.url));

interface Run {
  readonly interrupt: () => void;
  readonly ended: Promise<{ readonly code: unknown; readonly out: string; readonly err: string }>;
}

function run(...args: readonly string[]): Run {
  const child = spawn(process.execPath, [demo, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL")); // does nothing to one that has ended
  const closed = new Promise((resolve) => child.once("close", resolve));
  const ended = Promise.all([closed, text(child.stdout), text(child.stderr)]);
  return {
    interrupt: () => child.kill("SIGINT"),
    ended: ended.then(([code, out, err]) => ({ code, out, err })),
  };
}

test("counts what it downloaded, finds nothing invalid and exits with 0", async () => {
  await using node = new LoopbackLightningNode({ gossip });
  const { ended } = run(formatNodeAddress(await node.listen()));
  const { code, out, err } = await ended;
  expect(err).toContain("12/12 channels");
  expect(out).toContain("Connected on regtest");
  expect(out).toMatch(/^ {2}channel_announcement +12$/m);
  expect(out).toMatch(/^ {2}channel_update +24$/m);
  expect(out).toMatch(/^ {2}node_announcement +5$/m);
  expect(out).toMatch(/\b77 signatures hold, 0 messages were repeats, 0 invalid$/m);
  expect(code).toBe(0);
});

test("exits with 1 and says why when the node drops the connection instead of an answer", async () => {
  await using node = new LoopbackLightningNode({
    gossip,
    onMessage: (message, connection) => {
      if (message.type === "query_channel_range") connection.destroy();
    },
  });
  const { ended } = run(formatNodeAddress(await node.listen()));
  const { code, err } = await ended;
  expect(err).toMatch(/^connection_lost: /m);
  expect(code).toBe(1);
});

test("exits with 1 and says why when the node drops the connection among the gossip", async () => {
  await using node = new LoopbackLightningNode({
    gossip,
    onMessage: (message, connection) => {
      if (message.type === "query_short_channel_ids") connection.destroy();
    },
  });
  const { ended } = run(formatNodeAddress(await node.listen()));
  const { code, err } = await ended;
  expect(err).toMatch(/^connection_lost: /m);
  expect(code).toBe(1);
});

test.each(["query_channel_range", "query_short_channel_ids"] as const)(
  "Ctrl-C ends it while it waits for the answer to %s",
  async (query) => {
    let isSilent = false;
    const listen: Listen = (address, onStream, options) =>
      listenTcp(
        address,
        (stream) => {
          const write = stream.write.bind(stream);
          stream.write = (bytes) => isSilent || write(bytes);
          onStream(stream);
        },
        options,
      );
    let interrupt = (): void => {};
    await using node = new LoopbackLightningNode({
      gossip,
      onMessage: (message) => {
        if (message.type !== query) return;
        isSilent = true; // the answer is made by now, and written in the next turn
        interrupt();
      },
    });
    const child = run(formatNodeAddress(await node.listen({ listen })));
    interrupt = child.interrupt;
    const { code, err } = await child.ended;
    expect(err).toMatch(/^aborted: /m);
    expect(code).toBe(1);
  },
);
