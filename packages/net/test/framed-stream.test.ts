import { describe, expect, test } from "vitest";
import {
  type ByteStream,
  FramedStream,
  type FramedStreamEnd,
  type FramedStreamHandler,
  type Framing,
  type FramingResult,
  memoryPair,
} from "../src/index.ts";
import { thrownBy } from "./failure.ts";
import { collectUncaught } from "./recorder.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (message: Uint8Array): string => new TextDecoder().decode(message);

interface PrefixFramingOptions {
  /** Sent first. */
  readonly opening?: string;
  /** Bytes of the peer that must come before messages can. */
  readonly greetingLength?: number;
  /** The answer to the greeting. */
  readonly reply?: string;
}

/** Messages of up to 254 bytes behind one byte of length; 255 is against the rules. */
class PrefixFraming implements Framing {
  destroyed = false;
  /** How many messages each call of `encode` had. */
  readonly encoded: number[] = [];
  failsToEncode = false;
  readonly #options: PrefixFramingOptions;
  #greetingLeft: number;
  #buffer: number[] = [];

  constructor(options: PrefixFramingOptions = {}) {
    this.#options = options;
    this.#greetingLeft = options.greetingLength ?? 0;
  }

  get established(): boolean {
    this.#mustLive();
    return this.#greetingLeft === 0;
  }

  open(): Uint8Array | undefined {
    this.#mustLive();
    const { opening } = this.#options;
    return opening === undefined ? undefined : bytes(opening);
  }

