// BIP 324 over TCP between our V2Transport and btcd's v2transport, in both roles. SATWIRE_SEED repeats a run.
import {
  bitcoinMessages,
  type KnownMessage,
  maxGarbageLength,
  type MessageSet,
  messageSet,
  networks,
  V2Transport,
} from "@satwire/btcwire";
import { anyMessage, arbitraryMessages } from "@satwire/btcwire/testing";
import { defaultDialer } from "@satwire/net";
import { fault, type FaultPlan, RawListener } from "@satwire/testkit";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BtcdSide } from "./btcd-v2transport/btcd-side.ts";
import {
  type Blob,
  contentsOf,
  Digest,
  opaqueMessage,
  opaqueMessages,
  Seeded,
} from "./btcd-v2transport/contents.ts";
import {
  begin,
  connect,
  established,
  failureOf,
  has,
  opaque,
  type Role,
} from "./btcd-v2transport/pair.ts";
import { RawSide } from "./btcd-v2transport/raw-side.ts";
import { hasGo, versionOf } from "./daemons/provided.ts";

const seed = Number(process.env["SATWIRE_SEED"] ?? Date.now() % 2 ** 31);
const random = new Seeded(seed);
const network = networks.simnet;
const { magic } = network;
const counts = { handshakes: 0, packetsToBtcd: 0, packetsToUs: 0, messages: 0 };
let btcd: BtcdSide;

function transportOf(role: Role, garbage: Uint8Array): V2Transport<Blob> {
  return V2Transport[role]({ network, messages: opaqueMessages, garbage });
}

/** Cut into pieces, both ways. */
const cutAnywhere: FaultPlan = [fault.fragment("random", "both")];
const cutEverywhere: FaultPlan = [fault.byteAtATime("both")];

const rate = (count: number, start: number): number =>
  Math.round((count / (performance.now() - start)) * 1000);

