/** Custom messages of lnd's users, both ways: many, long, even, overridden. SATWIRE_SEED repeats a run. */
import { bytes, rest } from "@satwire/codec";
import type { SimplePeer } from "@satwire/lnp2p";
import {
  equalBytes,
  message,
  type MessageBase,
  messageSet,
  toHex,
  type UnknownMessage,
} from "@satwire/lnwire";
import { createRng } from "@satwire/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { ask } from "./daemons/daemon.ts";
import { type Lnd, startLnd } from "./daemons/lnd.ts";
import { hasGo, versionOf } from "./daemons/provided.ts";
import { peerOf } from "./lnd-connections/sessions.ts";

const seed = Number(process.env["SATWIRE_SEED"] ?? Date.now() % 2 ** 31);
/** Sent until the subscription is there. */
const probeType = 65_535;
/** Each way; keys rotate every 500 messages. */
const messageCount = 2_000;
const longest = 65_533;
const customType = 32_769;
const overriddenType = 1_777;

/** Type 32770, as an application might have it. */
const greeting = message<MessageBase<"greeting"> & { tag: Uint8Array; text: Uint8Array }>(
  32_770,
  "greeting",
  { tag: bytes(2), text: rest },
);

/** As `GET /v1/custommessage/subscribe` has them. */
interface Received {
  readonly peer: string;
  readonly type: number;
  readonly data: string;
}

