import { describe, expect, test } from "vitest";
import { nobleCrypto, type NoiseCrypto } from "../src/crypto.ts";
import { frameHeaderLength, frameLength, maxMessageLength } from "../src/transport.ts";
import { transportPair } from "./support/pair.ts";
import { countFilled, recordingCrypto } from "./support/recording-crypto.ts";
import { thrown } from "./support/thrown.ts";

const message = (length: number, seed = 1): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => i * 31 + seed);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}

function flipped(bytes: Uint8Array, index: number): Uint8Array {
  const copy = bytes.slice();
  copy[index] = (copy[index] ?? 0) ^ 1;
  return copy;
}

describe("push returns the same messages", () => {
  const messages = [message(0), message(1), message(136), message(2, 9), message(0), message(40)];
  const stream = (): Uint8Array => {
    const [sender] = transportPair();
    return joined(messages.map((m) => sender.encrypt(m)));
  };

  test("for the whole stream at once", () => {
    const [, receiver] = transportPair();
    expect(receiver.push(stream())).toEqual(messages);
    expect(receiver.bytesBuffered).toBe(0);
  });

  test("for a stream split in two at every byte", () => {
    const bytes = stream();
    for (let at = 0; at <= bytes.length; at++) {
      const [, receiver] = transportPair();
      const found = receiver.push(bytes.subarray(0, at));
      found.push(...receiver.push(bytes.subarray(at)));
      expect(found).toEqual(messages);
    }
  });

  test("byte by byte, each message with its last byte", () => {
    const bytes = stream();
    const [, receiver] = transportPair();
    const ends: number[] = [];
    const found: Uint8Array[] = [];
    bytes.forEach((_, i) => {
      const complete = receiver.push(bytes.subarray(i, i + 1));
      if (complete.length > 0) ends.push(i + 1);
      found.push(...complete);
    });
    expect(found).toEqual(messages);
    let end = 0;
    expect(ends).toEqual(messages.map((m) => (end += frameLength(m.length))));
  });

  test("with empty chunks in between", () => {
    const bytes = stream();
    const [, receiver] = transportPair();
    const none = new Uint8Array(0);
    expect(receiver.push(none)).toEqual([]);
    const found = receiver.push(bytes.subarray(0, 25));
    expect(receiver.push(none)).toEqual([]);
    expect([...found, ...receiver.push(bytes.subarray(25))]).toEqual(messages);
  });

  test("from a view into a larger array", () => {
    const bytes = stream();
    const larger = new Uint8Array(bytes.length + 13).fill(0xee);
    larger.set(bytes, 5);
    const [, receiver] = transportPair();
    expect(receiver.push(larger.subarray(5, 5 + bytes.length))).toEqual(messages);
  });
});

describe("message sizes", () => {
  test("the longest message makes a frame of 65569 bytes and arrives", () => {
    const [sender, receiver] = transportPair();
    const longest = message(maxMessageLength);
    const frame = sender.encrypt(longest);
    expect(frame.length).toBe(65569);
    expect(frameLength(maxMessageLength)).toBe(65569);
    const chunks = [frame.subarray(0, 1000), frame.subarray(1000, 65568), frame.subarray(65568)];
    expect(chunks.flatMap((chunk) => receiver.push(chunk))).toEqual([longest]);
    expect(receiver.push(sender.encrypt(message(3)))).toEqual([message(3)]);
  });

  test("one byte more is refused before a nonce is used", () => {
    const [sender, receiver] = transportPair();
    const tooLong = new Uint8Array(maxMessageLength + 1);
    const error = {
      name: "TransportError",
      code: "message_too_long",
      length: 65536,
      message: "message is 65536 bytes, the maximum is 65535",
    };
    expect(thrown(() => frameLength(65536))).toMatchObject(error);
    expect(thrown(() => sender.encrypt(tooLong))).toMatchObject(error);
    expect(thrown(() => sender.encryptInto(tooLong, new Uint8Array(70000), 0))).toMatchObject(
      error,
    );
    expect(sender.failure).toBeUndefined();
    expect(receiver.push(sender.encrypt(message(5)))).toEqual([message(5)]);
  });
});

