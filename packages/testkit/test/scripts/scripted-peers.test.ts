import {
  connectedMock,
  LoopbackLightningNode,
  type LoopbackMessage,
  type PeerScriptMessage,
  script as scriptOf,
  scriptedMock,
  scriptedPeer,
  ScriptedSide,
} from "@satwire/testkit";
import { memoryPair } from "@satwire/net";
import { RawLightningConnection } from "@satwire/testkit";
import { expect, test } from "vitest";
import { plainInit } from "../support/raw-client.ts";

const warning = (text: string) =>
  ({
    type: "warning",
    channelId: new Uint8Array(32),
    data: new TextEncoder().encode(text),
  }) as const;
const script = () => scriptOf<PeerScriptMessage>();

test("both sides of a mock, each with a script", async () => {
  const mock = connectedMock();
  const user = script()
    .send(warning("a"))
    .expect("warning", { data: warning("b").data })
    .expectClose({ error: undefined });
  const peer = script()
    .expect("warning", { data: warning("a").data })
    .send(warning("b"))
    .end()
    .expectClose();
  await Promise.all([user.run(scriptedPeer(mock)), peer.run(scriptedMock(mock))]);
  expect(mock.sent).toEqual([warning("a")]);
});

test("the script of a user ends the connection, and has its error", async () => {
  const mock = connectedMock();
  await script().end().expectClose({ error: undefined }).run(scriptedPeer(mock));
  expect(mock.isConnected).toBe(false);
  const broken = connectedMock();
  const run = script().expectClose({ error: undefined }).run(scriptedPeer(broken));
  broken.end("connection_lost");
  await expect(run).rejects.toMatchObject({ actual: { error: { code: "connection_lost" } } });
});

test("silence of a mock is no end", async () => {
  const mock = connectedMock();
  const run = script().expect("warning").run(scriptedMock(mock), { timeoutMs: 1 });
  await expect(run).rejects.toThrow(/^nothing came in 1 ms/);
  await mock.close();
});

test("a loopback node with a script on its side of the connection", async () => {
  await using node = new LoopbackLightningNode({
    onMessage: (message) => side.receive(message),
  });
  const side = new ScriptedSide<LoopbackMessage>({
    send: (message) => node.connections[0]?.send(message),
  });
  const [near, far] = memoryPair();
  node.attach(far);
  await using raw = RawLightningConnection.initiate(near, { remoteKey: node.publicKey });
  raw.send(plainInit, warning("hello"));
  await scriptOf<LoopbackMessage>().expect("init").expect("warning").send(warning("you")).run(side);
  expect(await raw.take("warning")).toEqual(warning("you"));
});
