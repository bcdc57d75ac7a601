/** lnd dials our listener; and what takes long: its pings, which come after a minute, and its patience. */
import { SimplePeer } from "@satwire/lnp2p";
import { toHex } from "@satwire/lnwire";
import { type ByteStream, listenTcp, type Listener, parseHostPort } from "@satwire/net";
import { generatePrivateKey, publicKeyOf } from "@satwire/noise";
import { beforeAll, describe, test } from "vitest";
import { type Lnd, startLnd } from "./daemons/lnd.ts";
import { hasGo, versionOf } from "./daemons/provided.ts";
import { initOf, message } from "./lnd-connections/bytes.ts";
import { RawLightningConnection } from "@satwire/testkit";
import { listed, peerOf, rawTo, unlisted } from "./lnd-connections/sessions.ts";

const initType = 16;
const pingType = 18;
const customType = 32_769;
/**
 * lnd takes a peer at 127.0.0.1 for one behind Tor and triples its times (`isTorConnection` in `peer/brontide.go`).
 * Only Linux has the other addresses of the loopback without being told.
 */
const notTor = "127.0.0.2";

describe.runIf(hasGo)("lnd dials us", { concurrent: true, timeout: 110_000 }, () => {
  let lnd: Lnd;
  beforeAll(async () => {
    console.log(versionOf("lnd"));
    lnd = await startLnd();
    return () => lnd[Symbol.asyncDispose]();
  });

  /** Lets lnd dial a listener of ours, and hands out the connection. */
  const accept = async (
    publicKey: Uint8Array,
    host = "127.0.0.1",
  ): Promise<{ stream: ByteStream; dialing: Promise<string>; listener: Listener }> => {
    let take: (stream: ByteStream) => void = () => {};
    const accepted = new Promise<ByteStream>((resolve) => (take = resolve));
    const anyPort = parseHostPort(`${host}:0`, { allowPortZero: true });
    const listener = await listenTcp(anyPort, (stream) => take(stream));
    const dialing = lnd.lncli("connect", `${toHex(publicKey)}@${host}:${listener.address.port}`);
    dialing.catch(() => {}); // for the caller to look at
    // If lncli fails without having dialed, nobody comes.
    const stream = await Promise.race([accepted, dialing.then(() => accepted)]);
    return { stream, dialing, listener };
  };

  test("lncli connect: handshake, init, pings and messages, close", async ({ expect }) => {
    const localKey = generatePrivateKey();
    const { stream, dialing, listener } = await accept(publicKeyOf(localKey));
    await using _listening = listener;
    await using peer = new SimplePeer({ stream, localKey });
    await peer.connect();
    await dialing;
    expect(peer.remotePublicKey).toEqual(lnd.nodeId);
    const entry = await listed(lnd, peer.localPublicKey);
    expect(entry.inbound).toBe(false);
    expect(entry.address).toBe(`127.0.0.1:${listener.address.port}`);
    await peer.ping({ numPongBytes: 1000 });

    const theirs = { peer: base64(peer.localPublicKey), type: customType, data: "AQID" };
    await lnd.rest("/v1/custommessage", theirs);
    for await (const received of peer.receiveMessages()) {
      if (received.type !== "unknown") continue;
      expect(received).toEqual({
        type: "unknown",
        id: customType,
        payload: Uint8Array.of(1, 2, 3),
      });
      break;
    }
    await peer.sendMessage({ type: "unknown", id: customType, payload: Uint8Array.of(4) });
    await lnd.logged(
      new RegExp(`Received custom\\(type=${customType}\\) from ${toHex(peer.localPublicKey)}`),
    );
    await peer.close();
    await unlisted(lnd, peer.localPublicKey);
  });

  test("of one connection each way with one key, the first stays", async ({ expect }) => {
    const localKey = generatePrivateKey();
    const { stream, dialing, listener } = await accept(publicKeyOf(localKey));
    await using _listening = listener;
    await using peer = new SimplePeer({ stream, localKey });
    await peer.connect();
    await dialing;
    await using second = peerOf(lnd, { localKey });
    // lnd ends it without having read our init, which is an end to us or a reset.
    await expect(second.connect()).rejects.toMatchObject({
      code: expect.stringMatching(/^(closed_by_peer|connection_lost)$/) as string,
      phase: "initializing",
    });
    await peer.ping();
    await peer.close();
    await unlisted(lnd, peer.localPublicKey);

    await using inbound = peerOf(lnd, { localKey });
    await inbound.connect();
    await inbound.ping();
    const address = `${toHex(inbound.localPublicKey)}@127.0.0.1:${listener.address.port}`;
    await expect(lnd.lncli("connect", address)).rejects.toThrow("already connected to peer");
    await inbound.ping();
  });

  test("lnd dials a key that is not ours", async ({ expect }) => {
    const { stream, dialing, listener } = await accept(publicKeyOf(generatePrivateKey()));
    await using _listening = listener;
    await using peer = new SimplePeer({ stream });
    await expect(peer.connect()).rejects.toMatchObject({
      code: "handshake_failed",
      phase: "handshaking",
      cause: { code: "act_one_tag" },
    });
    await expect(dialing).rejects.toThrow(/EOF|connection reset by peer/);
  });

  const onLinux = test.runIf(process.platform === "linux");
  onLinux(
    "lnd pings after a minute: our pong keeps it, one of another length ends it",
    async ({ expect }) => {
      const localKey = generatePrivateKey();
      const idle = await accept(publicKeyOf(localKey), notTor);
      await using _idleListener = idle.listener;
      await using peer = new SimplePeer({ stream: idle.stream, localKey });
      await peer.connect();

      const rawKey = generatePrivateKey();
      const rude = await accept(publicKeyOf(rawKey), notTor);
      await using _rudeListener = rude.listener;
      await using raw = RawLightningConnection.respond(rude.stream, {
        localKey: rawKey,
        timeoutMs: 90_000,
      });
      raw.sendFrame(initOf());
      const start = performance.now();
      const ping = await raw.takeFrame(pingType);
      console.log(`lnd's first ping after ${Math.round(performance.now() - start)} ms`);

      // The header of the best block is what lnd pads its pings with.
      const best = await lnd.btcd.call<string>("getbestblockhash");
      const header = await lnd.btcd.call<string>("getblockheader", best, false);
      expect(toHex(ping.subarray(4))).toBe(`0050${header}`);
      const { ping_time } = await listed(
        lnd,
        peer.localPublicKey,
        (entry) => entry.ping_time !== "-1",
      );
      expect(Number(ping_time)).toBeGreaterThan(0);
      await peer.ping();

      const wrong = Buffer.from(ping).readUInt16BE(2) + 1;
      raw.sendFrame(message(19, wrong.toString(16).padStart(4, "0"), "00".repeat(wrong)));
      await raw.ended();
      const reason = `pong response does not match expected size. Expected: ${wrong - 1}, Got: ${wrong}`;
      await lnd.logged(
        new RegExp(`pong response failure for ${toHex(publicKeyOf(rawKey))}.*${reason}`),
      );
      expect(peer.isConnected).toBe(true);
    },
  );

  test("lnd waits 15 s for an init, then hangs up", async ({ expect }) => {
    await using raw = await rawTo(lnd);
    await raw.takeFrame(initType);
    await raw.ended();
    const key = toHex(raw.localPublicKey);
    await lnd.logged(new RegExp(`${key}.*did not complete handshake within 15s`));
    expect(raw.ending).toEqual({ by: "peer" });
  });
});

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