describe("encryptInto", () => {
  test("puts several frames into one buffer, equal to those of encrypt", () => {
    const messages = [message(3), message(0), message(200)];
    const [first] = transportPair();
    const expected = joined(messages.map((m) => first.encrypt(m)));
    const [second] = transportPair();
    const out = new Uint8Array(expected.length + 7).fill(0xaa);
    let end = 4;
    for (const m of messages) end += second.encryptInto(m, out, end);
    expect(out.subarray(4, end)).toEqual(expected);
    expect([...out.subarray(0, 4), ...out.subarray(end)]).toEqual(Array(7).fill(0xaa));
  });

  test("encrypts a message in place", () => {
    const [sender, receiver] = transportPair();
    const out = new Uint8Array(100);
    out.set(message(50), 10 + frameHeaderLength);
    const start = 10 + frameHeaderLength;
    const written = sender.encryptInto(out.subarray(start, start + 50), out, 10);
    expect(written).toBe(84);
    expect(receiver.push(out.subarray(10, 94))).toEqual([message(50)]);
  });

  test.each([
    [43, 0],
    [44, 1],
    [100, 57],
    [100, -1],
    [100, Number.NaN],
  ])("a frame of 44 bytes in %i bytes at %d is refused before a nonce is used", (size, offset) => {
    const [sender, receiver] = transportPair();
    const error = { name: "TransportError", code: "output_too_small", length: 10 };
    expect(
      thrown(() => sender.encryptInto(message(10), new Uint8Array(size), offset)),
    ).toMatchObject(error);
    expect(receiver.push(sender.encrypt(message(5)))).toEqual([message(5)]);
  });
});

describe("ownership", () => {
  test("returned messages are copies that later pushes leave alone", () => {
    const [sender, receiver] = transportPair();
    const whole = sender.encrypt(message(60));
    const parts = sender.encrypt(message(61));
    const found = receiver.push(whole);
    found.push(...receiver.push(parts.subarray(0, 30)), ...receiver.push(parts.subarray(30)));
    whole.fill(0);
    parts.fill(0);
    for (let i = 0; i < 20; i++) {
      const frame = sender.encrypt(message(62, i));
      receiver.push(frame.subarray(0, 40));
      receiver.push(frame.subarray(40));
    }
    expect(found).toEqual([message(60), message(61)]);
    expect(found.map((m) => m.buffer.byteLength)).toEqual([60, 61]);
  });

  test("a chunk can be overwritten once push has returned", () => {
    const [sender, receiver] = transportPair();
    const frame = sender.encrypt(message(60));
    const chunk = new Uint8Array(10);
    const found: Uint8Array[] = [];
    for (let at = 0; at < frame.length; at += 10) {
      chunk.set(frame.subarray(at, at + 10));
      found.push(...receiver.push(chunk.subarray(0, Math.min(10, frame.length - at))));
      chunk.fill(0xff);
    }
    expect(found).toEqual([message(60)]);
  });

  test("encrypt leaves the message as it is", () => {
    const [sender] = transportPair();
    const mine = message(9);
    sender.encrypt(mine);
    sender.encryptInto(mine, new Uint8Array(50), 0);
    expect(mine).toEqual(message(9));
  });

  test("bytesBuffered counts the received bytes of an incomplete frame", () => {
    const [sender, receiver] = transportPair();
    const frame = sender.encrypt(message(100));
    const counts = [10, 17, 18, 19, 133, 134].map((end, i, ends) => {
      receiver.push(frame.subarray(ends[i - 1] ?? 0, end));
      return receiver.bytesBuffered;
    });
    expect(counts).toEqual([10, 17, 18, 19, 133, 0]);
  });
});

describe("a bad frame", () => {
  test("is a typed error, whichever byte is wrong", () => {
    const [sender] = transportPair();
    const frame = sender.encrypt(message(20));
    for (let at = 0; at < frame.length; at++) {
      const [, receiver] = transportPair();
      const error = thrown(() => receiver.push(flipped(frame, at)));
      const code = at < frameHeaderLength ? "header_tag" : "body_tag";
      expect(error).toMatchObject({ name: "TransportError", code });
      expect(receiver.failure).toBe(error);
    }
  });

  test("is found as soon as its header is there", () => {
    const [sender, receiver] = transportPair();
    const frame = flipped(sender.encrypt(message(20)), 0);
    expect(receiver.push(frame.subarray(0, 17))).toEqual([]);
    expect(thrown(() => receiver.push(frame.subarray(17, 18)))).toMatchObject({
      code: "header_tag",
    });
  });

  test("names the length of the message in the body's error", () => {
    const [sender, receiver] = transportPair();
    expect(thrown(() => receiver.push(flipped(sender.encrypt(message(20)), 30)))).toMatchObject({
      code: "body_tag",
      length: 20,
      message: "message of 20 bytes does not authenticate",
    });
  });

  test("does not lose the messages before it in the same chunk", () => {
    const [sender, receiver] = transportPair();
    const chunk = joined([
      sender.encrypt(message(1)),
      sender.encrypt(message(2)),
      flipped(sender.encrypt(message(3)), 20),
      sender.encrypt(message(4)),
    ]);
    expect(receiver.push(chunk)).toEqual([message(1), message(2)]);
    expect(receiver.failure).toMatchObject({ code: "body_tag" });
    expect(thrown(() => receiver.push(new Uint8Array(0)))).toMatchObject({
      name: "TransportError",
      code: "failed",
      cause: receiver.failure,
    });
  });

  test("does not lose the message that the same chunk completes first", () => {
    const [sender, receiver] = transportPair();
    const first = sender.encrypt(message(30));
    const second = flipped(sender.encrypt(message(3)), 0);
    expect(receiver.push(first.subarray(0, 40))).toEqual([]);
    expect(receiver.push(joined([first.subarray(40), second]))).toEqual([message(30)]);
    expect(receiver.failure).toMatchObject({ code: "header_tag" });
  });

  test("makes the transport refuse everything afterwards, in both directions", () => {
    const [sender, receiver] = transportPair();
    const good = sender.encrypt(message(3));
    expect(thrown(() => receiver.push(flipped(good, 3)))).toMatchObject({ code: "header_tag" });
    const refused = { name: "TransportError", code: "failed", cause: receiver.failure };
    expect(thrown(() => receiver.push(good))).toMatchObject(refused);
    expect(thrown(() => receiver.encrypt(message(1)))).toMatchObject(refused);
    expect(thrown(() => receiver.encryptInto(message(1), new Uint8Array(99), 0))).toMatchObject(
      refused,
    );
    expect(receiver.bytesBuffered).toBe(0);
  });

  test("leaves nothing buffered", () => {
    const [sender, receiver] = transportPair();
    expect(thrown(() => receiver.push(flipped(sender.encrypt(message(20)), 30)))).toBeDefined();
    expect(receiver.bytesBuffered).toBe(0);
  });

  test("can be a frame that came twice, or a frame that is missing", () => {
    const [sender, receiver] = transportPair();
    const frame = sender.encrypt(message(3));
    receiver.push(frame);
    expect(thrown(() => receiver.push(frame))).toMatchObject({ code: "header_tag" });

    const [other, late] = transportPair();
    other.encrypt(message(3));
    expect(thrown(() => late.push(other.encrypt(message(3))))).toMatchObject({
      code: "header_tag",
    });
  });

  test("can be one's own frame, sent back", () => {
    const [sender] = transportPair();
    expect(thrown(() => sender.push(sender.encrypt(message(3))))).toMatchObject({
      code: "header_tag",
    });
  });
});

