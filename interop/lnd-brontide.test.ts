// BOLT 8 between us and lnd's brontide, in both roles, over TCP. SATWIRE_SEED repeats a run.
import { nobleCrypto, publicKeyOf } from "@satwire/noise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasGo, versionOf } from "./daemons/provided.ts";
import { edges, messageOf, messagesOf, mixedSizes, orderBytes } from "./lnd-brontide/batches.ts";
import { BothSides, type Connection, type Role, sendFrame } from "./lnd-brontide/connect.ts";
import { type Fault, faults, firstMessage } from "./lnd-brontide/faults.ts";
import { measure, tableOf } from "./lnd-brontide/speed.ts";
import { fault } from "@satwire/testkit";

const seed = Number(process.env["SATWIRE_SEED"] ?? Date.now() % 2 ** 31);
const roles: readonly Role[] = ["initiator", "responder"];
const other = (role: Role): Role => (role === "initiator" ? "responder" : "initiator");
const echo = orderBytes({ echo: true });
const frameOverhead = 34;
/** What a side sends before its first frame. */
const handshakeBytes = { initiator: 50 + 66, responder: 50 };
/** What lnd says when we have reset the connection. */
const reset = /connection reset by peer$|broken pipe$/;

describe.runIf(hasGo)("lnd's brontide", () => {
  let sides: BothSides;
  beforeAll(async () => {
    console.log(`${versionOf("lnd")}, SATWIRE_SEED=${seed}`);
    sides = await BothSides.listen();
  });
  afterAll(() => sides[Symbol.asyncDispose]());

  describe.each(roles)("we are the %s", (role) => {
    test("both know the other's key", async () => {
      await using connection = await sides.connect(role);
      await connection.peer.established();
      expect(connection.peer.remotePublicKey).toEqual(connection.lndKey);
      const { key } = await connection.lnd("open");
      expect(key).toBe(Buffer.from(sides.ourKey).toString("hex"));
    });

    test("shortest and longest messages come back as they were", async () => {
      await using connection = await sides.connect(role);
      await sendFrame(connection.peer, echo);
      const sent = messagesOf({ label: `${seed} ${role} echo`, sizes: [...edges, ...edges] });
      for (const message of sent) {
        await sendFrame(connection.peer, message);
        expect(Buffer.compare(await connection.peer.takeFrame(), message)).toBe(0);
      }
    });

    test("2,600 messages each way at once, over five changes of the keys", async () => {
      await using connection = await sides.connect(role);
      await exchange(connection, `${role} stream`, 2600);
    });

    test("frames that are cut at random places, in both directions", async () => {
      let pieces = 0;
      const received = (bytes: Uint8Array): Uint8Array => {
        pieces++;
        return bytes;
      };
      await using connection = await sides.connect(role, {
        faults: [fault.fragment("random", "both"), fault.fragment(600, "both")],
        seed,
        rewrite: { received },
      });
      await exchange(connection, `${role} cut`, 60);
      expect(pieces).toBeGreaterThan(150);
    });

    test("the handshake and frames byte by byte", async () => {
      await using connection = await sides.connect(role, { faults: [fault.byteAtATime("both")] });
      await sendFrame(connection.peer, echo);
      for (const message of messagesOf({ label: `${seed} ${role} bytes`, sizes: [0, 1, 2, 136] })) {
        await sendFrame(connection.peer, message);
        expect(await connection.peer.takeFrame()).toEqual(message);
      }
    });

    test("many frames in one write", async () => {
      await using connection = await sides.connect(role);
      await sendFrame(connection.peer, echo);
      await sendFrame(connection.peer, firstMessage);
      await connection.peer.takeFrame();
      const { writes } = connection.peer;
      const sent = messagesOf({ label: `${seed} many`, sizes: Array<number>(1000).fill(30) });
      connection.peer.sendFrame(...sent);
      for (const message of sent) expect(await connection.peer.takeFrame()).toEqual(message);
      expect(connection.peer.writes).toBe(writes + 1);
    });

    test("65,536 bytes are refused on both sides, and not sent", async () => {
      await using connection = await sides.connect(role);
      const { peer } = connection;
      await peer.established();
      const before = peer.bytesSent;
      await expect(sendFrame(peer, new Uint8Array(65_536))).rejects.toMatchObject({
        code: "message_too_long",
        length: 65_536,
      });
      const send = { label: `${seed} long`, sizes: [7, 65_536, 9] };
      const order = orderBytes({ send, expect: { label: "", sizes: [] } });
      await sendFrame(peer, order);
      expect(await peer.takeFrame()).toEqual(messageOf(send, 0));
      expect(await peer.takeFrame()).toEqual(messageOf(send, 2));
      expect((await connection.lnd("unsent")).error).toMatch(/exceeds the max allowed/);
      expect(peer.bytesSent).toBe(before + order.length + frameOverhead);
      expect(peer.bytesReceived).toBe(handshakeBytes[other(role)] + 7 + 9 + 2 * frameOverhead);
    });
  });

  describe("another key than expected", () => {
    const expectedKey = publicKeyOf(new Uint8Array(32).fill(7));

    test("we dial: lnd closes, we have no act two", async () => {
      await using connection = await sides.connect("initiator", { expectedKey });
      expect((await connection.lnd("closed")).error).toMatch(/message authentication failed$/);
      const end = await connection.peer.ended();
      expect(end).toMatchObject({ by: "framing", error: { code: "act_two_length", received: 0 } });
    });

    test("lnd dials: we close, it has no act two", async () => {
      await using connection = await sides.connect("responder", { expectedKey });
      const end = await connection.peer.ended();
      expect(end).toMatchObject({ by: "framing", error: { code: "act_one_tag" } });
      expect(connection.peer.bytesSent).toBe(0);
      expect((await connection.lnd("closed")).error).toMatch(reset);
    });

    test("we say that ours is no point of the curve: lnd closes", async () => {
      const publicKey = new Uint8Array(33).fill(2, 0, 1).fill(5, 32);
      const crypto = { ...nobleCrypto, isPublicKey: () => true };
      const localKey = { publicKey, ecdh: () => new Uint8Array(32) };
      const initiate = { localKey, crypto };
      await using connection = await sides.connect("initiator", { initiate });
      expect((await connection.lnd("closed")).error).toMatch(/not on the secp256k1 curve$/);
      expect(await connection.peer.ended()).toEqual({ by: "peer" });
      expect(connection.peer.bytesReceived).toBe(handshakeBytes.responder);
    });
  });

  describe("lnd reads", () => {
    test.each(faults)("$what", async (fault) => {
      await using connection = await sides.connect(fault.writer, {
        rewrite: { sent: fault.rewrite },
      });
      void provoke(connection);
      expect((await connection.lnd("closed")).error).toMatch(fault.lnd);
      const end = await connection.peer.ended();
      expect(end).toMatchObject(endOf(fault, end.by));
      expect(connection.peer.bytesReceived).toBe(fault.answered);
    });
  });

  describe("we read", () => {
    test.each(faults)("$what", async (fault) => {
      const reader = other(fault.writer);
      await using connection = await sides.connect(reader, {
        rewrite: { received: fault.rewrite },
      });
      void provoke(connection);
      const end = await connection.peer.ended();
      expect(end).toMatchObject({ by: "framing", error: { code: fault.ours } });
      const frames = isOfHandshake(fault) ? 0 : 2 * (firstMessage.length + frameOverhead);
      expect(connection.peer.bytesSent).toBe(fault.answered + frames);
      expect((await connection.lnd("closed")).error).toMatch(reset);
    });
  });

  test("its speed and ours", async () => {
    const { rows, curve } = await measure();
    console.log(tableOf(rows, curve));
    for (const { lnd, ours, native } of rows) {
      for (const ns of [lnd, ours, native]) {
        expect(ns).toBeGreaterThan(0);
        expect(ns).toBeLessThan(Infinity);
      }
    }
  });
});

