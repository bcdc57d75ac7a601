/** How connections with a loopback node end, and how it closes, run over each kind of network. */
import { type LoopbackAddress, type LoopbackLightningNodeOptions, settle } from "@satwire/testkit";
import { encodeMessage, featureVector, type LightningMessage } from "@satwire/lnwire";
import { describe, expect, test } from "vitest";
import { next, pingOnce, plainInit, rawClient } from "../support/raw-client.ts";
import { regtest } from "../support/unsigned-gossip.ts";
import {
  type Network,
  everything,
  allBlocks,
  longPing,
  mostQueued,
  storeOfBytes,
  timeout,
  Setting,
} from "../support/loopback-setting.ts";

export function describeLoopbackEndings(name: string, createNetwork: () => Network): void {
  const setting = (options?: LoopbackLightningNodeOptions): Setting =>
    new Setting(createNetwork(), options);

  describe(`${name}: what ends a connection`, () => {
    const truncatedPing = Uint8Array.of(0, 18, 0);
    const badFlags: LightningMessage = {
      type: "query_short_channel_ids",
      chainHash: regtest,
      shortChannelIds: [1n, 2n],
      queryFlags: [1n],
    };
    const initWith = (bits: number[]): LightningMessage => ({
      type: "init",
      globalfeatures: new Uint8Array(0),
      features: featureVector(bits),
    });

    test.each<[string, (LightningMessage | Uint8Array)[]]>([
      ["a message before init", [{ type: "ping", numPongBytes: 1, ignored: new Uint8Array(0) }]],
      ["an init with an unknown required feature", [initWith([100_000])]],
      ["an init whose features lack what they need", [initWith([17])]],
      ["a second init", [plainInit, plainInit]],
      ["a message without a type", [plainInit, Uint8Array.of(0)]],
      ["an empty message", [plainInit, new Uint8Array(0)]],
      ["a message that is too short", [plainInit, truncatedPing]],
      [
        "an unknown message of an even type",
        [plainInit, { type: "unknown", id: 32768, payload: new Uint8Array(4) }],
      ],
      ["a query whose flags do not match its ids", [plainInit, badFlags]],
    ])("%s", async (_, messages) => {
      const seen: string[] = [];
      await using on = setting({ onMessage: ({ type }) => seen.push(type) });
      const [client, connection] = await on.handshake();
      const frames = messages.map((each) => ("type" in each ? encodeMessage(each) : each));
      client.sendFrame(...frames);
      expect(await client.ended()).toMatchObject({ by: "network", error: { code: "reset" } });
      expect(await connection.closed).toEqual({ by: "us" });
      expect(seen).toEqual(messages.length === 1 ? [] : ["init"]);
      expect(on.node.connections).toEqual([]);
    });

    test("bytes that are no act one", async () => {
      await using on = setting();
      const [stream, connection] = await on.dial();
      const ended = new Promise<string | undefined>((resolve) => {
        stream.start({
          onData: () => {},
          onEnd: () => {},
          onDrain: () => {},
          onClose: (error) => resolve(error?.code),
        });
      });
      stream.write(
        new TextEncoder().encode("GET / HTTP/1.1\r\nHost: node.example\r\nAccept: */*\r\n\r\n"),
      );
      expect(await connection.closed).toMatchObject({
        by: "framing",
        error: { code: "act_one_version" },
      });
      expect(await ended).toBe("reset");
    });

    test("bytes between the frames", async () => {
      await using on = setting();
      const [client, connection] = await on.connect();
      client.sendBytes(new Uint8Array(18));
      expect(await connection.closed).toMatchObject({
        by: "framing",
        error: { code: "header_tag" },
      });
      expect((await client.ended()).by).toBe("network");
    });

    test("the peer's end, in order, and inside the handshake not", async () => {
      await using on = setting();
      const [client, connection] = await on.connect();
      client.end();
      expect(await connection.closed).toEqual({ by: "peer" });
      expect(await client.ended()).toEqual({ by: "us" });
      const [stream, early] = await on.dial();
      stream.end();
      expect(await early.closed).toMatchObject({
        by: "framing",
        error: { code: "act_one_length" },
      });
    });

    test("the node's own end, after what was sent before", async () => {
      await using on = setting();
      const [client, connection] = await on.connect();
      connection.send({ type: "unknown", id: 32769, payload: Uint8Array.of(5) });
      connection.end();
      expect(await next(client)).toMatchObject({ id: 32769 });
      expect(await client.ended()).toEqual({ by: "peer" });
      expect(await connection.closed).toEqual({ by: "us" });
      expect(connection.send(plainInit)).toBe(false);
    });

    test("the node's own end while its peer does not read, once it has read", {
      timeout,
    }, async () => {
      const network = createNetwork();
      const count = 20 + Math.ceil(network.mostUnderWay / 65_531);
      await using on = new Setting(network);
      const [client, connection] = await on.connect();
      client.pause();
      client.send(...Array.from({ length: count }, () => longPing));
      await on.streams[0]?.full;
      // The node has stopped to read: this stays in the socket, and the peer's end behind it.
      await settle();
      client.send(longPing);
      await settle();
      connection.end();
      client.resume();
      expect(await client.ended()).toEqual({ by: "peer" });
      expect(await connection.closed).toEqual({ by: "us" });
    });

    test("the seventeenth query while sixteen wait", { timeout }, async () => {
      const network = createNetwork();
      await using on = new Setting(network, {
        gossip: storeOfBytes(network.mostUnderWay + mostQueued),
      });
      const [client, connection] = await on.connect();
      client.pause();
      client.send(everything);
      await on.streams[0]?.full;
      client.send(...Array.from({ length: 16 }, () => allBlocks));
      expect(await connection.closed).toEqual({ by: "us" });
      expect(connection.received.counts["query_channel_range"]).toBe(16);
    });
  });

  describe(`${name}: what does not`, () => {
    test("unknown messages of an odd type, and even ones that were allowed", async () => {
      const seen: LightningMessage[] = [];
      await using on = setting({
        alsoKnownTypes: [32768],
        onMessage: (message) => seen.push(message),
      });
      const [client] = await on.connect();
      const odd: LightningMessage = { type: "unknown", id: 32769, payload: Uint8Array.of(1) };
      const even: LightningMessage = { type: "unknown", id: 32768, payload: Uint8Array.of(2) };
      client.send(odd, even);
      expect((await pingOnce(client)).type).toBe("pong");
      expect(seen.slice(1, 3)).toEqual([odd, even]);
    });

    test("unknown optional features", async () => {
      await using on = setting();
      const [client] = await on.handshake();
      client.send({
        type: "init",
        globalfeatures: Uint8Array.of(2),
        features: featureVector([100_001]),
      });
      await next(client);
      expect((await pingOnce(client)).type).toBe("pong");
    });
  });

  describe(`${name}: closing`, () => {
    test("drops connections in every stage and frees the address", async () => {
      const on = setting();
      const [client] = await on.connect();
      const [early] = await on.dial();
      const ended = new Promise<string | undefined>((resolve) => {
        early.start({
          onData: () => {},
          onEnd: () => {},
          onDrain: () => {},
          onClose: (error) => resolve(error?.code),
        });
      });
      const closing = on.node.close();
      expect(on.node.close()).toBe(closing);
      await closing;
      expect(on.node.connections).toEqual([]);
      expect(await client.ended()).toMatchObject({ by: "network", error: { code: "reset" } });
      expect(await ended).toBe("reset");
      const { address } = on.target as LoopbackAddress;
      await expect(on.network.dialer(address)).rejects.toMatchObject({ code: "refused" });
      const again = await on.network.listen(address, (stream) => stream.destroy());
      expect(again.address).toEqual(address);
      await again.close();
    });

    test("holds for those who come later", async () => {
      const on = setting();
      const pending = on.node.listen({ listen: on.network.listen });
      await on.node.close();
      await expect(pending).rejects.toMatchObject({ name: "NetError", code: "closed" });
      await expect(on.node.listen({ listen: on.network.listen })).rejects.toMatchObject({
        code: "closed",
      });
    });

    test("is possible from inside a callback", async () => {
      let closing: Promise<void> | undefined;
      const on = setting({
        onMessage: ({ type }) => {
          if (type === "ping") closing = on.node.close();
        },
      });
      const [client] = await on.connect();
      client.send({ type: "ping", numPongBytes: 70, ignored: new Uint8Array(0) });
      await client.ended();
      await closing;
      expect(on.node.connections).toEqual([]);
    });
  });

  test(`${name}: drops a connection above the maximum`, async () => {
    await using on = setting();
    const { address, publicKey } = await on.listen(1);
    const [client] = await on.connect();
    const refused = rawClient(await on.network.dialer(address), publicKey);
    // A listener may end it or reset it.
    expect(["framing", "network"]).toContain((await refused.ended()).by);
    expect((await pingOnce(client)).type).toBe("pong");
  });
}
