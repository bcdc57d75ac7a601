// Every message that LDK can read and write, written by one side and read by the other. LDK prints its version
// when it is loaded; SATWIRE_SEED repeats a run.
import { setImmediate } from "node:timers/promises";
import { SimplePeer } from "@satwire/lnp2p";
import * as ln from "@satwire/lnwire";
import { arbitrary as random } from "@satwire/lnwire/testing";
import { parseHostPort } from "@satwire/net";
import fc from "fast-check";
import * as ldk from "lightningdevkit";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { fromBlindedPath } from "./ldk-codecs/addresses.ts";
import { arbitraryOf } from "./ldk-codecs/arbitraries.ts";
import { noMessages, readableClasses } from "./ldk-codecs/classes.ts";
import { differences } from "./ldk-codecs/differences.ts";
import {
  counts,
  exchange,
  pairs,
  plainOf,
  receive,
  report,
  sightings,
} from "./ldk-codecs/exchange.ts";
import { toChannelId, toOptionalHash } from "./ldk-codecs/fields.ts";
import { asU16, asU32, asU64, asU8, mustRead, readWith, resultOf } from "./ldk-codecs/pair.ts";
import { LdkNode } from "./ldk-node.ts";

const seed = Number(process.env["SATWIRE_SEED"] ?? Date.now() % 2 ** 31);
const numRuns = 200;

const names = pairs.map(({ codec }) => codec.name);
const missing = ln.lightningMessages.codecs
  .map(({ name }) => name)
  .filter((name) => !names.includes(name));

/** For all values of a kind. */
const check = <T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void): void =>
  fc.assert(fc.property(arbitrary, property), { seed, numRuns });

/** A frame with a payload that LDK wrote. */
const frameOf = (id: number, payload: Uint8Array): Uint8Array =>
  Uint8Array.of(id >> 8, id & 0xff, ...payload);

beforeAll(async () => {
  console.log(`SATWIRE_SEED=${seed}`);
  await using _node = await LdkNode.start(); // which loads LDK
});

// LDK's objects are given back by finalizers, which run between tasks.
afterEach(() => setImmediate());

describe.each(pairs.map((pair) => ({ name: pair.codec.name, pair })))("$name", ({ name, pair }) => {
  test("LDK reads ours, with the same fields, and writes the same bytes", () => {
    check(arbitraryOf(name), (message) => exchange(pair, message));
  });

  test("we read LDK's, with the same fields, and write the same bytes", () => {
    check(arbitraryOf(name), (message) => receive(pair, message));
  });
});

describe("all in all", () => {
  afterAll(() => console.log(report(missing)));

  test(`each kind of message went ${numRuns} times each way`, () => {
    for (const name of names) {
      const { same = 0, made = 0 } = counts.get(name) ?? {};
      expect(Math.min(same, made), name).toBe(numRuns);
    }
  });

  test("each difference was seen", () => {
    for (const difference of differences) {
      expect(sightings.get(difference), difference.what).toBeGreaterThan(0);
    }
  });

  test("what can be read and written in LDK is exchanged here or known to be no message", () => {
    const known = [...pairs.map(({ className }) => className), ...Object.values(noMessages).flat()];
    expect(readableClasses()).toEqual(known.sort());
  });

  test("LDK has all our messages but the youngest", () => {
    expect(missing.sort()).toEqual([
      "closing_complete",
      "closing_sig",
      "peer_storage",
      "peer_storage_retrieval",
      "start_batch",
    ]);
  });
});

// Classes know no numbers, but LDK's connections do: they log what they have read.
describe("the numbers of messages", () => {
  // LDK 0.1 has these classes, but leaves them out of its connections.
  const splices = new Map([
    ["splice_init", 80],
    ["splice_ack", 81],
    ["splice_locked", 77],
  ]);
  const isLogged = (name: string): boolean => name !== "init" && name !== "gossip_timestamp_filter";

  test.each(pairs.filter(({ codec }) => isLogged(codec.name)))("$className", async (pair) => {
    const { name } = pair.codec;
    const lines: string[] = [];
    let hear = (): void => {};
    const heard = new Promise<void>((resolve) => (hear = resolve));
    const log = (line: string): void => {
      if (!/^Received (message|unknown)/.test(line)) return;
      lines.push(line);
      hear();
    };
    await using node = await LdkNode.start({ log });
    const { host, port } = await node.listen();
    const address = parseHostPort(`${host}:${port}`);
    await using peer = new SimplePeer({ target: { publicKey: node.nodeId, address } });
    await peer.connect();
    await node.waitForPeer(peer.localPublicKey);
    const [sample] = fc.sample(arbitraryOf(name), { seed, numRuns: 1 });
    await peer.sendMessage(plainOf(pair, sample!) as Parameters<typeof peer.sendMessage>[0]);
    await Promise.race([heard, node.waitForDisconnect(peer.localPublicKey)]);
    const spliceId = splices.get(name);
    const what = spliceId === undefined ? `(${pair.className} {` : `Unknown(${spliceId})`;
    expect(lines.join()).toContain(what);
  });
});

