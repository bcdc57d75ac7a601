import type { BitcoinMessage } from "@satwire/btcwire";
import { fromHex, type LightningMessage } from "@satwire/lnwire";
import { memoryPair } from "@satwire/net";
import {
  AssertionError,
  createRng,
  FormatError,
  loadTranscript,
  LoopbackLightningNode,
  type PlainMessage,
  RawLightningConnection,
  recordStream,
  recordTranscript,
  Recording,
  replayTranscript,
  saveTranscript,
  settle,
  type Transcript,
  VirtualClock,
} from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { damaged } from "../support/damaged-text.ts";
import { plainInit } from "../support/raw-client.ts";
import { rawBitcoinPair, rawLightningPair } from "../support/raw-pairs.ts";

const ping = (numPongBytes: number): LightningMessage => ({
  type: "ping",
  numPongBytes,
  ignored: new Uint8Array(0),
});
const transcript = (...lines: readonly [number, "sent" | "received", string][]): Transcript => ({
  entries: lines.map(([t, dir, hex]) => ({ t, dir, type: "ping", bytes: fromHex(hex) })),
});

/** A raw side connected to a node of privateKey `key`. */
async function toNode() {
  const node = new LoopbackLightningNode({ privateKey: new Uint8Array(32).fill(5) });
  const [near, far] = memoryPair();
  node.attach(far);
  const raw = RawLightningConnection.initiate(near, { remoteKey: node.publicKey });
  const dispose = async (): Promise<void> => {
    await raw[Symbol.asyncDispose]();
    await node.close();
  };
  return { raw, [Symbol.asyncDispose]: dispose };
}

describe("recording", () => {
  test("both directions, times, types and bytes, to lines and back", async () => {
    const clock = new VirtualClock();
    await using pair = rawLightningPair();
    using recording = recordTranscript(pair.dialed, { clock });
    pair.dialed.send(ping(1));
    await pair.called.take("ping");
    await clock.advance(1500);
    pair.called.sendFrame(fromHex("001300010a"), fromHex("9c41ff"));
    await pair.dialed.until(() => pair.dialed.received === 2, "two messages");
    const text = saveTranscript(recording);
    expect(text).toBe(
      `{"t":0,"dir":"sent","type":"ping","hex":"001200010000"}
{"t":1500,"dir":"received","type":"pong","hex":"001300010a"}
{"t":1500,"dir":"received","type":"unknown","hex":"9c41ff"}
`,
    );
    expect(loadTranscript(text).entries).toEqual(recording.entries);
  });

  test("ends when it is disposed of", async () => {
    await using pair = rawLightningPair();
    const recording = recordTranscript(pair.dialed);
    pair.dialed.send(ping(1));
    recording[Symbol.dispose]();
    pair.dialed.send(ping(2));
    expect(recording.entries.map(({ type }) => type)).toEqual(["ping"]);
  });

  test.each([
    ["messages", { maxMessages: 2 }],
    ["bytes", { maxBytes: 7 }],
  ])("keeps as many %s as it is told, and counts the rest", (_, limits) => {
    const recording = new Recording(limits);
    for (const length of [3, 4, 5, 0]) {
      recording.add("sent", { type: "x", bytes: new Uint8Array(length) });
    }
    expect(recording.entries.map(({ bytes }) => bytes.length)).toEqual([3, 4]);
    expect(recording.dropped).toBe(2);
    expect(() => new Recording({ maxBytes: 0 })).toThrow(RangeError);
  });

  test("a clock that is set back does not put lines out of order", async () => {
    let now = 1000;
    const recording = new Recording({
      clock: { now: () => now, setTimer: () => ({ cancel: () => {} }) },
    });
    for (now of [1005, 990, 1007]) {
      recording.add("sent", { type: "x", bytes: new Uint8Array(0) });
    }
    expect(recording.entries.map(({ t }) => t)).toEqual([5, 5, 7]);
    loadTranscript(saveTranscript(recording));
  });

  test("bytes are copied", () => {
    const recording = new Recording();
    const bytes = Uint8Array.of(1);
    recording.add("received", { type: "x", bytes });
    bytes[0] = 2;
    expect(recording.entries[0]?.bytes).toEqual(Uint8Array.of(1));
  });

  test("a stream, as bytes", async () => {
    const [near, far] = memoryPair();
    const { stream, recording } = recordStream(near);
    const localKey = new Uint8Array(32).fill(3);
    await using called = RawLightningConnection.respond(far, { localKey });
    const remoteKey = called.localPublicKey;
    await using dialed = RawLightningConnection.initiate(stream, { remoteKey });
    await called.established();
    expect(recording.entries.map(({ dir, type, bytes }) => [dir, type, bytes.length])).toEqual([
      ["sent", "bytes", 50],
      ["received", "bytes", 50],
      ["sent", "bytes", 66],
    ]);
    expect(dialed.isEstablished).toBe(true);
  });
});

