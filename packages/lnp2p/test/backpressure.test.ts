// Slow readers on either side: queues stay bounded, nothing is lost, order is kept.
import { SimplePeer } from "@satwire/lnp2p";
import { toHex, type UnknownMessage } from "@satwire/lnwire";
import { MemoryNetwork, parseHostPort } from "@satwire/net";
import { LoopbackLightningNode, settle } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { collect, failure } from "./collect.ts";
import { plainInit, rawServer } from "./raw-server.ts";

const numbered = (n: number, bytes = 8): UnknownMessage => {
  const payload = new Uint8Array(bytes);
  new DataView(payload.buffer).setUint32(0, n);
  return { type: "unknown", id: 32769, payload };
};

const numberOf = (message: { type: string; payload?: Uint8Array }): number => {
  const { payload } = message as { payload: Uint8Array };
  return new DataView(payload.buffer, payload.byteOffset).getUint32(0);
};

describe("a user who reads slowly", () => {
  test("holds the socket back instead of filling memory, and gets everything in order", async () => {
    const network = new MemoryNetwork({ capacityBytes: 4096 });
    const node = new LoopbackLightningNode();
    const target = await node.listen({
      listen: network.listen,
      address: parseHostPort("node.example:9735"),
    });
    await using peer = new SimplePeer({ target, dialer: network.dialer, receiveCapacity: 10 });
    await peer.connect();
    const connection = node.connections[0];
    let sent = 0;
    while (connection?.send(numbered(sent)) === true && sent < 5000) {
      sent++;
      await settle();
    }
    sent++; // the one that filled the socket went out as well
    // 10 messages in the inbox and two chunks under way are far less than 5000.
    expect(sent).toBeLessThan(300);
    const seen: number[] = [];
    for await (const message of peer.receiveMessages()) {
      seen.push(numberOf(message));
      if (seen.length === sent) break;
    }
    expect(seen).toEqual(Array.from({ length: sent }, (_, n) => n));
    await node.close();
  });

  test("gets what had arrived when the peer broke off", async () => {
    const { target, network, connection } = await rawServer(async (raw) => {
      await raw.handshake();
      // One write, hence one chunk: far more messages than the inbox takes.
      raw.send(plainInit, ...Array.from({ length: 100 }, (_, n) => numbered(n)));
      await raw.receive(1);
      await settle();
      raw.stream.destroy();
    });
    const peer = new SimplePeer({ target, dialer: network.dialer, receiveCapacity: 3 });
    await peer.connect();
    await connection;
    const events = await collect(peer.connectionEvents());
    expect(events.at(-1)?.error?.code).toBe("connection_lost");
    const seen: number[] = [];
    const reading = (async () => {
      for await (const message of peer.receiveMessages()) seen.push(numberOf(message));
    })();
    expect((await failure(reading)).code).toBe("connection_lost");
    expect(seen).toEqual(Array.from({ length: 100 }, (_, n) => n));
  });
});

describe("a peer that does not read", () => {
  const stuck = async (calls: number, sendCapacity = calls) => {
    const { target, network, connection } = await rawServer(async (raw) => {
      await raw.handshake();
      raw.send(plainInit);
      await raw.receive(1);
      raw.stream.pause();
    });
    const peer = new SimplePeer({ target, dialer: network.dialer, sendCapacity });
    await peer.connect();
    const raw = await connection;
    let sent = 0;
    const waiting: Promise<void>[] = [];
    for (; waiting.length < calls; sent++) {
      const sending = peer.sendMessage(numbered(sent, 20_000));
      const isSent = await Promise.race([sending.then(() => true), settle().then(() => false)]);
      if (!isSent) waiting.push(sending);
      expect(sent).toBeLessThan(100);
    }
    return { peer, raw, sent, waiting };
  };

  test("makes senders wait, in order, and the queue has a limit", async () => {
    const { peer, raw, sent, waiting } = await stuck(3);
    expect((await failure(peer.sendMessage(numbered(99)))).code).toBe("send_queue_full");
    raw.stream.resume();
    const frames = await raw.receive(sent);
    expect(frames.map((frame) => toHex(frame.subarray(2, 6)))).toEqual(
      Array.from({ length: sent }, (_, n) => n.toString(16).padStart(8, "0")),
    );
    await Promise.all(waiting);
    await peer.close();
  });

  test("never gets a message that was aborted while it waited", async () => {
    const { peer, raw, sent, waiting } = await stuck(1, 2);
    const controller = new AbortController();
    const aborted = failure(peer.sendMessage(numbered(98), { signal: controller.signal }));
    controller.abort("too late");
    expect(await aborted).toMatchObject({ code: "aborted", cause: "too late" });
    raw.stream.resume();
    await Promise.all(waiting);
    await peer.sendMessage(numbered(sent));
    const frames = await raw.receive(sent + 1);
    expect(frames.map((frame) => toHex(frame.subarray(2, 6)))).toEqual(
      Array.from({ length: sent + 1 }, (_, n) => n.toString(16).padStart(8, "0")),
    );
    await peer.close();
  });

  test("fails senders when it goes away", async () => {
    const { raw, waiting } = await stuck(2);
    const failures = waiting.map(failure);
    raw.stream.destroy();
    for (const failed of failures) {
      expect(await failed).toMatchObject({ code: "closed", cause: { code: "connection_lost" } });
    }
  });
});
