import { fromHex } from "@satwire/lnwire";
import { memoryPair } from "@satwire/net";
import { publicKeyOf } from "@satwire/noise";
import {
  AssertionError,
  LoopbackLightningNode,
  type PlainMessage,
  RawLightningConnection,
  type RawLightningOptions,
  settle,
  VirtualClock,
} from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { rawLightningPair } from "../support/raw-pairs.ts";

const ping = (numPongBytes: number) =>
  ({ type: "ping", numPongBytes, ignored: new Uint8Array(0) }) as const;
const pong = (length: number) => ({ type: "pong", ignored: new Uint8Array(length) }) as const;
const warning = {
  type: "warning",
  channelId: new Uint8Array(32),
  data: new Uint8Array(0),
} as const;

/** A raw side and a node with rules. */
async function withNode(options: RawLightningOptions = {}) {
  const node = new LoopbackLightningNode();
  const [near, far] = memoryPair();
  node.attach(far);
  const raw = RawLightningConnection.initiate(near, { ...options, remoteKey: node.publicKey });
  await raw.established();
  return {
    raw,
    async [Symbol.asyncDispose]() {
      await raw[Symbol.asyncDispose]();
      await node.close();
    },
  };
}

describe("a raw Lightning connection", () => {
  test("does the handshake in both roles and knows both keys", async () => {
    const localKey = new Uint8Array(32).fill(7);
    await using pair = rawLightningPair({}, { localKey });
    const { dialed, called } = pair;
    expect(called.remotePublicKey).toBeUndefined();
    await Promise.all([dialed.established(), called.established()]);
    expect(called.localPublicKey).toEqual(publicKeyOf(localKey));
    expect(dialed.remotePublicKey).toEqual(called.localPublicKey);
    expect(called.remotePublicKey).toEqual(dialed.localPublicKey);
    expect([dialed.bytesSent, dialed.bytesReceived]).toEqual([50 + 66, 50]);
  });

  test("what is sent before the handshake is done goes out behind it", async () => {
    await using pair = rawLightningPair();
    const { dialed, called } = pair;
    expect(dialed.isEstablished).toBe(false);
    expect(dialed.send(ping(1))).toBe(false);
    called.sendFrame(Uint8Array.of(0, 16));
    expect(await called.take("ping")).toEqual(ping(1));
    expect(await dialed.takeFrame()).toEqual(Uint8Array.of(0, 16));
  });

  test("take finds the oldest that fits and leaves the others", async () => {
    await using pair = rawLightningPair();
    const { dialed, called } = pair;
    dialed.send(ping(1), warning, ping(2), ping(3));
    expect(await called.take("ping", ({ numPongBytes }) => numPongBytes > 1)).toEqual(ping(2));
    expect(await called.take("warning")).toEqual(warning);
    await called.until(() => called.received === 4, "four messages");
    expect(called.messages).toEqual([ping(1), ping(3)]);
    expect([called.count("ping"), called.count(18), called.count("warning")]).toEqual([2, 2, 0]);
  });

  test("what cannot be read is a frame and no message", async () => {
    await using pair = rawLightningPair();
    const { dialed, called } = pair;
    const frames = [Uint8Array.of(0, 18, 1), Uint8Array.of(5), new Uint8Array(0)];
    dialed.sendFrame(...frames, fromHex("9c4001"));
    expect(await called.take("unknown")).toEqual({
      type: "unknown",
      id: 40_000,
      payload: Uint8Array.of(1),
    });
    expect(called.frames).toEqual(frames);
    expect(called.messages).toEqual([]);
    expect(called.count("ping")).toBe(0);
    expect(await called.takeFrame(18)).toEqual(frames[0]);
    expect(await called.takeFrame(({ length }) => length === 0)).toEqual(frames[2]);
    await expect(called.nextMessage()).rejects.toMatchObject({ code: "short_read" });
    dialed.end();
    expect(await called.nextMessage()).toBeUndefined();
  });

  test("several messages are one write, and bytes in between keep their place", async () => {
    await using pair = rawLightningPair();
    const { dialed, called } = pair;
    await dialed.established();
    const { writes } = dialed;
    dialed.send(ping(1), ping(2));
    expect(dialed.writes).toBe(writes + 1);
    dialed.sendBytes(new Uint8Array(18)); // no header of a frame
    dialed.send(ping(3));
    expect(await called.ended()).toMatchObject({
      by: "framing",
      error: { code: "header_tag" },
    });
    expect(called.messages).toEqual([ping(1), ping(2)]);
  });

  test("65,536 bytes are refused and not sent", async () => {
    await using pair = rawLightningPair();
    await pair.dialed.established();
    const { bytesSent } = pair.dialed;
    expect(() => pair.dialed.sendFrame(new Uint8Array(1), new Uint8Array(65_536))).toThrow(
      expect.objectContaining({ code: "message_too_long" }),
    );
    expect(pair.dialed.bytesSent).toBe(bytesSent);
  });

  test("bytes on their way can be changed: the key that is sent, a frame that comes", async () => {
    const flip =
      (at: number) =>
      (bytes: Uint8Array, offset: number): Uint8Array =>
        bytes.map((byte, i) => (offset + i === at ? byte ^ 1 : byte));
    {
      await using pair = rawLightningPair({ rewrite: { sent: flip(40) } });
      expect(await pair.called.ended()).toMatchObject({ error: { code: "act_one_tag" } });
      await pair.dialed.ended();
    }
    await using pair = rawLightningPair({ rewrite: { received: flip(50 + 18 + 1) } });
    pair.called.send(ping(1));
    const end = await pair.dialed.ended();
    expect(end).toMatchObject({ by: "framing", error: { code: "body_tag" } });
  });

  test("outcome: stays, and hangs up", async () => {
    await using with_ = await withNode();
    const { raw } = with_;
    raw.send(await raw.take("init"));
    expect(await raw.outcome()).toBe("stays");
    expect(await raw.outcome({ numPongBytes: 0 })).toBe("stays");
    await raw.sync();
    expect(raw.count("pong")).toBe(0);
    raw.sendFrame(Uint8Array.of(0, 18));
    expect(await raw.outcome()).toBe("hangs up");
    expect(await raw.outcome()).toBe("hangs up");
    await expect(raw.sync()).rejects.toThrow("the connection ended before a pong");
    expect(raw.ending).toMatchObject({ by: "network", error: { code: "reset" } });
  });

  test("outcome waits for the pong that it has asked for", async () => {
    await using pair = rawLightningPair();
    const { dialed, called } = pair;
    for (const numPongBytes of [-1, 1.5, 65_532]) {
      await expect(dialed.outcome({ numPongBytes })).rejects.toThrow(RangeError);
    }
    const outcome = dialed.outcome();
    expect(await called.take("ping")).toMatchObject({ numPongBytes: 77 });
    called.send(pong(3), pong(77), pong(4));
    expect(await outcome).toBe("stays");
    await dialed.until(() => dialed.received === 3, "three pongs");
    expect(dialed.messages).toEqual([pong(3), pong(4)]);
  });

  test("ends in order after what was sent, and still receives until the other side ends", async () => {
    await using pair = rawLightningPair();
    const { dialed, called } = pair;
    await Promise.all([dialed.established(), called.established()]);
    called.send(ping(9));
    dialed.send(ping(1));
    dialed.end();
    expect(dialed.send(ping(2))).toBe(false);
    expect(await dialed.ended()).toEqual({ by: "us" });
    expect(await called.finish()).toEqual({ by: "peer" });
    expect(called.messages).toEqual([ping(1)]);
    expect(dialed.messages).toEqual([ping(9)]);
    expect(await called.take("ping")).toEqual(ping(1));
    expect([called.send(ping(3)), called.sendBytes(Uint8Array.of(1))]).toEqual([false, false]);
  });

  test("a wait ends with the connection, and says what came instead", async () => {
    await using pair = rawLightningPair();
    const { dialed, called } = pair;
    dialed.send(ping(1), warning);
    dialed.sendFrame(Uint8Array.of(0, 19, 1));
    const taking = called.take("init");
    await called.until(() => called.received === 3, "three messages");
    dialed.destroy();
    const error: unknown = await taking.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AssertionError);
    expect(error).toMatchObject({
      message:
        "the connection ended (the connection failed: ECONNRESET) before init; " +
        "not taken: ping, warning, pong (malformed)",
      actual: ["ping", "warning", "pong (malformed)"],
      expected: "init",
    });
    await expect(dialed.take("init")).rejects.toThrow("this side ended the connection before init");
  });

  test("waits are measured with the clock, as long as the connection or the call says", async () => {
    const clock = new VirtualClock();
    await using pair = rawLightningPair({ clock, timeoutMs: 300 });
    const { dialed } = pair;
    const errors = [
      dialed.take("init").catch(String),
      dialed.takeFrame(17, { timeoutMs: 100 }).catch(String),
    ];
    await clock.advance(299);
    expect(await Promise.race([...errors, settle().then(() => "waits")])).toMatch(
      "waited 100 ms for a frame of type 17; nothing waits to be taken",
    );
    await clock.advance(1);
    expect(await errors[0]).toMatch("waited 300 ms for init");
    const reason = new Error("enough");
    await expect(
      dialed.take("init", undefined, { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
  });

  test.each([
    ["messages", { maxMessages: 3 }],
    ["bytes", { maxBytes: 18 }],
  ])("with a full log of %s nothing more is read until something is taken", async (_, limit) => {
    await using pair = rawLightningPair({}, limit);
    const { dialed, called } = pair;
    await Promise.all([dialed.established(), called.established()]);
    for (let i = 0; i < 8; i++) dialed.send(ping(i));
    await settle();
    expect(called.frames.length).toBe(3);
    await expect(called.take("pong", undefined, { timeoutMs: 1 })).rejects.toThrow(
      "not taken: ping, ping, ping, and nothing more is read until some is",
    );
    for (let i = 0; i < 8; i++) expect(await called.take("ping")).toEqual(ping(i));
    expect(called.received).toBe(8);
  });

  test("what had come when the connection ended is there, with a full log as well", async () => {
    await using pair = rawLightningPair({}, { maxMessages: 2 });
    const { dialed, called } = pair;
    await Promise.all([dialed.established(), called.established()]);
    dialed.send(...[1, 2, 3, 4, 5].map(ping));
    await called.until(() => called.received === 2, "a full log");
    dialed.destroy();
    await called.ended();
    expect(called.messages).toEqual([1, 2, 3, 4, 5].map(ping));
  });

  test("a paused side reads nothing, with room in its log as without", async () => {
    await using pair = rawLightningPair({}, { maxMessages: 1 });
    const { dialed, called } = pair;
    await Promise.all([dialed.established(), called.established()]);
    dialed.send(ping(0));
    await called.until(() => called.received === 1, "the first");
    called.pause();
    dialed.send(ping(1));
    await called.take("ping");
    await settle();
    expect(called.received).toBe(1);
    called.resume();
    expect(await called.take("ping")).toEqual(ping(1));
  });

  test("hasRoom tells when the stream is full and has room again", async () => {
    await using pair = rawLightningPair();
    const { dialed, called } = pair;
    await Promise.all([dialed.established(), called.established()]);
    called.pause();
    const long = new Uint8Array(40_000);
    expect([dialed.sendFrame(long), dialed.sendFrame(long)]).toEqual([true, false]);
    expect(dialed.hasRoom).toBe(false);
    called.resume();
    await dialed.until(() => dialed.hasRoom, "room");
    expect(dialed.sendFrame(Uint8Array.of(1))).toBe(true);
  });

  test("an observer sees both directions as they are, until it is disposed of", async () => {
    await using pair = rawLightningPair();
    const { dialed, called } = pair;
    const seen: [string, PlainMessage][] = [];
    const observation = dialed.observe((direction, message) => seen.push([direction, message]));
    dialed.send(ping(1));
    await called.take("ping");
    called.sendFrame(Uint8Array.of(0, 19), Uint8Array.of(156, 64));
    await dialed.until(() => dialed.received === 2, "two frames");
    observation[Symbol.dispose]();
    dialed.send(ping(2));
    expect(seen).toEqual([
      ["sent", { type: "ping", bytes: fromHex("001200010000") }],
      ["received", { type: "pong", bytes: fromHex("0013") }],
      ["received", { type: "unknown", bytes: fromHex("9c40") }],
    ]);
    expect(await dialed.nextPlain()).toEqual(seen[1]?.[1]);
    dialed.sendPlain({ type: "any", bytes: fromHex("001200030000") });
    expect(await called.take("ping", ({ numPongBytes }) => numPongBytes === 3)).toEqual(ping(3));
  });

  test("limits below 1 are refused", () => {
    const [near] = memoryPair();
    expect(() => RawLightningConnection.respond(near, { maxMessages: 0 })).toThrow(
      new RangeError("maxMessages of 0 is not 1 or more"),
    );
  });
});
