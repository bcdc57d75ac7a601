/** We dial lnd: what both offer, pings, every way for a connection to fail and to end, and to begin again. */
import { type ConnectionState, type PeerError, type SimplePeer } from "@satwire/lnp2p";
import {
  chainHashOf,
  featureBits,
  featureNameOf,
  features,
  featureVector,
  toHex,
} from "@satwire/lnwire";
import { parseHostPort } from "@satwire/net";
import { generatePrivateKey, publicKeyOf } from "@satwire/noise";
import { beforeAll, describe, expect, test } from "vitest";
import { freePort } from "./daemons/free-port.ts";
import { type Lnd, startLnd } from "./daemons/lnd.ts";
import { hasGo, versionOf } from "./daemons/provided.ts";
import { ourFeatureNames } from "./lnd-connections/feature-names.ts";
import { type LndFeatures, listed, peerOf, unlisted } from "./lnd-connections/sessions.ts";

const customType = 32_769;
/** Of `getinfo`: in invoices alone, and in the announcement alone. */
const notInInit = [30, 261];

describe.runIf(hasGo)("we dial lnd", () => {
  let lnd: Lnd;
  beforeAll(async () => {
    console.log(versionOf("lnd"));
    lnd = await startLnd();
    return () => lnd[Symbol.asyncDispose]();
  });

  test("lnd's features have the names that it gives them", async () => {
    await using peer = peerOf(lnd);
    await peer.connect();
    expect(peer.remotePublicKey).toEqual(lnd.nodeId);
    expect(peer.remoteInit?.networks).toBeUndefined();
    // Those that lnd has since long are in the old field as well: BOLT 1 wants both joined.
    expect(featureBits(peer.remoteInit!.globalfeatures)).not.toEqual([]);
    const offered = featureBits(peer.remoteFeatures!).map((bit) => [bit, featureNameOf(bit)]);

    const { features: named } = await lnd.rest<{ readonly features: LndFeatures }>("/v1/getinfo");
    const all = Object.entries(named).map(
      ([bit, { name }]) => [Number(bit), ourFeatureNames[name]] as const,
    );
    expect(offered).toEqual(all.filter(([bit]) => !notInInit.includes(bit)));
    expect(all.filter(([bit]) => notInInit.includes(bit)).map(([, name]) => name)).toEqual([
      "amp",
      "accountable_x",
    ]);
  });

  test("our features have the names that lnd gives them, of all that it knows", async () => {
    const offered = featureVector(Object.values(features).map(({ optionalBit }) => optionalBit));
    await using peer = peerOf(lnd, { features: offered });
    await peer.connect();
    const { features: named } = await listed(
      lnd,
      peer.localPublicKey,
      (entry) => Object.keys(entry.features).length > 0,
    );
    expect(Object.keys(named).map(Number)).toEqual(featureBits(offered));
    const known = Object.entries(named).filter(([, { is_known }]) => is_known);
    for (const [bit, { name, is_required }] of known) {
      expect([bit, ourFeatureNames[name]]).toEqual([bit, featureNameOf(Number(bit))]);
      expect(is_required).toBe(false);
    }
    expect(known.map(([, { name }]) => name).sort()).toEqual(Object.keys(ourFeatureNames).sort());
  });

  test("we refuse lnd for a feature that we require and it does not offer", async () => {
    const wumbo = features.option_support_large_channel.bit; // lnd knows it and needs a flag to offer it
    await using peer = peerOf(lnd, { features: featureVector([1, wumbo]) });
    await expect(peer.connect()).rejects.toMatchObject({
      code: "incompatible_features",
      phase: "initializing",
    });
    await unlisted(lnd, peer.localPublicKey);
  });

  test("lnd, which names no chain, stays with a peer of another", async () => {
    await using peer = peerOf(lnd, { networks: [chainHashOf("mainnet")] });
    await peer.connect();
    await peer.ping();
  });

  test("our pings are answered, of every size", async () => {
    await using peer = peerOf(lnd);
    await peer.connect();
    for (const numPongBytes of [0, 1, 65_531]) {
      for (const ignoredBytes of [0, 100, 65_529]) {
        await peer.ping({ numPongBytes, ignoredBytes });
        const { last_ping_payload } = await listed(lnd, peer.localPublicKey);
        expect(last_ping_payload.length).toBe(Buffer.alloc(ignoredBytes).toString("base64").length);
      }
    }
  });

  test("we close, lnd notices, and the same key connects again", async () => {
    const localKey = generatePrivateKey();
    for (let round = 0; round < 3; round++) {
      const peer = peerOf(lnd, { localKey });
      await peer.connect();
      const entry = await listed(lnd, publicKeyOf(localKey));
      expect(entry).toMatchObject({ inbound: true });
      expect(entry.address).toBe(`127.0.0.1:${peer.localAddress?.port}`);
      await peer.ping();
      await peer.close();
      await unlisted(lnd, publicKeyOf(localKey));
      expect(await endOf(peer)).toBeUndefined();
    }
  });

  test("lnd closes, we end without an error, and the same key connects again", async () => {
    const localKey = generatePrivateKey();
    for (let round = 0; round < 2; round++) {
      const peer = peerOf(lnd, { localKey });
      await peer.connect();
      await peer.ping();
      await lnd.lncli("disconnect", toHex(peer.localPublicKey));
      expect(await endOf(peer)).toBeUndefined();
      expect(peer.state).toBe("disconnected");
      await expect(peer.ping()).rejects.toMatchObject({ code: "closed" });
      await unlisted(lnd, peer.localPublicKey);
    }
  });

  test("of two connections with one key lnd drops the older", async () => {
    const localKey = generatePrivateKey();
    await using older = peerOf(lnd, { localKey });
    await older.connect();
    await older.ping();
    await using newer = peerOf(lnd, { localKey });
    const [end] = await Promise.all([endOf(older), newer.connect()]);
    expect(end).toBeUndefined();
    await newer.ping();
    const { address } = await listed(lnd, newer.localPublicKey);
    expect(address).toBe(`127.0.0.1:${newer.localAddress?.port}`);
  });

  test("a wrong key, and a port where nobody is", async () => {
    const publicKey = publicKeyOf(generatePrivateKey());
    const address = parseHostPort(`127.0.0.1:${lnd.port}`);
    await using stranger = peerOf(lnd, { target: { publicKey, address } });
    await expect(stranger.connect()).rejects.toMatchObject({
      code: "handshake_failed",
      phase: "handshaking",
      cause: { code: "act_two_length", received: 0 },
    });
    const nowhere = parseHostPort(`127.0.0.1:${await freePort()}`);
    await using nobody = peerOf(lnd, { target: { publicKey: lnd.nodeId, address: nowhere } });
    await expect(nobody.connect()).rejects.toMatchObject({
      code: "dial_failed",
      phase: "connecting",
      cause: { code: "refused" },
    });
  });

  test.for<ConnectionState>(["connecting", "handshaking", "initializing"])(
    "connecting is aborted while %s",
    async (phase) => {
      const peer = peerOf(lnd);
      const aborting = new AbortController();
      const watching = (async () => {
        for await (const { state } of peer.connectionEvents()) {
          if (state === phase) aborting.abort(new Error("enough"));
        }
      })();
      await expect(peer.connect({ signal: aborting.signal })).rejects.toMatchObject({
        code: "aborted",
        phase,
        cause: { message: "enough" },
      });
      await watching;
      await unlisted(lnd, peer.localPublicKey);
    },
  );

  test("a signal that is aborted already keeps lnd from being dialed", async () => {
    const peer = peerOf(lnd);
    const connecting = peer.connect({ signal: AbortSignal.abort() });
    await expect(connecting).rejects.toMatchObject({ code: "aborted" });
    expect(peer.localAddress).toBeUndefined();
  });

  test.for(["we close", "lnd closes"])("%s amid messages both ways", async (who) => {
    const peer = peerOf(lnd);
    await peer.connect();
    const message = { type: "unknown", id: customType, payload: new Uint8Array(10_000) } as const;
    const key = Buffer.from(peer.localPublicKey).toString("base64");
    let [sent, received] = [0, 0];
    // Each goes on until it is refused, which is what it resolves with.
    const sending = (async (): Promise<unknown> => {
      for (; ; sent++) await peer.sendMessage(message);
    })().catch((error: unknown) => error);
    const lndSends = (async (): Promise<unknown> => {
      for (;;) await lnd.rest("/v1/custommessage", { peer: key, type: customType, data: "AAAA" });
    })().catch((error: unknown) => error);
    let closing: Promise<unknown> | undefined;
    const reading = (async () => {
      for await (const _ of peer.receiveMessages()) {
        if (++received < 20) continue;
        closing ??=
          who === "we close" ? peer.close() : lnd.lncli("disconnect", toHex(peer.localPublicKey));
      }
    })();
    const end = await endOf(peer);
    // An end of lnd with messages of ours that it has not read is a reset to us.
    expect([undefined, ...(who === "we close" ? [] : ["connection_lost"])]).toContain(end?.code);
    await reading.catch((error: unknown) => expect(error).toBe(end));
    await closing;
    expect(await sending).toMatchObject({ code: "closed" });
    // It may also be amid writing when the connection closes.
    expect(await lndSends).toMatchObject({
      message: expect.stringMatching(
        /peer is not connected|peer exiting|disconnected|closed network connection|broken pipe|connection reset/,
      ) as string,
    });
    console.log(`${who}: ${sent} sent, ${received} read, then ${end?.code ?? "an end in order"}`);
    await unlisted(lnd, peer.localPublicKey);
  });

  test("lnd has nobody left in the end", async () => {
    const { peers } = await lnd.rest<{ readonly peers: readonly object[] }>("/v1/peers");
    expect(peers).toEqual([]);
  });
});

/** Waits for the end, and says what was wrong about it. */
async function endOf(peer: SimplePeer): Promise<PeerError | undefined> {
  let end: PeerError | undefined;
  for await (const { error } of peer.connectionEvents()) end = error;
  return end;
}