/** Both send, and each checks what comes. Ours do not run ahead of theirs, so that both go on at once. */
async function exchange(connection: Connection, label: string, count: number): Promise<void> {
  const { peer } = connection;
  const theirs = { label: `${seed} lnd ${label}`, sizes: mixedSizes(count, seed) };
  const ours = { label: `${seed} we ${label}`, sizes: mixedSizes(count, seed + 1) };
  await sendFrame(peer, orderBytes({ send: theirs, expect: ours }));
  const send = async (): Promise<void> => {
    for (const [index, message] of messagesOf(ours).entries()) {
      await peer.until(() => peer.received > index - 50, "their messages");
      await sendFrame(peer, message);
    }
  };
  const receive = async (): Promise<void> => {
    for (let index = 0; index < count; index++) {
      const order = Buffer.compare(await peer.takeFrame(), messageOf(theirs, index));
      if (order !== 0) throw new Error(`message ${index} is not what was expected`);
    }
  };
  await Promise.all([send(), receive()]);
  const last = await Promise.race([connection.lnd("exchanged"), connection.lnd("closed")]);
  expect(last.event, last.error).toBe("exchanged");
}

/** Makes both sides send a frame, if it comes to that. */
async function provoke({ peer }: Connection): Promise<void> {
  try {
    await sendFrame(peer, echo);
    await sendFrame(peer, firstMessage);
  } catch {
    // the connection has ended, which is what is waited for
  }
}

function isOfHandshake({ ours }: Fault): boolean {
  return ours.startsWith("act_");
}

/** How lnd's end of the connection looks to us. */
function endOf(fault: Fault, by: string): object {
  if (fault.ours.startsWith("act_one")) return { by: "framing", error: { code: "act_two_length" } };
  if (fault.ours.startsWith("act_two")) {
    return { by: "framing", error: { code: "act_three_length" } };
  }
  // What it has not read when it closes makes a reset of it.
  return by === "network" ? { by, error: { code: "reset" } } : { by: "peer" };
}