describe("what LDK writes by older drafts", () => {
  test("commitment_signed with `batch` in TLV 0", () => {
    interface Batched extends ln.CommitmentSigned {
      readonly batch?: { readonly batchSize: number; readonly fundingTxid: Uint8Array };
    }
    const batch = ln.struct({ batchSize: ln.u16, fundingTxid: ln.sha256 });
    const batched: ln.MessageCodec<Batched> = ln.withTlvs(ln.commitmentSigned, {
      batch: [0, batch],
    });
    const set = ln.messageSet([batched]);
    check(
      fc.tuple(
        random.hash,
        random.signature,
        fc.array(random.signature, { maxLength: 4 }),
        random.u16,
      ),
      ([hash, signature, htlcSignatures, batchSize]) => {
        const made = ldk.CommitmentSigned.constructor_new(
          toChannelId(hash),
          signature,
          htlcSignatures,
          ldk.CommitmentSignedBatch.constructor_new(batchSize, hash),
        );
        const frame = frameOf(132, made.write());
        expect(() => ln.decodeMessage(frame)).toThrow("unknown even TLV type 0");
        const read = set.decode(frame);
        expect(read).toStrictEqual({
          type: "commitment_signed",
          channelId: hash,
          signature,
          htlcSignatures,
          batch: { batchSize, fundingTxid: hash },
        });
        expect(ln.toHex(set.encode(read))).toBe(ln.toHex(frame));
      },
    );
  });

  test("channel_reestablish with a txid in TLV 0", () => {
    interface Old extends ln.ChannelReestablish {
      readonly nextFundingTxid?: Uint8Array;
    }
    const old: ln.MessageCodec<Old> = ln.withTlvs(ln.channelReestablish, {
      nextFundingTxid: [0, ln.sha256],
    });
    const set = ln.messageSet([old]);
    check(
      fc.tuple(random.hash, random.u64, random.u64, random.hash, random.point, random.hash),
      ([channelId, nextCommitmentNumber, nextRevocationNumber, secret, point, txid]) => {
        const made = ldk.ChannelReestablish.constructor_new(
          toChannelId(channelId),
          nextCommitmentNumber,
          nextRevocationNumber,
          secret,
          point,
          toOptionalHash(txid),
        );
        const frame = frameOf(136, made.write());
        expect(() => ln.decodeMessage(frame)).toThrow("unknown even TLV type 0");
        const read = set.decode(frame);
        expect(read).toStrictEqual({
          type: "channel_reestablish",
          channelId,
          nextCommitmentNumber,
          nextRevocationNumber,
          yourLastPerCommitmentSecret: secret,
          myCurrentPerCommitmentPoint: point,
          nextFundingTxid: txid,
        });
        expect(ln.toHex(set.encode(read))).toBe(ln.toHex(frame));
      },
    );
  });

  test("stfu with an initiator that is neither 0 nor 1: LDK takes it, we do not", () => {
    const made = ldk.Stfu.constructor_new(toChannelId(new Uint8Array(32)), 2).write();
    expect(readWith(ldk.Stfu, made)?.get_initiator()).toBe(2);
    expect(() => ln.decodeMessage(frameOf(2, made))).toThrow("2 is neither 0 nor 1");
  });

  test("a hostname without letters: LDK takes it, we keep it as it is", () => {
    const made = ldk.SocketAddress.constructor_hostname(
      mustRead(ldk.Hostname, Uint8Array.of(0)),
      9735,
    ).write();
    const read = ln.decode(ln.address, made);
    expect(read).toStrictEqual({ type: "opaque", data: made });
    expect(ln.encode(ln.address, read)).toStrictEqual(made);
  });
});