  push(chunk: Uint8Array): FramingResult {
    this.#mustLive();
    this.#buffer.push(...chunk);
    let reply: Uint8Array | undefined;
    if (this.#greetingLeft > 0) {
      const taken = this.#buffer.splice(0, this.#greetingLeft).length;
      this.#greetingLeft -= taken;
      const answer = this.#options.reply;
      if (this.#greetingLeft === 0 && answer !== undefined) reply = bytes(answer);
    }
    const messages: Uint8Array[] = [];
    for (;;) {
      const [length] = this.#buffer;
      if (length === 255) return { reply, messages, failure: new Error("a length of 255") };
      if (length === undefined || this.#buffer.length <= length) return { reply, messages };
      messages.push(Uint8Array.from(this.#buffer.splice(0, 1 + length).slice(1)));
    }
  }

  end(): Error | undefined {
    this.#mustLive();
    const inside = this.#greetingLeft > 0 || this.#buffer.length > 0;
    return inside ? new Error("truncated") : undefined;
  }

  check(message: Uint8Array): void {
    this.#mustLive();
    if (message.length > 254) throw new RangeError(`${message.length} bytes`);
  }

  encode(messages: readonly Uint8Array[]): Uint8Array {
    this.#mustLive();
    if (!this.established) throw new Error("encode before the handshake is done");
    if (this.failsToEncode) throw new Error("cannot encode");
    for (const message of messages) this.check(message);
    this.encoded.push(messages.length);
    return Uint8Array.from(messages.flatMap((message) => [message.length, ...message]));
  }

  destroy(): void {
    this.destroyed = true;
  }

  #mustLive(): void {
    if (this.destroyed) throw new Error("called after destroy");
  }
}

/** Records what it is told. */
class Handler implements FramedStreamHandler {
  readonly log: string[] = [];
  end: FramedStreamEnd | undefined;
  on: { message?: (message: string) => void; established?: () => void } = {};

  onEstablished(): void {
    this.log.push("established");
    this.on.established?.();
  }

  onMessage(message: Uint8Array): void {
    this.log.push(text(message));
    this.on.message?.(text(message));
  }

  onDrain(): void {
    this.log.push("drain");
  }

  onClose(end: FramedStreamEnd, undelivered: readonly Uint8Array[]): void {
    this.end = end;
    this.log.push(["closed by", end.by, ...undelivered.map(text)].join(" "));
  }
}

/** Records what a peer without any framing gets. */
class RawPeer {
  received = "";
  ended = false;
  closes: (string | undefined)[] = [];
  readonly stream: ByteStream;

  constructor(stream: ByteStream, { answersEnd = true } = {}) {
    this.stream = stream;
    stream.start({
      onData: (chunk) => (this.received += text(chunk)),
      onEnd: () => {
        this.ended = true;
        if (answersEnd) stream.end();
      },
      onDrain: () => {},
      onClose: (error) => this.closes.push(error?.code),
    });
  }

  write(...messages: string[]): void {
    this.stream.write(bytes(messages.map((each) => frame(each)).join("")));
  }
}

const frame = (message: string): string => String.fromCharCode(message.length) + message;

/** A framed stream that has been started, and the raw other end. */
function connect(
  options: PrefixFramingOptions = {},
  { capacityBytes = 1000, answersEnd = true } = {},
): {
  framed: FramedStream;
  framing: PrefixFraming;
  handler: Handler;
  peer: RawPeer;
  /** What the framed stream wrote, call by call. */
  writes: string[];
} {
  const [ours, theirs] = memoryPair({ capacityBytes });
  const writes: string[] = [];
  const write = ours.write.bind(ours);
  ours.write = (chunk) => {
    writes.push(text(chunk));
    return write(chunk);
  };
  const framing = new PrefixFraming(options);
  const handler = new Handler();
  const framed = new FramedStream(ours, framing, handler);
  framed.start();
  return { framed, framing, handler, peer: new RawPeer(theirs, { answersEnd }), writes };
}

/** Lets all that is under way arrive: a memory pair works in microtasks. */
const settle = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });

describe("the start", () => {
  test("of a framing without a handshake is established before the first message", async () => {
    const { handler, peer } = connect();
    peer.write("one");
    expect(handler.log).toEqual([]);
    await settle();
    expect(handler.log).toEqual(["established", "one"]);
  });

  test("sends the opening, then the reply, then messages", async () => {
    const { framed, handler, peer } = connect({
      opening: "open ",
      greetingLength: 5,
      reply: "reply ",
    });
    handler.on.established = () => framed.send(bytes("first"));
    await settle();
    expect(peer.received).toBe("open ");
    peer.stream.write(bytes("hel"));
    await settle();
    expect(handler.log).toEqual([]);
    peer.stream.write(bytes(`lo${frame("one")}${frame("two")}`));
    await settle();
    expect(handler.log).toEqual(["established", "one", "two"]);
    expect(peer.received).toBe(`open reply ${frame("first")}`);
  });

  test("holds messages that were sent before it", async () => {
    const { framed, handler, peer } = connect({ greetingLength: 5, reply: "reply " });
    handler.on.established = () => framed.send(bytes("later"));
    expect([framed.hasRoom, framed.send(bytes("early"))]).toEqual([false, false]);
    await settle();
    expect(peer.received).toBe("");
    peer.stream.write(bytes("hello"));
    await settle();
    expect(peer.received).toBe(`reply ${frame("early")}${frame("later")}`);
    expect(framed.hasRoom).toBe(true);
    expect(handler.log).toEqual(["established"]);
  });

  test("tells of no drain before it", async () => {
    const { framed, handler, peer } = connect(
      { opening: "twelve bytes", greetingLength: 1 },
      { capacityBytes: 10 },
    );
    await settle();
    expect(handler.log).toEqual([]);
    peer.stream.write(bytes("x"));
    await settle();
    expect([handler.log, framed.hasRoom]).toEqual([["established"], true]);
  });

  test("after the end opens nothing and still tells how it ended", async () => {
    for (const stop of ["end", "destroy"] as const) {
      const [ours, theirs] = memoryPair();
      const handler = new Handler();
      const framed = new FramedStream(ours, new PrefixFraming({ opening: "open" }), handler);
      framed[stop]();
      framed.start();
      const peer = new RawPeer(theirs);
      await settle();
      expect(peer.received).toBe("");
      expect(handler.log).toEqual(["closed by us"]);
    }
  });
});

describe("sending", () => {
  test("writes the messages of one turn at once, in order", async () => {
    const { framed, peer, writes } = connect();
    await settle();
    for (const message of ["one", "two", "three"]) expect(framed.send(bytes(message))).toBe(true);
    expect(writes).toEqual([]);
    await settle();
    framed.send(bytes("four"));
    await settle();
    expect(writes).toEqual([frame("one") + frame("two") + frame("three"), frame("four")]);
    expect(peer.received).toBe(writes.join(""));
  });

  test("encodes a message at once, and those that waited for the handshake together", async () => {
    const { framed, framing, peer, writes } = connect({ greetingLength: 1 });
    for (const message of ["one", "two"]) framed.send(bytes(message));
    expect(framing.encoded).toEqual([]);
    peer.stream.write(bytes("x"));
    await settle();
    expect(framing.encoded).toEqual([2]);
    const message = bytes("three");
    framed.send(message);
    message.fill(0);
    expect(framing.encoded).toEqual([2, 1]);
    await settle();
    expect(writes).toEqual([frame("one") + frame("two"), frame("three")]);
  });

  test("does not wait for the turn's end above 64 KiB", async () => {
    const { framed, writes } = connect({}, { capacityBytes: 1_000_000 });
    await settle();
    for (let i = 0; i < 1000; i++) framed.send(new Uint8Array(200));
    expect(writes.map(({ length }) => length / 201)).toEqual([327, 327, 327]);
    await settle();
    expect(writes.map(({ length }) => length / 201)).toEqual([327, 327, 327, 19]);
  });

  test("returns false when the stream is full; onDrain follows when there is room", async () => {
    const { framed, handler, peer } = connect({}, { capacityBytes: 100 });
    await settle();
    peer.stream.pause();
    expect(framed.send(new Uint8Array(120))).toBe(true); // nobody knows yet
    await settle();
    expect([framed.hasRoom, framed.send(bytes("more"))]).toEqual([false, false]);
    await settle();
    expect(handler.log).toEqual(["established"]);
    peer.stream.resume();
    await settle();
    expect(handler.log).toEqual(["established", "drain"]);
    expect([framed.hasRoom, peer.received.length]).toEqual([true, 126]);
  });

  test("throws for what can never be sent, and goes on", async () => {
    for (const greetingLength of [0, 1]) {
      const { framed, peer } = connect({ greetingLength });
      await settle();
      expect(thrownBy(() => framed.send(new Uint8Array(255)))).toBeInstanceOf(RangeError);
      framed.send(bytes("fine"));
      if (greetingLength > 0) peer.stream.write(bytes("x"));
      await settle();
      expect(peer.received).toBe(frame("fine"));
    }
  });

  test("is of what the framing makes messages of, and so is receiving", async () => {
    const [ours, theirs] = memoryPair();
    const numbers: Framing<number, bigint> = {
      established: true,
      open: () => undefined,
      push: (chunk) => ({ messages: Array.from(chunk, (byte) => BigInt(byte) * 1000n) }),
      end: () => undefined,
      check: () => {},
      encode: (messages) => Uint8Array.from(messages),
      destroy: () => {},
    };
    const received: bigint[] = [];
    const framed = new FramedStream(ours, numbers, {
      onEstablished: () => {},
      onMessage: (message) => received.push(message),
      onDrain: () => {},
      onClose: () => {},
    });
    framed.start();
    const peer = new RawPeer(theirs);
    peer.stream.write(Uint8Array.of(1, 2));
    framed.send(65);
    framed.send(66);
    await settle();
    expect([received, peer.received]).toEqual([[1000n, 2000n], "AB"]);
  });
});

describe("pausing", () => {
  test("inside onMessage holds the rest, and resume delivers it in a later microtask", async () => {
    const { framed, handler, peer } = connect();
    handler.on.message = (message) => {
      if (message === "two") framed.pause();
    };
    peer.write("one", "two", "three", "four");
    peer.write("five");
    await settle();
    expect(handler.log).toEqual(["established", "one", "two"]);
    framed.resume();
    framed.resume();
    expect(handler.log.at(-1)).toBe("two");
    await settle();
    expect(handler.log.slice(3)).toEqual(["three", "four", "five"]);
  });

  test("again before the delivery holds it once more", async () => {
    const { framed, handler, peer } = connect();
    handler.on.message = () => framed.pause();
    peer.write("one", "two", "three");
    await settle();
    framed.resume();
    framed.pause();
    await settle();
    expect(handler.log).toEqual(["established", "one"]);
    for (const expected of ["two", "three"]) {
      framed.resume();
      await settle();
      expect(handler.log.at(-1)).toBe(expected);
    }
  });

  test("holds the stream back", async () => {
    const { framed, handler, peer } = connect({}, { capacityBytes: 10 });
    await settle();
    framed.pause();
    expect(peer.stream.write(bytes(frame("0123456789")))).toBe(false);
    await settle();
    expect(handler.log).toEqual(["established"]);
    framed.resume();
    await settle();
    expect(handler.log).toEqual(["established", "0123456789"]);
  });
});

describe("the end", () => {
  test("by the peer comes after its messages, and what was queued still goes out", async () => {
    const { framed, framing, handler, peer } = connect();
    handler.on.message = () => framed.send(bytes("answer"));
    peer.write("question");
    peer.stream.end();
    await settle();
    expect(handler.log).toEqual(["established", "question", "closed by peer"]);
    expect(handler.end).toEqual({ by: "peer" });
    expect([peer.received, peer.closes]).toEqual([frame("answer"), [undefined]]);
    expect(framing.destroyed).toBe(true);
  });

  test("by end() comes when the peer has ended too; its messages until then are delivered", async () => {
    const { framed, framing, handler, peer } = connect({}, { answersEnd: false });
    await settle();
    framed.send(bytes("last words"));
    framed.end();
    framed.end();
    await settle();
    expect([peer.received, peer.ended]).toEqual([frame("last words"), true]);
    peer.write("goodbye");
    await settle();
    expect([handler.log, framing.destroyed]).toEqual([["established", "goodbye"], false]);
    peer.stream.end();
    await settle();
    expect(handler.log.slice(2)).toEqual(["closed by us"]);
    expect([peer.closes, framing.destroyed]).toEqual([[undefined], true]);
  });

  test("by destroy() resets at once, with what had not been delivered", async () => {
    const { framed, framing, handler, peer } = connect();
    handler.on.message = (message) => {
      if (message === "one") framed.pause();
    };
    peer.write("one", "two", "three");
    await settle();
    framed.destroy();
    framed.destroy();
    expect([framing.destroyed, handler.end]).toEqual([true, undefined]);
    await settle();
    expect(handler.log).toEqual(["established", "one", "closed by us two three"]);
    expect(peer.closes).toEqual(["reset"]);
  });

  test("by destroy() inside onMessage leaves the rest undelivered", async () => {
    const { framed, handler, peer } = connect();
    handler.on.message = () => framed.destroy();
    peer.write("one", "two");
    await settle();
    expect(handler.log).toEqual(["established", "one", "closed by us two"]);
  });

  test("by destroy() is possible when an end waits for a peer that does not read", async () => {
    for (const first of ["us", "peer"] as const) {
      const { framed, handler, peer } = connect({}, { capacityBytes: 10 });
      await settle();
      peer.stream.pause();
      framed.send(new Uint8Array(100));
      if (first === "us") framed.end();
      peer.stream.end();
      await settle();
      expect(handler.log).toEqual(["established"]);
      framed.destroy();
      await settle();
      expect(handler.log).toEqual(["established", `closed by ${first}`]);
      expect(peer.closes).toEqual(["reset"]);
    }
  });

  test("by the framing comes after the messages before the failure", async () => {
    const { framing, handler, peer } = connect();
    peer.stream.write(Uint8Array.of(...bytes(frame("one") + frame("two")), 255));
    await settle();
    expect(handler.log).toEqual(["established", "one", "two", "closed by framing"]);
    expect(handler.end).toMatchObject({ error: { message: "a length of 255" } });
    expect([peer.closes, framing.destroyed]).toEqual([["reset"], true]);
  });

  test("by the framing while paused brings those messages along", async () => {
    const { framed, handler, peer } = connect();
    handler.on.message = () => framed.pause();
    peer.stream.write(Uint8Array.of(...bytes(frame("one") + frame("two") + frame("three")), 255));
    await settle();
    framed.resume();
    await settle();
    expect(handler.log).toEqual(["established", "one", "closed by framing two three"]);
  });

  test("by the framing when the peer ends inside a message or the handshake", async () => {
    for (const options of [{}, { greetingLength: 9 }]) {
      const { handler, peer } = connect(options);
      peer.stream.write(Uint8Array.of(3, 1));
      peer.stream.end();
      await settle();
      expect(handler.log.at(-1)).toBe("closed by framing");
      expect(handler.end).toMatchObject({ error: { message: "truncated" } });
      expect(peer.closes).toEqual(["reset"]);
    }
  });

  test("by the framing when it cannot encode", async () => {
    const { framed, framing, handler } = connect();
    await settle();
    framing.failsToEncode = true;
    expect(framed.send(bytes("one"))).toBe(false);
    expect(handler.log).toEqual(["established"]);
    await settle();
    expect(handler.log).toEqual(["established", "closed by framing"]);
    expect(handler.end).toMatchObject({ error: { message: "cannot encode" } });
  });

  test("by the framing when it cannot encode what waited is not preceded by anything", async () => {
    const { framed, framing, handler, peer } = connect({ greetingLength: 1 });
    framed.send(bytes("one"));
    framing.failsToEncode = true;
    peer.stream.write(bytes(`x${frame("answer")}`));
    await settle();
    expect(handler.log).toEqual(["closed by framing answer"]);
    expect(handler.end).toMatchObject({ error: { message: "cannot encode" } });
  });

  test("by the network names its error", async () => {
    const { framing, handler, peer } = connect();
    await settle();
    peer.stream.destroy();
    await settle();
    expect(handler.log).toEqual(["established", "closed by network"]);
    expect(handler.end).toMatchObject({ error: { name: "NetError", code: "reset" } });
    expect(framing.destroyed).toBe(true);
  });

  test("by the network while paused brings along what had arrived", async () => {
    const { framed, handler, peer } = connect();
    handler.on.message = () => framed.pause();
    peer.write("one", "two");
    await settle();
    peer.stream.destroy();
    await settle();
    expect(handler.log).toEqual(["established", "one", "closed by network two"]);
  });

  test("lets nothing be sent after it", async () => {
    const stops: ((all: ReturnType<typeof connect>) => void)[] = [
      ({ framed }) => framed.end(),
      ({ framed }) => framed.destroy(),
      ({ peer }) => peer.stream.end(),
      ({ peer }) => peer.stream.destroy(),
      ({ peer }) => peer.stream.write(Uint8Array.of(255)),
    ];
    for (const stop of stops) {
      const all = connect();
      await settle();
      stop(all);
      await settle();
      const { framed, framing, handler, peer } = all;
      expect([framed.send(bytes("late")), framed.hasRoom]).toEqual([false, false]);
      expect(framed.send(new Uint8Array(255))).toBe(false);
      await settle();
      framed.pause();
      framed.resume();
      framed.end();
      framed.destroy();
      await settle();
      expect([peer.received, framing.encoded]).toEqual(["", []]);
      expect(handler.log.filter((line) => line.startsWith("closed"))).toHaveLength(1);
      expect(handler.log.at(-1)).toMatch(/^closed/);
    }
  });

  test("in the turn of a send drops that message if it is destroy, not if it is end", async () => {
    for (const [stop, expected] of [
      ["destroy", ""],
      ["end", frame("one")],
    ] as const) {
      const { framed, peer } = connect();
      await settle();
      framed.send(bytes("one"));
      framed[stop]();
      await settle();
      expect(peer.received).toBe(expected);
    }
  });
});

describe("a callback that throws", () => {
  const failure = new Error("from the owner");

  test("ends the stream; no message is delivered twice", async () => {
    const { handler, peer } = connect();
    handler.on.message = (message) => {
      if (message === "two") throw failure;
    };
    const uncaught = await collectUncaught(async () => {
      peer.write("one", "two", "three");
      await settle();
    });
    expect(uncaught).toEqual([failure]);
    expect(handler.log).toEqual(["established", "one", "two", "closed by network three"]);
    expect(handler.end).toMatchObject({ error: { code: "failed", cause: failure } });
  });

  test("takes nothing more to send; what was queued is dropped", async () => {
    const { framed, handler, peer } = connect();
    handler.on.message = () => {
      framed.send(bytes("answer"));
      queueMicrotask(() => handler.log.push(`sent ${framed.send(bytes("more"))}`));
      throw failure;
    };
    const uncaught = await collectUncaught(async () => {
      peer.write("one");
      await settle();
    });
    expect(uncaught).toEqual([failure]);
    expect(handler.log).toEqual(["established", "one", "sent false", "closed by network"]);
  });

  test("ends the stream also when a resume led to it, or the start", async () => {
    const { framed, handler, peer } = connect();
    handler.on.message = () => framed.pause();
    peer.write("one", "two");
    await settle();
    handler.on.message = () => {
      throw failure;
    };
    let uncaught = await collectUncaught(async () => {
      framed.resume();
      await settle();
    });
    expect(uncaught).toEqual([failure]);
    expect(handler.log).toEqual(["established", "one", "two", "closed by network"]);

    const [ours] = memoryPair();
    const second = new Handler();
    second.on.established = () => {
      throw failure;
    };
    uncaught = await collectUncaught(async () => {
      new FramedStream(ours, new PrefixFraming(), second).start();
      await settle();
    });
    expect(uncaught).toEqual([failure]);
    expect(second.log).toEqual(["established", "closed by network"]);
  });
});