describe.runIf(hasGo)("BIP 324 with btcd", () => {
  beforeAll(() => {
    console.log(`${versionOf("btcd")}; SATWIRE_SEED=${seed}`);
    btcd = new BtcdSide();
  });
  afterAll(async () => {
    console.log(JSON.stringify(counts));
    await btcd[Symbol.asyncDispose]();
  });

  describe.each(["initiator", "responder"] as const)("we are the %s", (role) => {
    /** A connection on which one packet goes there and comes back. */
    async function handshake(
      garbage: Uint8Array,
      order: { garbage: number; decoys?: readonly number[]; between?: readonly number[] },
      { faults = [], ourDecoys = [] }: { faults?: FaultPlan; ourDecoys?: readonly number[] } = {},
    ): Promise<void> {
      const transport = transportOf(role, garbage);
      const ordered = { magic, echo: true, ...order };
      const wire = { faults, seed: random.next() };
      const pair = await connect(btcd, role, opaque(transport), ordered, wire);
      await using ours = pair.ours;
      await established(pair);
      for (const length of ourDecoys) ours.sendBytes(transport.encodeDecoy(length));
      const sent = opaqueMessage(random, 1 + random.upTo(100));
      ours.send(sent);
      await has(ours, 2);
      expect(ours.events[1]).toMatchObject({ type: "message", message: sent });
      expect(ours.decoys).toEqual([...(order.decoys ?? []), ...(order.between ?? [])]);
      expect(await ours.finish()).toEqual({ by: "us" });
      expect(await pair.theirs.end()).toMatchObject({
        stage: "packets",
        error: "EOF",
        received: 1,
      });
      counts.handshakes += 1;
    }

    const lengths = [0, 1, 15, 16, 17, maxGarbageLength - 1, maxGarbageLength];
    test.each(lengths)("garbage of %d bytes from btcd, with all of ours", async (theirs) => {
      for (const length of lengths.slice(0, -1)) {
        await handshake(random.bytes(length), { garbage: theirs });
      }
    });

    // BIP 324: "garbage_len < 4096", and a receiver that looks 4096 times.
    test.each(lengths)(
      "btcd, with %d bytes, finds no end of 4,095 bytes of garbage",
      async (theirs) => {
        const transport = transportOf(role, random.bytes(maxGarbageLength));
        const pair = await connect(btcd, role, opaque(transport), { magic, garbage: theirs });
        await using _ours = pair.ours;
        const error = "no garbage term received";
        expect(await pair.theirs.end()).toMatchObject({ stage: "handshake", error });
      },
    );

    test("handshakes with random garbage and decoys", async () => {
      const start = performance.now();
      const count = 110;
      const someLengths = (): number[] =>
        Array.from({ length: random.pick([0, 0, 1, 3]) }, () =>
          random.upTo(random.pick([0, 1, 300, 300, 65_535])),
        );
      for (let i = 0; i < count; i++) {
        await handshake(
          random.bytes(random.upTo(maxGarbageLength - 1)),
          {
            garbage: random.upTo(maxGarbageLength),
            decoys: someLengths(),
            between: someLengths(),
          },
          { ...(random.upTo(1) === 1 && { faults: cutAnywhere }), ourDecoys: someLengths() },
        );
      }
      console.log(`${role}: ${rate(count, start)} handshakes/s`);
    });

    test.each([0, 1, 16, 300, maxGarbageLength - 1])(
      "byte by byte, garbage of %d",
      async (length) => {
        const order = { garbage: length, decoys: [0, 30], between: [5] };
        await handshake(random.bytes(length), order, {
          faults: cutEverywhere,
          ourDecoys: [0, 1, 40],
        });
      },
    );

    test("decoys of every kind of size, in the handshake and between packets", async () => {
      const sizes = [0, 1, 2, 65_534, 65_535, 65_536, 4_000_013];
      const order = { garbage: 20, decoys: sizes, between: sizes };
      await handshake(random.bytes(20), order, { ourDecoys: sizes });
    });

    test("decoys in front of our version packet, which has contents", async () => {
      for (const decoys of [[], [0], [1, 0, 65_535]]) {
        for (const version of [0, 1, 4000]) {
          const raw = new RawSide({
            initiator: role === "initiator",
            magic,
            garbage: random.bytes(random.upTo(40)),
            decoys,
            version: random.bytes(version),
          });
          const pair = await connect(btcd, role, opaque(raw), { magic, garbage: 7, echo: true });
          await using ours = pair.ours;
          await established(pair);
          ours.sendBytes(raw.encrypt(Uint8Array.of(99, 1)));
          await has(ours, 2);
          expect(contentsOf(ours.events[1]!)).toEqual(Uint8Array.of(99, 1));
        }
      }
    });

    test("packets across many keys, both ways at once", async () => {
      const count = 1600; // seven rekeyings, not counting decoys
      const anySizes = (): number[] => {
        const some = Array.from({ length: count }, () =>
          random.upTo(random.pick([0, 1, 20, 300, 300, 300, 3000])),
        );
        const large = [65_534, 65_535, 65_536, 1_000_000];
        return some.map((size, i) => (i % 223 === 0 ? random.pick(large) : size));
      };
      const [sizes, theirSeed] = [anySizes(), 1 + random.upTo(2 ** 31)];
      const transport = transportOf(role, random.bytes(50));
      const order = { magic, garbage: 50, between: [3], seed: theirSeed, sizes };
      const pair = await connect(btcd, role, opaque(transport), order, {
        faults: cutAnywhere,
        seed,
      });
      await using ours = pair.ours;
      await established(pair);
      const sent = new Digest();
      let length = 0;
      for (const size of anySizes()) {
        const message = opaqueMessage(random, size + 1);
        if (random.upTo(9) === 0) ours.sendBytes(transport.encodeDecoy(random.upTo(300)));
        ours.send(message);
        sent.add(contentsOf({ type: "message", message, wireLength: 0 }));
        length += size;
        if (sent.count % 50 === 0) await has(ours, Math.min(sent.count, count)); // both at once
      }
      await has(ours, 1 + count);
      const made = new Seeded(theirSeed);
      for (const [i, event] of ours.events.slice(1).entries()) {
        const expected = made.bytes(sizes[i]!);
        expect(Buffer.compare(contentsOf(event), expected)).toBe(0);
        if (event.type !== "ready") expect(event.wireLength).toBe(sizes[i]! + 20);
      }
      expect(ours.decoys).toHaveLength(count);
      expect(await ours.finish()).toEqual({ by: "us" });
      expect(await pair.theirs.end()).toMatchObject({
        error: "EOF",
        received: count,
        digest: sent.hex(),
      });
      expect(length).toBeGreaterThan(count);
      counts.packetsToBtcd += count;
      counts.packetsToUs += count;
    });

    const withoutShortIds: MessageSet<KnownMessage> = messageSet(
      bitcoinMessages.codecs.map((codec) => ({ ...codec, shortId: undefined })),
    );
    test.each([
      ["its short id", bitcoinMessages],
      ["a long type", withoutShortIds],
    ])("every message there and back, with %s", async (_, messages) => {
      const transport = V2Transport[role]({ network, messages, garbage: random.bytes(3) });
      const pair = await connect(
        btcd,
        role,
        { transport, messages },
        {
          magic,
          garbage: 3,
          echo: true,
        },
      );
      await using ours = pair.ours;
      const known = Object.values<fc.Arbitrary<KnownMessage>>(arbitraryMessages());
      const sent = [...known, anyMessage()].flatMap((any) =>
        fc.sample(any, { seed: random.next() | 0, numRuns: 6 }),
      );
      await established(pair);
      for (const message of sent) ours.send(message);
      await has(ours, 1 + sent.length);
      const read = ours.events.slice(1).map((event) => event.type === "message" && event.message);
      expect(read).toStrictEqual(sent);
      expect(new Set(sent.map(({ type }) => type)).size).toBe(bitcoinMessages.codecs.length);
      counts.messages += sent.length;
    });

    test("payloads of every kind of size there and back", async () => {
      const transport = transportOf(role, random.bytes(5));
      const pair = await connect(btcd, role, opaque(transport), { magic, garbage: 5, echo: true });
      await using ours = pair.ours;
      await established(pair);
      const sent = [0, 1, 2, 65_534, 65_535, 4_000_000].flatMap((length) => {
        const payload = random.bytes(length);
        return [
          { type: "blob", payload } as const,
          { type: "unknown", command: "long", payload } as const,
        ];
      });
      for (const message of sent) ours.send(message);
      await has(ours, 1 + sent.length);
      for (const [i, message] of sent.entries()) {
        const event = ours.events[i + 1]!;
        const expected = contentsOf({ type: "message", message, wireLength: 0 });
        expect(Buffer.compare(contentsOf(event), expected)).toBe(0);
      }
    });

    test("contents from none to the longest from btcd, then too long ones", async () => {
      const sizes = [0, 1, 2, 12, 13, 14, 65_534, 65_535, 65_536, 4_000_013, 4_000_014];
      const transport = transportOf(role, random.bytes(5));
      const pair = await connect(btcd, role, opaque(transport), { magic, seed: seed | 1, sizes });
      await using ours = pair.ours;
      await established(pair);
      // BIP 324 has lengths up to 2^24 - 1; the longest message has 4,000,013 bytes.
      expect(failureOf(await ours.ended())).toMatchObject({
        code: "payload_too_long",
        length: 4_000_014,
      });
      const made = new Seeded(seed | 1);
      expect(ours.events).toHaveLength(sizes.length);
      for (const [i, event] of ours.events.slice(1).entries()) {
        expect(Buffer.compare(contentsOf(event), made.bytes(sizes[i]!))).toBe(0);
      }
      expect(ours.events[1]).toMatchObject({ type: "ignored", reason: "no_type" });
    });

    test("btcd reads longer contents than a message can have, up to what BIP 324 allows", async () => {
      const raw = new RawSide({ initiator: role === "initiator", magic });
      const pair = await connect(btcd, role, opaque(raw), { magic });
      await using ours = pair.ours;
      await established(pair);
      const sent = new Digest();
      for (const size of [0, 4_000_013, 4_000_014, 2 ** 24 - 1]) {
        const contents = new Uint8Array(size).fill(size);
        sent.add(contents);
        ours.sendBytes(raw.encrypt(contents));
      }
      await ours.finish();
      expect(await pair.theirs.end()).toMatchObject({
        error: "EOF",
        received: sent.count,
        digest: sent.hex(),
      });
    });
  });

  test("garbage of ours that all but holds its terminator", async () => {
    for (const length of [1, 8, 15]) {
      for (const times of [1, 2, 100]) {
        const raw = new RawSide({
          initiator: false,
          magic,
          garbage: ({ sendTerminator }) => {
            const start = sendTerminator.subarray(0, length);
            const other = Uint8Array.of(~sendTerminator[length]!);
            const end = sendTerminator.subarray(-length);
            const parts = Array.from({ length: times }, () => [start, other, end]).flat();
            return Buffer.concat([...parts, start]); // right in front of the terminator
          },
        });
        const pair = await connect(btcd, "responder", opaque(raw), { magic, echo: true });
        await using ours = pair.ours;
        await established(pair);
        ours.sendBytes(raw.encrypt(Uint8Array.of(1, 2, 3)));
        await has(ours, 2);
        expect(contentsOf(ours.events[1]!)).toEqual(Uint8Array.of(1, 2, 3));
      }
    }
  });

  test("how fast each is with itself, and one with the other", async () => {
    const [count, length, times] = [30, 4_000_000, 5];
    const payload = random.bytes(length);
    const none = new Uint8Array(0);
    let start = performance.now();
    for (let i = 0; i < count; i++) {
      const listening = btcd.order({ magic });
      await btcd.order({ magic, dial: await listening.port() }).ready();
    }
    const theirs = rate(count, start);
    start = performance.now();
    for (let i = 0; i < count; i++) {
      await using listener = await RawListener.open();
      const stream = await defaultDialer(listener.address);
      await using dialled = begin(stream, opaque(transportOf("initiator", none)));
      await using accepted = begin(await listener.accept(), opaque(transportOf("responder", none)));
      await Promise.all([has(dialled, 1), has(accepted, 1)]);
    }
    console.log(`handshakes/s: btcd ${theirs}, we ${rate(count, start)}`);

    const transport = transportOf("initiator", none);
    const sizes = Array.from({ length: times }, () => length);
    const pair = await connect(btcd, "initiator", opaque(transport), { magic, seed: 1, sizes });
    await using ours = pair.ours;
    await established(pair);
    start = performance.now();
    await has(ours, 1 + times);
    const toUs = rate((times * length) / 1e6, start);
    start = performance.now();
    for (let i = 0; i < times; i++) ours.send({ type: "blob", payload });
    await ours.finish();
    expect(await pair.theirs.end()).toMatchObject({ error: "EOF", received: times });
    console.log(`MB/s: to us ${toUs}, to btcd ${rate((times * length) / 1e6, start)}`);
  });
});