describe("reading", () => {
  const line = '{"t":1,"dir":"sent","type":"x","hex":"00"}';
  test.each([
    ["{", 1, "invalid_json", "no JSON"],
    [`${line}\n\n[]`, 3, "invalid_json", "no object"],
    [`${line}\r\nnull`, 2, "invalid_json", "no object"],
    [`${line}\n{"t":0,"dir":"sent","type":"x","hex":"00"}`, 2, "invalid_field", "t of 0 is before"],
    [line.replace("1", '"1"'), 1, "invalid_field", "t is no time"],
    [line.replace("1", "-1"), 1, "invalid_field", "t is no time"],
    [line.replace("1", "1e999"), 1, "invalid_field", "t is no time"],
    [line.replace("sent", "gone"), 1, "invalid_field", "dir is neither"],
    [line.replace("x", ""), 1, "invalid_field", "type is no name"],
    [line.replace('"00"', "5"), 1, "invalid_field", "hex is no text"],
    [line.replace("00", "0"), 1, "invalid_field", "hex is not in hex"],
    [line.replace("00", "zz"), 1, "invalid_field", "hex is not in hex"],
    [line.replace("}", ',"more":1}'), 1, "invalid_field", 'a field "more"'],
    ["{}", 1, "invalid_field", "t is no time"],
  ])("%j is refused", (text, at, code, problem) => {
    const message = expect.stringMatching(`^line ${at}: ${problem}`) as string;
    expect(() => loadTranscript(text)).toThrow(FormatError);
    expect(() => loadTranscript(text)).toThrow(
      expect.objectContaining({ code, line: at, message }),
    );
  });

  test("a text that was damaged is refused with its line, or means what it says", () => {
    const rng = createRng("damage");
    const whole = saveTranscript(transcript([0, "sent", "0012"], [5.5, "received", "00130000"]));
    const pieces = ['"', "{", "}", "\n", "\r", "-", "e9", ":", ",", "null", "__proto__", "\ud800"];
    for (let run = 0; run < 3000; run++) {
      const text = damaged(whole, pieces, rng);
      try {
        const read = loadTranscript(text);
        expect(loadTranscript(saveTranscript(read)), text).toEqual(read);
      } catch (error) {
        expect(error, text).toBeInstanceOf(FormatError);
        const { line = 0 } = error as FormatError;
        expect(line > 0 && line <= text.split("\n").length, `${text}: ${line}`).toBe(true);
      }
    }
  });

  test("a text that is too long, and an empty one", () => {
    expect(() => loadTranscript(line, { maxLength: line.length - 1 })).toThrow(
      expect.objectContaining({ code: "too_long", line: undefined }),
    );
    expect(loadTranscript(line, { maxLength: line.length }).entries.length).toBe(1);
    expect(loadTranscript("\n").entries).toEqual([]);
  });
});