describe("a failing backend", () => {
  function failingAt(call: number): NoiseCrypto {
    let calls = 0;
    const count = (): void => {
      if (++calls === call) throw new Error("backend is gone");
    };
    return {
      ...nobleCrypto,
      seal(...parameters): void {
        count();
        nobleCrypto.seal(...parameters);
      },
      open(...parameters): boolean {
        count();
        return nobleCrypto.open(...parameters);
      },
    };
  }

  test.each([1, 2])("at seal %i makes the transport refuse, so no nonce is used twice", (call) => {
    const [sender] = transportPair(failingAt(call));
    const error = thrown(() => sender.encrypt(message(3)));
    expect(error).toMatchObject({ code: "crypto", cause: new Error("backend is gone") });
    expect(sender.failure).toBe(error);
    expect(thrown(() => sender.encrypt(message(3)))).toMatchObject({ code: "failed" });
  });

  test("at open keeps the messages before it", () => {
    const [sender] = transportPair();
    const [, receiver] = transportPair(failingAt(4));
    const chunk = joined([sender.encrypt(message(1)), sender.encrypt(message(2))]);
    expect(receiver.push(chunk)).toEqual([message(1)]);
    expect(receiver.failure).toMatchObject({ code: "crypto" });
  });
});

describe("destroy", () => {
  test("overwrites the keys, is idempotent, and later use is refused", () => {
    const crypto = recordingCrypto();
    const [sender, receiver] = transportPair(crypto);
    receiver.push(sender.encrypt(message(3)).subarray(0, 30));
    expect(countFilled(crypto.secrets)).toBe(2);
    sender.destroy();
    receiver.destroy();
    receiver.destroy();
    expect(countFilled(crypto.secrets)).toBe(0);
    expect(receiver.bytesBuffered).toBe(0);
    const refused = { name: "TransportError", code: "destroyed" };
    expect(thrown(() => sender.encrypt(message(3)))).toMatchObject(refused);
    expect(thrown(() => sender.encryptInto(message(3), new Uint8Array(99), 0))).toMatchObject(
      refused,
    );
    expect(thrown(() => receiver.push(message(3)))).toMatchObject(refused);
  });

  test("after a failure keeps the failure readable", () => {
    const [, receiver] = transportPair();
    expect(thrown(() => receiver.push(message(18)))).toMatchObject({ code: "header_tag" });
    receiver.destroy();
    expect(receiver.failure).toMatchObject({ code: "header_tag" });
    expect(thrown(() => receiver.push(message(1)))).toMatchObject({ code: "destroyed" });
  });

  test("a failure overwrites the keys too", () => {
    const crypto = recordingCrypto();
    const [sender, receiver] = transportPair(crypto);
    const frames = [0, 1].map(() => sender.encrypt(message(3)));
    receiver.encrypt(message(1));
    receiver.push(frames[0] ?? message(0));
    expect(thrown(() => receiver.push(flipped(frames[1] ?? message(0), 0)))).toBeDefined();
    sender.destroy();
    expect(countFilled(crypto.secrets)).toBe(0);
  });
});
