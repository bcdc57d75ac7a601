/** What lnd does with messages that are odd, beside what we do with the same bytes; and the errors that it sends. */
import { type PeerError, SimplePeer } from "@satwire/lnp2p";
import { equalBytes, fromHex, printableText, toHex } from "@satwire/lnwire";
import { memoryPair } from "@satwire/net";
import { beforeAll, describe, expect, test } from "vitest";
import { type Lnd, startLnd } from "./daemons/lnd.ts";
import { hasGo, versionOf } from "./daemons/provided.ts";
import { allChannels, initOf, message, simnet } from "./lnd-connections/bytes.ts";
import { channelOffer, refusals } from "./lnd-connections/channel-offers.ts";
import { RawLightningConnection } from "@satwire/testkit";
import type { Rule } from "./lnd-connections/rule.ts";
import { rulesAfterInit } from "./lnd-connections/rules-after-init.ts";
import { rulesBeforeInit } from "./lnd-connections/rules-before-init.ts";
import { peerOf, rawTo } from "./lnd-connections/sessions.ts";

/** Of the ping behind each message: a size that none of them asks for. */
const pongBytes = 77;
const warningType = 1;
const initType = 16;
const errorType = 17;
const pongType = 19;

describe.runIf(hasGo)("rules of connections", () => {
  let lnd: Lnd;
  beforeAll(async () => {
    console.log(versionOf("lnd"));
    lnd = await startLnd();
    return () => lnd[Symbol.asyncDispose]();
  });

  const judge = async (rule: Rule, peer: RawLightningConnection): Promise<void> => {
    peer.sendFrame(rule.bytes);
    expect(await peer.outcome({ numPongBytes: pongBytes })).toBe(rule.lnd);
    expect(peer.count(warningType) + peer.count(errorType)).toBe(0); // lnd does not say why
    if (rule.log === undefined) return;
    await lnd.logged(new RegExp(`${toHex(peer.localPublicKey)}.*${rule.log.source}`));
  };

  test.for(rulesBeforeInit)("lnd, before init: $name", async (rule) => {
    await using peer = await rawTo(lnd);
    await judge(rule, peer);
  });

  test.for(rulesAfterInit)("lnd, after init: $name", async (rule) => {
    await using peer = await rawTo(lnd);
    peer.sendFrame(initOf());
    await peer.takeFrame(initType);
    await judge(rule, peer);
  });

  test.for(rulesBeforeInit)("we, before init: $name", async ({ bytes, we }) => {
    const { peer, raw } = await pair();
    await using ours = peer;
    await using theirs = raw;
    theirs.sendFrame(bytes);
    expect(await outcomeOf(ours, theirs)).toBe(we);
  });

  test.for(rulesAfterInit)("we, after init: $name", async ({ bytes, we }) => {
    const { peer, raw } = await pair();
    await using ours = peer;
    await using theirs = raw;
    theirs.sendFrame(initOf());
    theirs.sendFrame(bytes);
    expect(await outcomeOf(ours, theirs)).toBe(we);
  });

  test("neither answers pings for 65532 bytes or more", async () => {
    const { peer, raw } = await pair();
    await using _ours = peer;
    await using toUs = raw;
    await using toLnd = await rawTo(lnd);
    for (const to of [toLnd, toUs]) {
      to.sendFrame(initOf());
      for (const size of ["fffc", "ffff", "fffb"]) to.sendFrame(message(18, size, "0000"));
      expect(await to.outcome({ numPongBytes: pongBytes })).toBe("stays");
      // Pongs come in the order of the pings: 65531 bytes, then those of `outcome`, which took it.
      expect((await to.takeFrame(pongType)).length).toBe(4 + 65_531);
      expect(to.count(pongType)).toBe(0);
    }
  });

  test("lnd takes a channel that it has nothing against", async () => {
    expect(await answerTo(lnd, {})).toBe("accept_channel");
  });

  test.for(refusals)("lnd sends an error for a channel that $what", async ({ fields, text }) => {
    expect(await answerTo(lnd, fields)).toBe(text);
  });

  test("lnd logs the texts of our warnings and errors", async () => {
    await using peer = peerOf(lnd);
    await peer.connect();
    for (const type of ["warning", "error"] as const) {
      const data = new TextEncoder().encode(`a text in our ${type}`);
      await peer.sendMessage({ type, channelId: fromHex(allChannels), data });
    }
    for (const [name, text] of [
      ["Warning", "warning"],
      ["Error", "error"],
    ]) {
      const line = `Received ${name}\\(chan_id=0{64}, err=a text in our ${text}\\) from ${toHex(peer.localPublicKey)}`;
      await lnd.logged(new RegExp(line));
    }
    expect(peer.isConnected).toBe(true);
  });
});

/** What our peer gets for an offer: the text of an error, or the type of another message. */
async function answerTo(lnd: Lnd, fields: Parameters<typeof channelOffer>[0]): Promise<string> {
  await using peer = peerOf(lnd);
  await peer.connect();
  const offer = channelOffer(fields);
  await peer.sendMessage(offer);
  for await (const message of peer.receiveMessages()) {
    if (message.type === "accept_channel") return message.type;
    if (message.type !== "error") continue;
    expect(equalBytes(message.channelId, offer.temporaryChannelId)).toBe(true);
    const text = printableText(message.data);
    const notes: (string | undefined)[] = [];
    await peer.close();
    for await (const { type, details } of peer.connectionEvents()) {
      if (type === "note") notes.push(details);
    }
    expect(notes).toEqual([`error from the peer: ${text}`]);
    return text;
  }
  return "no answer";
}

/** Our peer on one end of a connection in memory, and one without rules on the other. */
async function pair(): Promise<{ peer: SimplePeer; raw: RawLightningConnection }> {
  const [stream, far] = memoryPair();
  const peer = new SimplePeer({ stream, networks: [fromHex(simnet)] });
  peer.connect().catch(() => {}); // its events tell
  const raw = RawLightningConnection.initiate(far, { remoteKey: peer.localPublicKey });
  await raw.established();
  return { peer, raw };
}

async function outcomeOf(
  ours: SimplePeer,
  theirs: RawLightningConnection,
): Promise<Rule["we"] | undefined> {
  if ((await theirs.outcome({ numPongBytes: pongBytes })) === "stays") return "stays";
  let end: PeerError | undefined;
  for await (const { error } of ours.connectionEvents()) end = error;
  return end?.code;
}