describe("parts of onions", () => {
  test("onion_packet", () => {
    check(fc.tuple(random.u8, random.point, random.bytes(1300), random.hash), (parts) => {
      const [version, publicKey, hopPayloads, hmac] = parts;
      const packet = { version, publicKey, hopPayloads, hmac };
      const bytes = ln.encode(ln.onionPacket, packet);
      const read = mustRead(ldk.OnionPacket, bytes);
      expect(asU8(read.get_version())).toBe(version);
      expect(resultOf(read.get_public_key())).toStrictEqual(publicKey);
      expect(read.get_hmac()).toStrictEqual(hmac);
      expect(ln.toHex(read.write())).toBe(ln.toHex(bytes));
      expect(ln.decode(ln.onionPacket, read.write())).toStrictEqual(packet);
    });
  });

  test("blinded paths, ours read by LDK; it refuses those without a hop", () => {
    check(random.blindedPath, (path) => {
      const bytes = ln.encode(ln.blindedPath, path);
      const read = readWith(ldk.BlindedMessagePath, bytes);
      expect(read === undefined).toBe(path.path.length === 0);
      if (read === undefined) return;
      expect(fromBlindedPath(read)).toStrictEqual(path);
      expect(ln.toHex(read.write())).toBe(ln.toHex(bytes));
      expect(ln.decode(ln.blindedPath, read.write())).toStrictEqual(path);
    });
  });

  test("blinded paths, made by LDK", () => {
    const context = ldk.MessageContext.constructor_custom(new Uint8Array(40));
    check(
      fc.tuple(fc.array(random.point, { maxLength: 3 }), random.point, random.hash),
      ([via, to, key]) => {
        const entropy = ldk.KeysManager.constructor_new(key, 0n, 0).as_EntropySource();
        const nodes = via.map((id) =>
          ldk.MessageForwardNode.constructor_new(id, ldk.Option_u64Z.constructor_none()),
        );
        const made = resultOf<ldk.BlindedMessagePath>(
          ldk.BlindedMessagePath.constructor_new(nodes, to, context, entropy),
        );
        const bytes = made.write();
        const read = ln.decode(ln.blindedPath, bytes);
        expect(read).toStrictEqual(fromBlindedPath(made));
        expect(read.firstNodeId).toStrictEqual({ type: "pubkey", pubkey: via[0] ?? to });
        expect(read.path.length).toBe(via.length + 1);
        expect(ln.toHex(ln.encode(ln.blindedPath, read))).toBe(ln.toHex(bytes));
      },
    );
  });

  test("payment_relay of encrypted_data_tlv", () => {
    check(fc.tuple(random.u16, random.u32, random.u32), ([delta, millionths, base]) => {
      const made = ldk.PaymentRelay.constructor_new(delta, millionths, base);
      const record = Uint8Array.of(10, made.write().length, ...made.write());
      const read = ln.decode(ln.encryptedDataTlv, record);
      expect(read.paymentRelay).toStrictEqual({
        cltvExpiryDelta: delta,
        feeProportionalMillionths: millionths,
        feeBaseMsat: base,
      });
      const written = ln.encode(ln.encryptedDataTlv, read);
      expect(ln.toHex(written)).toBe(ln.toHex(record));
      const again = mustRead(ldk.PaymentRelay, written.subarray(2));
      expect(asU16(again.get_cltv_expiry_delta())).toBe(delta);
      expect(asU32(again.get_fee_proportional_millionths())).toBe(millionths);
      expect(asU32(again.get_fee_base_msat())).toBe(base);
    });
  });

  test("payment_constraints of encrypted_data_tlv", () => {
    check(fc.tuple(random.u32, random.u64), ([height, minimum]) => {
      const made = ldk.PaymentConstraints.constructor_new(height, minimum);
      const record = Uint8Array.of(12, made.write().length, ...made.write());
      const read = ln.decode(ln.encryptedDataTlv, record);
      expect(read.paymentConstraints).toStrictEqual({
        maxCltvExpiry: height,
        htlcMinimumMsat: minimum,
      });
      const written = ln.encode(ln.encryptedDataTlv, read);
      expect(ln.toHex(written)).toBe(ln.toHex(record));
      const again = mustRead(ldk.PaymentConstraints, written.subarray(2));
      expect(asU32(again.get_max_cltv_expiry())).toBe(height);
      expect(asU64(again.get_htlc_minimum_msat())).toBe(minimum);
    });
  });
});

describe("numbers and ids", () => {
  test("bigsize", () => {
    check(random.u64, (value) => {
      const made = ldk.BigSize.constructor_new(value).write();
      expect(ln.toHex(ln.encode(ln.bigSize, value))).toBe(ln.toHex(made));
      expect(ln.decode(ln.bigSize, made)).toBe(value);
    });
  });

  test("channel_id of a funding output", () => {
    check(fc.tuple(random.hash, random.u16), ([txid, index]) => {
      const made = ldk.ChannelId.constructor_v1_from_funding_txid(txid, index);
      expect(ln.channelIdOf(txid, index)).toStrictEqual(made.get_a());
    });
  });

  test("channel_id of two revocation basepoints, and of one while the other is not known", () => {
    check(fc.tuple(random.point, random.point), ([ours, theirs]) => {
      const [a, b] = [ours, theirs].map((point) => ldk.RevocationBasepoint.constructor_new(point));
      const both = ldk.ChannelId.constructor_v2_from_revocation_basepoints(a!, b!);
      expect(ln.channelIdV2(ours, theirs)).toStrictEqual(both.get_a());
      const one = ldk.ChannelId.constructor_temporary_v2_from_revocation_basepoint(a!);
      expect(ln.temporaryChannelIdV2(ours)).toStrictEqual(one.get_a());
    });
  });
});