describe.runIf(hasGo)("custom messages", () => {
  let lnd: Lnd;
  beforeAll(async () => {
    console.log(`${versionOf("lnd")}\nSATWIRE_SEED=${seed}`);
    lnd = await startLnd({ args: [`--protocol.custom-message=${overriddenType}`] });
    return () => lnd[Symbol.asyncDispose]();
  });

  const sendFromLnd = (
    peer: Pick<SimplePeer, "localPublicKey">,
    type: number,
    payload: Uint8Array,
  ): Promise<unknown> =>
    lnd.rest("/v1/custommessage", {
      peer: base64(peer.localPublicKey),
      type,
      data: base64(payload),
    });

  test(`${messageCount} each way at once`, async () => {
    const rng = createRng(seed);
    const payloads = (label: string): Uint8Array[] => {
      const own = rng.fork(label);
      return Array.from({ length: messageCount }, (_, i) =>
        own.bytes(i % 100 === 99 ? longest - own.int(0, 2) : own.pick([0, 1, own.int(2, 1500)])),
      );
    };
    const ours = payloads("ours");
    const theirs = payloads("theirs");
    await using peer = peerOf(lnd);
    await peer.connect();
    await using subscription = await subscribe(lnd, peer);

    const start = performance.now();
    const weSend = (async () => {
      for (const [i, payload] of ours.entries()) {
        await peer.sendMessage({ type: "unknown", id: typeOf(i), payload });
      }
    })();
    const lndSends = (async () => {
      for (const [i, payload] of theirs.entries()) await sendFromLnd(peer, typeOf(i), payload);
    })();
    const lndReads = (async () => {
      for (const [i, payload] of ours.entries()) {
        const { type, data, peer: from } = await nextOf(subscription);
        const isSame = type === typeOf(i) && data === base64(payload);
        if (!isSame || from !== base64(peer.localPublicKey)) throw new Error(`ours, ${i}`);
      }
    })();
    const weRead = (async () => {
      let i = 0;
      for await (const received of peer.receiveMessages()) {
        if (received.type !== "unknown") continue;
        const isSame = received.id === typeOf(i) && equalBytes(received.payload, theirs[i]!);
        if (!isSame) throw new Error(`lnd's, ${i}`);
        if (++i === messageCount) return;
      }
      throw new Error(`the end after ${i} messages`);
    })();
    await Promise.all([lndReads, weRead, weSend, lndSends]);
    console.log(`${messageCount} messages each way in ${Math.round(performance.now() - start)} ms`);
    await peer.ping();
  });

  test("an even type that we have a codec for", async () => {
    await using peer = peerOf(lnd, { messages: messageSet([greeting]) });
    await peer.connect();
    await using subscription = await subscribe(lnd, peer);
    await peer.sendMessage({ type: "greeting", tag: Uint8Array.of(1, 2), text: Uint8Array.of(3) });
    expect(await nextOf(subscription)).toMatchObject({ type: 32_770, data: hex64("010203") });
    await sendFromLnd(peer, 32_770, Uint8Array.of(4, 5, 6, 7));
    for await (const received of peer.receiveMessages()) {
      if (received.type !== "greeting") continue;
      const [tag, text] = [Uint8Array.of(4, 5), Uint8Array.of(6, 7)];
      expect(received).toEqual({ type: "greeting", tag, text });
      break;
    }
  });

  test("an even type that we do not know ends the connection", async () => {
    await using peer = peerOf(lnd);
    await peer.connect();
    await sendFromLnd(peer, 32_770, Uint8Array.of(1));
    const reading = (async () => {
      for await (const _ of peer.receiveMessages());
    })();
    await expect(reading).rejects.toMatchObject({ code: "unknown_required_message" });
  });

  test("a type below 32768 needs lnd's flag", async () => {
    await using peer = peerOf(lnd);
    await peer.connect();
    await expect(sendFromLnd(peer, 779, new Uint8Array(1))).rejects.toThrow(
      "msg type: 779 not in custom range",
    );
    await using subscription = await subscribe(lnd, peer);
    await peer.sendMessage({ type: "unknown", id: 779, payload: Uint8Array.of(1) }); // ignored
    await peer.sendMessage({ type: "unknown", id: overriddenType, payload: Uint8Array.of(2) });
    expect(await nextOf(subscription)).toMatchObject({ type: overriddenType, data: hex64("02") });
    await sendFromLnd(peer, overriddenType, Uint8Array.of(3));
    for await (const received of peer.receiveMessages()) {
      if (received.type !== "unknown") continue;
      const expected: UnknownMessage = {
        type: "unknown",
        id: overriddenType,
        payload: Uint8Array.of(3),
      };
      expect(received).toEqual(expected);
      break;
    }
  });

  test("lnd refuses to send more than fits, then hangs up", async () => {
    await using peer = peerOf(lnd);
    await peer.connect();
    await expect(sendFromLnd(peer, customType, new Uint8Array(longest + 1))).rejects.toThrow(
      "message payload is too large - encoded 65534 bytes",
    );
    // lnd hangs up on a peer that it could not send a message to.
    await lnd.logged(
      new RegExp(`disconnecting ${toHex(peer.localPublicKey)}.*unable to write message`),
    );
    await ask("lnd to miss its peer", () =>
      sendFromLnd(peer, customType, new Uint8Array(1)).then(
        () => undefined,
        (error: Error) => /peer is not connected/.test(error.message) || undefined,
      ),
    );
  });
});

/** A peer of ours, whatever it understands. */
interface Sender {
  sendMessage(message: UnknownMessage): Promise<void>;
}

/** lnd's stream of custom messages, once it has been seen to work: what is sent before that is lost. */
async function subscribe(lnd: Lnd, peer: Sender): Promise<AsyncGenerator<Received, undefined>> {
  const subscription = lnd.restStream<Received>("/v1/custommessage/subscribe");
  let isOpen = false;
  const first = subscription.next().then(() => (isOpen = true));
  await ask("lnd to hand out custom messages", async () => {
    await peer.sendMessage({ type: "unknown", id: probeType, payload: new Uint8Array(0) });
    return isOpen || undefined;
  });
  await first;
  return subscription;
}

/** The next message that is no probe. */
async function nextOf(subscription: AsyncGenerator<Received, undefined>): Promise<Received> {
  for (;;) {
    const { value } = await subscription.next();
    if (value === undefined) throw new Error("the end of the subscription");
    if (value.type !== probeType) return value;
  }
}

/** Odd ones, of the whole range of custom types. */
function typeOf(i: number): number {
  return customType + 2 * ((i * 7) % 16_383);
}

function base64(data: Uint8Array): string {
  return Buffer.from(data).toString("base64");
}

function hex64(hex: string): string {
  return Buffer.from(hex, "hex").toString("base64");
}
