// A node, a peer, and a network that is cut between them: half a minute of silence, in no time at all.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SimplePeer } from "@satwire/lnp2p";
import { createHarness, LoopbackLightningNode } from "@satwire/testkit";

await test("a peer behind a cut goes unnoticed until it is pinged", async () => {
  await using h = createHarness({ seed: 7 });
  await using node = new LoopbackLightningNode({ clock: h.clock });
  const target = await node.listen({ listen: h.network.host("bob").listen });
  await using peer = new SimplePeer({
    target,
    dialer: h.network.host("alice").dialer,
    clock: h.clock,
  });
  await peer.connect();
  h.network.partition("alice", "bob");
  await h.until(assert.rejects(peer.ping({ timeoutMs: 30_000 }), { code: "ping_timeout" }));
  await h.until(peer.close());
  const states: string[] = [];
  for await (const { state } of peer.connectionEvents()) states.push(state);
  assert.deepEqual(states.slice(-3), ["connected", "closing", "disconnected"]);
  await node.close();
  await h.cleanupAll();
  await h.leakCheck().assertClean();
});
