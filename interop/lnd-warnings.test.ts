/** A warning of lnd, which warns about channels alone: two lnds open one with each other, and we are in between. */
import { defaultFeatures, type SimplePeer } from "@satwire/lnp2p";
import {
  channelIdOf,
  featureBits,
  features,
  featureVector,
  fromHex,
  printableText,
  type Warning,
} from "@satwire/lnwire";
import { describe, expect, test } from "vitest";
import { startBtcd } from "./daemons/btcd.ts";
import { ask } from "./daemons/daemon.ts";
import { type Lnd, startLnd } from "./daemons/lnd.ts";
import { hasGo, versionOf } from "./daemons/provided.ts";
import { lndMessages, type LndMessage } from "./lnd-codecs/set.ts";
import { peerOf } from "./lnd-connections/sessions.ts";
import { fund, openChannel } from "./lnd-gossip/public-channel.ts";

/** From here on segwit is active, and coins of the first blocks can be spent. */
const firstBlocks = 310;
/** More than lnd asks for before it uses a channel of this size. */
const depth = 6;
const capacitySat = 500_000n;
/** What opens a channel. No node id is in it, nor is one signed, so that each end takes us for the other. */
const opening = [
  "open_channel",
  "accept_channel",
  "funding_created",
  "funding_signed",
  "channel_ready",
] as const;

type Named<N> = Extract<LndMessage, { readonly type: N }>;
type Opening = Named<(typeof opening)[number]>;

describe.runIf(hasGo)("warnings of lnd", () => {
  test("a channel_ready without the nonce of its taproot channel; then the right one", async () => {
    console.log(versionOf("lnd"));
    await using btcd = await startBtcd();
    await btcd.mine(firstBlocks);
    await using daemons = new AsyncDisposableStack();
    const start = async (alias: string): Promise<Lnd> =>
      daemons.use(await startLnd({ btcd, alias, args: ["--protocol.simple-taproot-chans"] }));
    const [alice, bob] = await Promise.all([start("alice"), start("bob")]);
    await fund(btcd, alice);
    await using toAlice = taprootPeerOf(alice);
    await using toBob = taprootPeerOf(bob);
    await Promise.all([toAlice.connect(), toBob.connect()]);

    let ready: Named<"channel_ready"> | undefined;
    const withoutNonce = (message: Opening): Opening => {
      if (message.type !== "channel_ready") return message;
      ready = message;
      const { nextLocalNonce: _, ...rest } = message;
      return rest;
    };
    let warn: (warning: Warning) => void = () => {};
    const warned = new Promise<Warning>((resolve) => (warn = resolve));
    const relaying = [
      relay(toAlice, toBob, { onWarning: (warning) => warn(warning) }),
      relay(toBob, toAlice, { change: withoutNonce }),
    ];
    // If a relay ends first, nothing else would.
    const orEnd = <T>(result: Promise<T>): Promise<T | undefined> =>
      Promise.race([result, ...relaying]);

    const terms = { capacitySat, private: true, commitment_type: "SIMPLE_TAPROOT_FINAL" };
    const funding = await orEnd(openChannel(btcd, alice, toAlice.localPublicKey, terms));
    await btcd.mine(depth);
    const warning = await orEnd(warned);
    const txid = fromHex(funding!.txid).reverse();
    expect(warning!.channelId).toEqual(channelIdOf(txid, funding!.output));
    expect(printableText(warning!.data)).toBe("local nonce not found");

    // It ends neither the connection nor the channel.
    await toAlice.ping();
    expect(ready!.nextLocalNonce).toHaveLength(66);
    await toAlice.sendMessage(ready!);
    for (const lnd of [alice, bob]) {
      await orEnd(ask("both to use the channel", () => usesChannel(lnd)));
    }

    await Promise.all([toAlice.close(), toBob.close()]);
    await Promise.all(relaying);
    const notes: (string | undefined)[] = [];
    for await (const { type, details } of toAlice.connectionEvents()) {
      if (type === "note") notes.push(details);
    }
    expect(notes).toEqual(["warning from the peer: local nonce not found"]);
  });
});

/** A peer of ours that lnd opens taproot channels with. */
function taprootPeerOf(lnd: Lnd): SimplePeer<LndMessage> {
  const more = [features.option_anchors, features.simple_taproot_chans];
  const bits = [...featureBits(defaultFeatures()), ...more.map(({ optionalBit }) => optionalBit)];
  return peerOf(lnd, { features: featureVector(bits), messages: lndMessages });
}

/** Passes on what opens a channel, until the connection ends. @throws when lnd sends an error */
async function relay(
  from: SimplePeer<LndMessage>,
  to: SimplePeer<LndMessage>,
  options: { onWarning?(warning: Warning): void; change?(message: Opening): Opening },
): Promise<undefined> {
  const isOpening = (message: { readonly type: string }): message is Opening =>
    (opening as readonly string[]).includes(message.type);
  for await (const message of from.receiveMessages()) {
    if (message.type === "error") throw new Error(printableText(message.data));
    if (message.type === "warning") options.onWarning?.(message);
    if (isOpening(message)) await to.sendMessage(options.change?.(message) ?? message);
  }
  return undefined;
}

async function usesChannel(lnd: Lnd): Promise<true | undefined> {
  const { channels } = await lnd.rest<{ readonly channels: readonly { active: boolean }[] }>(
    "/v1/channels",
  );
  return channels.some(({ active }) => active) || undefined;
}
