// Over real sockets, with everything left at its default.
import { PeerError, SimplePeer } from "@satwire/lnp2p";
import { listenTcp, parseHostPort } from "@satwire/net";
import { generatePrivateKey, publicKeyOf } from "@satwire/noise";
import { LoopbackLightningNode } from "@satwire/testkit";
import { expect, test, vi } from "vitest";
import { collect, failure, states } from "./collect.ts";

const anyPort = parseHostPort("127.0.0.1:0", { allowPortZero: true });
const sockets = (): string[] =>
  process.getActiveResourcesInfo().filter((kind) => kind.startsWith("TCP"));

test("a peer connects, sends, receives and leaves no socket behind", async () => {
  const before = sockets();
  const node = new LoopbackLightningNode();
  const peer = new SimplePeer({ target: await node.listen() });
  await peer.connect();
  expect(peer.remoteAddress?.host).toBe("127.0.0.1");
  expect(await peer.ping({ numPongBytes: 65531 })).toBeGreaterThanOrEqual(0);

  // More than sockets buffer, to one who is slow to read, so that every layer has to wait.
  const connection = node.connections[0];
  const payload = new Uint8Array(60_000);
  const count = 300;
  let received = 0;
  const reading = (async () => {
    for await (const message of peer.receiveMessages()) {
      expect(message).toMatchObject({ type: "unknown", id: 40_001 });
      if (++received === count) break;
    }
  })();
  for (let i = 0; i < count; i++) connection?.send({ type: "unknown", id: 40_001, payload });
  for (let i = 0; i < count; i++) await peer.sendMessage({ type: "unknown", id: 40_003, payload });
  await reading;
  await peer.ping();
  expect(connection?.received.counts["unknown"]).toBe(count);

  await peer.close();
  await node.close();
  await vi.waitUntil(() => sockets().length <= before.length, { interval: 1 });
});

test("nobody at the address is an error within the dial", async () => {
  const listener = await listenTcp(anyPort, () => {});
  const { address } = listener;
  await listener.close();
  const publicKey = publicKeyOf(generatePrivateKey());
  const peer = new SimplePeer({ target: { publicKey, address } });
  const error = await failure(peer.connect());
  expect(error).toMatchObject({ code: "dial_failed", cause: { code: "refused" } });
  expect(await states(peer.connectionEvents())).toEqual(["connecting", "disconnected"]);
});

test("a server that speaks something else is told apart by its first bytes", async () => {
  const before = sockets();
  const listener = await listenTcp(anyPort, (stream) => {
    stream.start({
      onData: () => {},
      onEnd: () => stream.end(),
      onDrain: () => {},
      onClose: () => {},
    });
    stream.write(new TextEncoder().encode(`SSH-2.0-OpenSSH_9.2${" ".repeat(40)}\r\n`));
  });
  const publicKey = publicKeyOf(generatePrivateKey());
  const peer = new SimplePeer({ target: { publicKey, address: listener.address } });
  const error = await failure(peer.connect());
  expect(error).toBeInstanceOf(PeerError);
  expect(error).toMatchObject({ code: "handshake_failed", cause: { code: "act_two_version" } });
  expect(await failure(collect(peer.receiveMessages()))).toBe(error);
  await listener.close();
  await vi.waitUntil(() => sockets().length <= before.length, { interval: 1 });
});
