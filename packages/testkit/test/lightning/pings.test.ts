import type { LightningMessage } from "@satwire/lnwire";
import { LoopbackLightningNode, settle, VirtualClock } from "@satwire/testkit";
import { expect, test } from "vitest";
import { arrived, clientOf } from "../support/memory-peers.ts";

const pong = (length: number): LightningMessage => ({
  type: "pong",
  ignored: new Uint8Array(length),
});
const lengthOf = (message: LightningMessage | undefined): number => {
  if (message?.type !== "ping") throw new Error(`${message?.type} is no ping`);
  return message.numPongBytes;
};

test("a node pings by itself only if it is told to", async () => {
  const clock = new VirtualClock();
  const [client] = await clientOf(new LoopbackLightningNode({ clock }));
  await clock.advance(3_600_000);
  expect(await arrived(client)).toEqual([]);
});

test("a node that pings goes on as long as it gets its pongs, and hangs up when it does not", async () => {
  const clock = new VirtualClock();
  const node = new LoopbackLightningNode({ clock, pingEveryMs: 1000, pongTimeoutMs: 100 });
  const [client, connection] = await clientOf(node);
  for (let round = 0; round < 3; round++) {
    await clock.advance(1000);
    const [ping, ...others] = await arrived(client);
    expect(others).toEqual([]);
    client.send(pong(lengthOf(ping)));
    await settle();
  }
  await clock.advance(1000);
  expect((await arrived(client)).length).toBe(1);
  await clock.advance(99);
  expect(connection.isReady).toBe(true);
  await clock.advance(1);
  expect(await connection.closed).toEqual({ by: "us" });
  await clock.advance(10_000);
  expect(connection.sent.counts["ping"]).toBe(4);
});

test("a pong of another length does not count", async () => {
  const clock = new VirtualClock();
  const node = new LoopbackLightningNode({ clock, pingEveryMs: 1000, pongTimeoutMs: 100 });
  const [client, connection] = await clientOf(node);
  await clock.advance(1000);
  const [ping] = await arrived(client);
  client.send(pong(lengthOf(ping) - 1));
  await settle();
  await clock.advance(100);
  expect(await connection.closed).toEqual({ by: "us" });
});

test("sync waits for the pong of its own ping, and takes a later one for it", async () => {
  const [client, connection] = await clientOf(new LoopbackLightningNode());
  const done: number[] = [];
  connection.send({ type: "ping", numPongBytes: 7, ignored: new Uint8Array(0) });
  const first = connection.sync().then(() => done.push(1));
  const second = connection.sync().then(() => done.push(2));
  const [, ping, later] = await arrived(client);
  client.send(pong(7));
  await settle();
  expect(done).toEqual([]);
  expect(lengthOf(ping)).not.toBe(lengthOf(later));
  client.send(pong(lengthOf(later)));
  await Promise.all([first, second]);
  expect(done).toEqual([1, 2]);
});

test("sync gives up when its time is up", async () => {
  const clock = new VirtualClock();
  const [, connection] = await clientOf(new LoopbackLightningNode({ clock }));
  const failed = expect(connection.sync({ timeoutMs: 50 })).rejects.toMatchObject({
    name: "AssertionError",
    message: "waited 50 ms for the pong",
  });
  await clock.advance(50);
  await failed;
});

test("a node syncs with all its peers", async () => {
  const node = new LoopbackLightningNode();
  const [[one], [two]] = [await clientOf(node), await clientOf(node)];
  let isDone = false;
  const all = node.sync().then(() => (isDone = true));
  const [[ping], [other]] = [await arrived(one), await arrived(two)];
  one.send(pong(lengthOf(ping)));
  await settle();
  expect(isDone).toBe(false);
  two.send(pong(lengthOf(other)));
  await all;
});
