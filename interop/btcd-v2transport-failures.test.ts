// BIP 324 with btcd's v2transport where it fails: changed bytes, other networks, peers of v1.
import {
  type BitcoinTransport,
  networks,
  type TransportErrorCode,
  V1Transport,
  V2Transport,
} from "@satwire/btcwire";
import type { Rewrite } from "@satwire/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BtcdEnd, BtcdSide } from "./btcd-v2transport/btcd-side.ts";
import { type Blob, opaqueMessages } from "./btcd-v2transport/contents.ts";
import { connect, established, failureOf, hasMoved, opaque } from "./btcd-v2transport/pair.ts";
import { hasGo, versionOf } from "./daemons/provided.ts";

const network = networks.simnet;
const { magic } = network;
const messages = opaqueMessages;
let btcd: BtcdSide;

// Where things are in what each side sends.
const garbageLength = 40;
const terminator = 64 + garbageLength;
const version = terminator + 16;
const packet = version + 20;
const contentsLength = 101;

const unauthentic = "chacha20poly1305: message authentication failed";

/** One byte that is changed, and how it ends. */
interface ChangedByte {
  readonly what: string;
  readonly at: number;
  readonly mask?: number;
  /** What btcd says when it is sent to it. `EOF`: it waits for more. */
  readonly btcd: string;
  /** What we say when it is sent to us. `truncated`: we wait for more. */
  readonly ours: TransportErrorCode;
}

const changedBytes: readonly ChangedByte[] = [
  { what: "the key", at: 20, btcd: "EOF", ours: "truncated" },
  { what: "garbage", at: 64 + 3, btcd: unauthentic, ours: "packet_tag" },
  { what: "the terminator", at: terminator + 5, btcd: "EOF", ours: "truncated" },
  { what: "the version packet's header", at: version + 3, btcd: unauthentic, ours: "packet_tag" },
  { what: "the version packet's tag", at: packet - 1, btcd: unauthentic, ours: "packet_tag" },
  { what: "a length, one less", at: packet, btcd: unauthentic, ours: "packet_tag" },
  // btcd reads up to 2^24 - 1 bytes of contents.
  { what: "a length, too much", at: packet + 2, mask: 0x80, btcd: "EOF", ours: "payload_too_long" },
  { what: "a header", at: packet + 3, mask: 0x80, btcd: unauthentic, ours: "packet_tag" },
  { what: "contents", at: packet + 4, btcd: unauthentic, ours: "packet_tag" },
  { what: "a tag", at: packet + contentsLength + 19, btcd: unauthentic, ours: "packet_tag" },
];

/** Changes one byte of all that passes. */
function change({ at, mask = 1 }: ChangedByte): Rewrite {
  return (bytes, offset) => bytes.map((byte, i) => (offset + i === at ? byte ^ mask : byte));
}

/** Sends bytes and reads none. */
function sideOf(opening?: Uint8Array): BitcoinTransport<Blob> {
  return {
    protocol: "detecting",
    established: true,
    sessionId: undefined,
    failure: undefined,
    shouldRetryV1: false,
    bytesBuffered: 0,
    open: () => opening,
    push: () => ({ events: [] }),
    encode: () => new Uint8Array(0),
    end: () => undefined,
    destroy: () => {},
  };
}

/** A frame of v1 with a payload of 86 bytes. */
function frame(command: string, of: { readonly magic: Uint8Array }): Uint8Array {
  const payload = new Uint8Array(86);
  return new V1Transport({ network: of, messages }).encode({ type: "unknown", command, payload });
}