describe("replaying", () => {
  test("a recorded conversation with a node plays again with another one", async () => {
    let recording: Recording;
    {
      await using first = await toNode();
      recording = recordTranscript(first.raw);
      await first.raw.take("init");
      first.raw.send(plainInit, ping(3));
      await first.raw.take("pong");
    }
    const text = saveTranscript(recording);
    await using second = await toNode();
    const replayed = await replayTranscript(loadTranscript(text), { connection: second.raw });
    expect(replayed).toEqual({ sent: 2, received: 2 });
    expect(loadTranscript(text).entries.map(({ dir, type }) => `${dir} ${type}`)).toEqual([
      "received init",
      "sent init",
      "sent ping",
      "received pong",
    ]);
  });

  test("both sides against each other, over Bitcoin's transports", async () => {
    const recording = new Recording();
    const ping = (nonce: string): PlainMessage => ({ type: "ping", bytes: fromHex(nonce) });
    recording.add("sent", ping("0100000000000000"));
    recording.add("received", { type: "verack", bytes: new Uint8Array(0) });
    recording.add("sent", { type: "own", bytes: Uint8Array.of(7) });
    for (const protocol of ["v1", "v2"] as const) {
      await using pair = rawBitcoinPair(protocol);
      using again = recordTranscript(pair.dialed);
      const [dialed, called] = await Promise.all([
        replayTranscript(recording, { connection: pair.dialed }),
        replayTranscript(recording, { connection: pair.called, side: "peer" }),
      ]);
      expect([dialed, called]).toEqual([
        { sent: 2, received: 1 },
        { sent: 1, received: 2 },
      ]);
      const messages = ({ entries }: Transcript): unknown[] =>
        entries.map(({ dir, type, bytes }) => [dir, type, bytes]);
      expect(messages(again)).toEqual(messages(recording));
    }
  });

  test("another message fails, with what is around it", async () => {
    await using pair = rawLightningPair();
    pair.called.sendFrame(fromHex("001200010000"), fromHex("001200050000"));
    const lines = transcript(
      [0, "sent", "00120009000a"],
      [1, "received", "001200010000"],
      [2, "received", "001200020000"],
      [3, "sent", "001200030000"],
    );
    const error: unknown = await replayTranscript(lines, { connection: pair.dialed }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(AssertionError);
    expect((error as Error).message).toBe(`ping of 6 bytes 001200050000 came instead

transcript:
  1. sent ping of 6 bytes 00120009000a
  2. received ping of 6 bytes 001200010000
> 3. received ping of 6 bytes 001200020000
  4. sent ping of 6 bytes 001200030000`);
    expect(error).toMatchObject({
      actual: { type: "ping", hex: "001200050000" },
      expected: { type: "ping", hex: "001200020000" },
    });
  });

  test("types are ignored and messages compared as a test says", async () => {
    await using pair = rawBitcoinPair();
    const send = (...messages: readonly BitcoinMessage[]): boolean => pair.called.send(...messages);
    send({ type: "sendheaders" }, { type: "ping", nonce: 5n }, { type: "verack" });
    const recording = new Recording();
    recording.add("received", { type: "feefilter", bytes: new Uint8Array(8) });
    recording.add("received", { type: "ping", bytes: new Uint8Array(8) });
    recording.add("received", { type: "verack", bytes: new Uint8Array(0) });
    await replayTranscript(recording, {
      connection: pair.dialed,
      ignore: ["sendheaders", "feefilter"],
      compare: (actual, expected) => actual.type === expected.type,
    });
    send({ type: "verack" });
    await expect(
      replayTranscript(recording, { connection: pair.dialed, ignore: ["feefilter"] }),
    ).rejects.toThrow("verack of 0 bytes came instead");
    send({ type: "sendheaders" });
    const expected = new Recording();
    expected.add("received", { type: "verack", bytes: new Uint8Array(0) });
    await expect(replayTranscript(expected, { connection: pair.dialed })).rejects.toThrow(
      "sendheaders of 0 bytes came instead",
    );
  });

  test("an end, and silence, are told", async () => {
    const clock = new VirtualClock();
    const lines = transcript([0, "received", "001200010000"]);
    await using pair = rawLightningPair({ clock });
    const { dialed: connection, called } = pair;
    const silent = expect(
      replayTranscript(lines, { connection, clock, timeoutMs: 70, ignore: ["pong"] }),
    ).rejects.toThrow(/^nothing came in 70 ms\n/);
    await called.established();
    await clock.advance(69);
    called.sendFrame(fromHex("00130000"));
    await clock.advance(1);
    await silent;
    called.end();
    await expect(replayTranscript(lines, { connection, clock })).rejects.toThrow(
      /^the connection ended instead\n/,
    );
  });

  test.each([-1, Number.NaN])(
    "a time of %d ms is refused, whatever has come",
    async (timeoutMs) => {
      const lines = transcript([0, "received", "001200010000"]);
      const came = { type: "ping", bytes: fromHex("001200010000") };
      const connection = { sendPlain: () => {}, nextPlain: async () => came };
      expect(await replayTranscript(lines, { connection })).toEqual({ sent: 0, received: 1 });
      await expect(replayTranscript(lines, { connection, timeoutMs })).rejects.toThrow(RangeError);
    },
  );

  test("strict timing sends when it was sent, and asap at once", async () => {
    const lines = transcript([5, "sent", "001200010000"], [2000, "sent", "001200020000"]);
    const clock = new VirtualClock();
    await using pair = rawLightningPair();
    const { dialed: connection, called } = pair;
    const strict = replayTranscript(lines, { connection, clock, timing: "strict" });
    await clock.advance(4);
    expect(connection.bytesSent).toBeLessThanOrEqual(50 + 66);
    await clock.advance(1);
    await called.take("ping");
    await clock.advance(1994);
    expect(called.count("ping")).toBe(0);
    await clock.advance(1);
    await strict;
    await called.take("ping");
    expect(await replayTranscript(lines, { connection, clock })).toEqual({ sent: 2, received: 0 });

    const abort = new AbortController();
    const ended = replayTranscript(lines, {
      connection,
      clock,
      timing: "strict",
      signal: abort.signal,
    });
    await settle();
    abort.abort(new Error("enough"));
    await expect(ended).rejects.toThrow("enough");
  });
});
