// What a peer does wrong ends the connection once, with one error, one last event and a closed socket.
import { defaultFeatures, SimplePeer } from "@satwire/lnp2p";
import { encodeMessage, featureVector } from "@satwire/lnwire";
import { MemoryNetwork, parseHostPort } from "@satwire/net";
import { LoopbackLightningNode } from "@satwire/testkit";
import { expect, test } from "vitest";
import { describeBadInput } from "./bad-input.suite.ts";
import { collect, failure } from "./collect.ts";
import { plainInit, rawServer } from "./raw-server.ts";

const zeros = (length: number): Uint8Array => new Uint8Array(length);
const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const networks = [zeros(32).fill(1)];

describeBadInput("memory", () => new MemoryNetwork());

test("a warning before init reaches the user, and so does the reason of the end that follows", async () => {
  const { target, network } = await rawServer(async (connection) => {
    await connection.handshake();
    connection.send({ type: "warning", channelId: zeros(32), data: text("No common network") });
    connection.stream.end();
  });
  const peer = new SimplePeer({ target, dialer: network.dialer });
  const error = await failure(peer.connect());
  expect(error.code).toBe("closed_by_peer");
  expect(error.message).toContain("No common network");
  const details = (await collect(peer.connectionEvents())).map((event) => event.details);
  expect(details).toContain("warning before init: No common network");
  const messages: string[] = [];
  const reading = (async () => {
    for await (const message of peer.receiveMessages()) messages.push(message.type);
  })();
  expect(await failure(reading)).toBe(error);
  expect(messages).toEqual(["warning"]);
});

test("text of a peer that is not printable is shown as hex", async () => {
  const { target, network } = await rawServer(async (connection) => {
    await connection.handshake();
    connection.send({ type: "error", channelId: zeros(32), data: text("\u001b[2Jgone") });
  });
  const peer = new SimplePeer({ target, dialer: network.dialer });
  expect((await failure(peer.connect())).message).toBe("the peer refused: 0x1b5b324a676f6e65");
});

test("dialing with another node's key fails on both sides without a word", async () => {
  const network = new MemoryNetwork();
  const node = new LoopbackLightningNode();
  const address = parseHostPort("node.example:9735");
  const target = await node.listen({ listen: network.listen, address });
  const publicKey = Uint8Array.from(target.publicKey);
  publicKey[0]! ^= 1; // the same x, the other y: a valid key of nobody
  const peer = new SimplePeer({ target: { publicKey, address }, dialer: network.dialer });
  const failed = failure(peer.connect());
  while (node.connections.length === 0) await Promise.resolve();
  const ended = node.connections[0]?.closed;
  expect((await failed).code).toMatch(/^(handshake_failed|connection_lost)$/);
  expect(await ended).toMatchObject({ by: "framing", error: { code: "act_one_tag" } });
});

test("a responder that ends without an answer makes us doubt the key", async () => {
  const { target, network } = await rawServer(({ stream }) => stream.end());
  const peer = new SimplePeer({ target, dialer: network.dialer });
  expect((await failure(peer.connect())).message).toContain("is the public key its own?");
});

test("a required feature that the peer lacks is an error of its own", async () => {
  const { target, network } = await rawServer(async (connection) => {
    await connection.handshake();
    connection.send(plainInit);
  });
  const peer = new SimplePeer({ target, dialer: network.dialer, features: featureVector([62]) });
  expect(await failure(peer.connect())).toMatchObject({
    code: "incompatible_features",
    cause: { code: "not_offered", bits: [62] },
  });
});

test("the init that is sent offers what today's nodes ask for", async () => {
  const { target, network, connection } = await rawServer(async (raw) => {
    await raw.handshake();
    raw.send(plainInit);
    const [init] = await raw.receive(1);
    expect(init).toEqual(
      encodeMessage({
        type: "init",
        globalfeatures: zeros(0),
        features: defaultFeatures(),
        networks,
      }),
    );
  });
  await using peer = new SimplePeer({ target, dialer: network.dialer, networks });
  await peer.connect();
  await connection;
});