describe.runIf(hasGo)("BIP 324 with btcd, where it fails", () => {
  beforeAll(() => {
    console.log(versionOf("btcd"));
    btcd = new BtcdSide();
  });
  afterAll(() => btcd[Symbol.asyncDispose]());

  describe.each(["initiator", "responder"] as const)("we are the %s", (role) => {
    const garbage = new Uint8Array(garbageLength).fill(7);

    test.each(changedBytes)("to btcd, changed: $what", async (row) => {
      const transport = V2Transport[role]({ network, messages, garbage });
      const order = { magic, garbage: garbageLength };
      const pair = await connect(btcd, role, opaque(transport), order, {
        rewrite: { sent: change(row) },
      });
      await using ours = pair.ours;
      if (row.at >= packet) {
        await established(pair);
        ours.send({ type: "blob", payload: new Uint8Array(contentsLength - 1) });
      }
      await hasMoved(ours, { sent: packet });
      if (row.btcd === "EOF") {
        const failure = failureOf(await ours.finish());
        // Only with another key does btcd send a terminator that is not the one we wait for.
        if (row.at < 64) expect(failure).toMatchObject({ code: "truncated" });
        else expect(failure).toBeUndefined();
      }
      expect(await pair.theirs.end()).toEqual<BtcdEnd>({
        stage: row.at < packet ? "handshake" : "packets",
        error: row.btcd,
        downgrade: false,
        received: 0,
        digest: row.at < packet ? "" : (expect.any(String) as string),
      });
    });

    test.each(changedBytes)("to us, changed: $what", async (row) => {
      const transport = V2Transport[role]({ network, messages, garbage });
      const order = { magic, garbage: garbageLength, seed: 1, sizes: [contentsLength] };
      const pair = await connect(btcd, role, opaque(transport), order, {
        rewrite: { received: change(row) },
      });
      await using ours = pair.ours;
      await hasMoved(ours, { sent: packet });
      const failure = failureOf(await (row.ours === "truncated" ? ours.finish() : ours.ended()));
      expect(failure).toMatchObject({ code: row.ours });
      expect(ours.events.map(({ type }) => type)).toEqual(row.at < packet ? [] : ["ready"]);
    });

    // The magic is part of every key: neither finds the other's terminator.
    test("another network: both wait for a terminator, as long as there can be one", async () => {
      const transport = V2Transport[role]({ network: networks.testnet4, messages, garbage });
      const pair = await connect(btcd, role, opaque(transport), { magic, garbage: garbageLength });
      await using ours = pair.ours;
      await hasMoved(ours, { sent: packet, received: packet });
      expect(ours.events).toEqual([]);
      expect(failureOf(await ours.finish())).toMatchObject({ code: "truncated" });
      expect(await pair.theirs.end()).toMatchObject({ stage: "handshake", error: "EOF" });
    });

    test.each([
      ["ours", 4095, 0],
      ["btcd's", 0, 4095],
    ])("another network, and %s garbage is longer than can be", async (_, ofOurs, ofBtcd) => {
      const transport = V2Transport[role]({
        network: networks.testnet4,
        messages,
        garbage: new Uint8Array(ofOurs),
      });
      const pair = await connect(btcd, role, opaque(transport), { magic, garbage: ofBtcd });
      await using ours = pair.ours;
      if (ofBtcd > 0) {
        expect(failureOf(await ours.ended())).toMatchObject({ code: "garbage_terminator" });
      } else {
        const error = "no garbage term received";
        expect(await pair.theirs.end()).toMatchObject({ stage: "handshake", error });
      }
    });
  });

  /** What somebody who dials sends, and what responders make of it. */
  interface Opening {
    readonly what: string;
    readonly bytes: Uint8Array;
    /** How our transport talks, what it says of the end, and whether it has answered. */
    readonly ours: readonly ["v1" | "detecting", TransportErrorCode | undefined, boolean];
    readonly btcd: readonly [error: string, answers: boolean];
  }
  const v1Version = frame("version", network);
  const openings: readonly Opening[] = [
    {
      what: "v1's version",
      bytes: v1Version,
      ours: ["v1", undefined, false],
      btcd: ["use v1 protocol instead", false],
    },
    {
      what: "15 bytes of v1's version",
      bytes: v1Version.slice(0, 15),
      ours: ["detecting", "truncated", false],
      btcd: ["EOF", false],
    },
    {
      what: "another command of v1",
      bytes: frame("verack", network).slice(0, 63),
      ours: ["detecting", "truncated", true],
      btcd: ["EOF", true],
    },
    // BIP 324: "implementations may interpret this as a v1 peer of a different network, and disconnect them". We
    // look after 16 bytes, and answer nothing if they come at once; btcd looks after 64.
    {
      what: "v1's version, of another network",
      bytes: frame("version", networks.mainnet).slice(0, 64),
      ours: ["detecting", "wrong_network", false],
      btcd: ["peer is v1 and using the wrong network", true],
    },
    {
      what: "63 bytes of v1's version, of another network",
      bytes: frame("version", networks.mainnet).slice(0, 63),
      ours: ["detecting", "wrong_network", false],
      btcd: ["EOF", true],
    },
    {
      what: "nothing",
      bytes: new Uint8Array(0),
      ours: ["detecting", undefined, false],
      btcd: ["EOF", false],
    },
  ];

  test.each(openings)("who is dialled gets $what", async (row) => {
    const transport = V2Transport.responder({ network, messages });
    const { failure, reply } = transport.push(row.bytes);
    const code = (failure ?? transport.end())?.code;
    expect([transport.protocol, code, reply !== undefined]).toEqual(row.ours);
    transport.destroy();

    const side = sideOf(row.bytes.length === 0 ? undefined : row.bytes);
    const { ours, theirs } = await connect(btcd, "initiator", opaque(side), { magic });
    await using _ours = ours;
    await ours.finish();
    const { stage, error } = await theirs.end();
    expect([stage, error, ours.bytesReceived > 0]).toEqual(["handshake", ...row.btcd]);
  });

  /** What somebody who is dialled answers before the end, and whether the one who dialled should try v1. */
  interface Reply {
    readonly what: string;
    readonly bytes: Uint8Array;
    readonly isReset?: boolean;
    readonly ours: readonly [retry: boolean, TransportErrorCode];
    readonly btcd: readonly [retry: boolean, error: string];
  }
  const noBytes = new Uint8Array(0);
  const key = new Uint8Array(64).fill(0x77);
  const downgrade = "should downgrade to v1";
  // BIP 324 leaves it to who dials. btcd tries v1 if nothing has come at all.
  const replies: readonly Reply[] = [
    {
      what: "nothing",
      bytes: noBytes,
      ours: [true, "truncated"],
      btcd: [true, downgrade],
    },
    {
      what: "nothing, and resets",
      bytes: noBytes,
      isReset: true,
      ours: [true, "truncated"],
      btcd: [true, downgrade],
    },
    {
      what: "the start of v1's version",
      bytes: v1Version.slice(0, 3),
      ours: [true, "truncated"],
      btcd: [false, "EOF"],
    },
    {
      what: "v1's version",
      bytes: v1Version,
      ours: [true, "v1_peer"],
      btcd: [false, "EOF"],
    },
    {
      what: "v1's version, of another network",
      bytes: frame("version", networks.mainnet),
      ours: [false, "wrong_network"],
      btcd: [false, "EOF"],
    },
    {
      what: "part of a key",
      bytes: key.slice(0, 63),
      ours: [false, "truncated"],
      btcd: [false, "EOF"],
    },
    {
      what: "a key",
      bytes: key,
      ours: [false, "truncated"],
      btcd: [false, "EOF"],
    },
  ];

  test.each(replies)("who dials gets $what", async (row) => {
    const transport = V2Transport.initiator({ network, messages });
    transport.open();
    const { failure } = transport.push(row.bytes);
    expect([transport.shouldRetryV1, (failure ?? transport.end())?.code]).toEqual(row.ours);
    transport.destroy();

    const { ours, theirs } = await connect(btcd, "responder", opaque(sideOf()), { magic });
    await using _ours = ours;
    await hasMoved(ours, { received: 64 });
    ours.sendBytes(row.bytes);
    if (row.isReset === true) await ours[Symbol.asyncDispose]();
    else await ours.finish();
    const { stage, downgrade: retry, error } = await theirs.end();
    expect([stage, retry, error]).toEqual(["handshake", ...row.btcd]);
  });
});
