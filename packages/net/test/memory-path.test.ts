import { describe, expect, test } from "vitest";
import { directPath, type Path } from "../src/path.ts";
import { memoryPair, NetError, type MemoryStream } from "../src/index.ts";
import { HeldPath } from "./held-path.ts";
import { record, Recorder } from "./recorder.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** More microtasks than anything here takes. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

function heldPair(capacityBytes = 10): {
  a: MemoryStream;
  b: MemoryStream;
  there: HeldPath;
  back: HeldPath;
} {
  const [there, back] = [new HeldPath(), new HeldPath()];
  const [a, b] = memoryPair({ capacityBytes, paths: [there, back] });
  return { a, b, there, back };
}

const timedOut = new NetError("timed_out", "nobody answers");

describe("a path", () => {
  test("decides when bytes and the end arrive", async () => {
    const { a, b, there } = heldPair();
    const atB = record(b);
    a.write(bytes("one"));
    a.write(bytes("two"));
    a.end();
    await turns();
    expect([atB.events, there.kinds]).toEqual([[], ["data", "data", "end"]]);
    there.release(2);
    await turns();
    expect([atB.text, atB.events]).toEqual(["onetwo", ["data", "data"]]);
    there.release();
    await turns();
    expect(atB.events).toEqual(["data", "data", "end"]);
  });

  test("may cut data", async () => {
    const { a, b, there } = heldPair();
    const atB = record(b);
    a.write(bytes("seven77"));
    there.release(1, 3);
    await turns();
    expect(atB.chunks.map((chunk) => chunk.length)).toEqual([3, 3, 1]);
    expect([atB.text, a.bytesUnderWay]).toEqual(["seven77", 0]);
  });

  test("may change data", async () => {
    const flip: Path = {
      carry: (segment, arrive) =>
        arrive(
          segment.kind === "data"
            ? { kind: "data", bytes: segment.bytes.map((byte) => byte ^ 1) }
            : segment,
        ),
    };
    const [a, b] = memoryPair({ paths: [flip, directPath] });
    const [atA, atB] = [record(a), record(b)];
    a.write(bytes("0246"));
    b.write(bytes("0246"));
    await turns();
    expect([atB.text, atA.text]).toEqual(["1357", "0246"]);
  });

  test("holds the writer like a reader that does not read", async () => {
    const { a, b, there } = heldPair(10);
    const [atA, atB] = [record(a), record(b)];
    expect([a.write(bytes("12345")), a.bytesUnderWay]).toEqual([true, 5]);
    expect([a.write(bytes("67890")), a.bytesUnderWay]).toEqual([false, 10]);
    await turns();
    expect(atA.drains).toBe(0);
    b.pause();
    there.release(1);
    await turns();
    expect([atA.drains, a.bytesUnderWay]).toEqual([0, 10]); // arrived, and not read
    b.resume();
    await turns();
    expect([atA.drains, a.bytesUnderWay, atB.text]).toEqual([1, 5, "12345"]);
  });

  test("carries a reset, whose side is over at once", async () => {
    const { a, b, there, back } = heldPair();
    const [atA, atB] = [record(a), record(b)];
    a.destroy();
    await turns();
    expect([atA.error?.code, atB.events, there.kinds]).toEqual(["closed", [], ["reset"]]);
    b.write(bytes("too late"));
    back.release();
    expect(there.kinds).toEqual(["reset", "reset"]); // the answer to whoever sends to a dead end
    there.release();
    await turns();
    expect([atB.events, atB.error?.code]).toEqual([["close"], "reset"]);
  });

  test("may let a reset overtake data, which is then gone", async () => {
    const { a, b, there } = heldPair();
    const atB = record(b);
    a.write(bytes("late"));
    a.destroy();
    there.held.reverse();
    there.release();
    await turns();
    expect(atB.events).toEqual(["close"]);
  });

  test("may let a reset follow data that was not read, which is then gone, too", async () => {
    const { a, b, there } = heldPair();
    const atB = record(b);
    a.write(bytes("unread"));
    a.destroy();
    there.release();
    await turns();
    expect([atB.events, atB.error?.code]).toEqual([["close"], "reset"]);
  });

  test("to an end that closed in order takes nothing more, and no reset comes back", async () => {
    const { a, b, there, back } = heldPair();
    const [atA, atB] = [record(a), record(b)];
    for (const stream of [a, b]) stream.end();
    there.release();
    back.release();
    await turns();
    expect([atA.error, atB.error, atA.closes, atB.closes]).toEqual([undefined, undefined, 1, 1]);
    there.held.push({ kind: "end" }); // no path should, and nothing comes of it
    there.release();
    expect(back.held).toEqual([]);
  });

  test("closes in order only when its end has come, however full it is", async () => {
    const { a, b, there, back } = heldPair(4);
    const [atA, atB] = [record(a), record(b)];
    a.write(bytes("12345"));
    a.end();
    b.end();
    back.release();
    await turns();
    expect([atA.events, atB.events]).toEqual([["end"], []]); // a byte does not fit in the pipe
    there.release(1);
    await turns();
    expect([atA.events, atB.text]).toEqual([["end", "close"], "12345"]);
    there.release();
    await turns();
    expect(atB.events).toEqual(["data", "end", "close"]);
  });
});

describe("a reset in memory", () => {
  test("is the one of a socket, down to the system's name", async () => {
    const [a, b] = memoryPair();
    const atA = record(a);
    b.destroy();
    await atA.closed();
    expect(atA.error).toMatchObject({
      code: "reset",
      message: "the connection failed: ECONNRESET",
      cause: { code: "ECONNRESET", syscall: "read", message: "read ECONNRESET" },
    });
  });
});

describe("fail", () => {
  test("breaks one end, whose peer hears of it when it sends", async () => {
    const [a, b] = memoryPair();
    const [atA, atB] = [record(a), record(b)];
    a.write(bytes("before"));
    a.fail(timedOut);
    await turns();
    expect([atA.events, atA.error]).toEqual([["close"], timedOut]);
    expect([atB.events, atB.text]).toEqual([["data"], "before"]);
    expect(b.write(bytes("anyone?"))).toBe(false); // the answer came at once
    await turns();
    expect([atB.events, atB.error?.code]).toEqual([["data", "close"], "reset"]);
  });

  test("is heard of by a peer that ends", async () => {
    const [a, b] = memoryPair();
    const atB = record(b);
    a.fail(timedOut);
    b.end();
    await turns();
    expect(atB.error?.code).toBe("reset");
  });

  test("drops what had arrived and waited", async () => {
    const [a, b] = memoryPair();
    b.write(bytes("unread"));
    a.fail(timedOut);
    const atA = record(a);
    await turns();
    expect([atA.events, b.bytesUnderWay]).toEqual([["close"], 0]);
  });

  test("lets a writer go on that waits for room, so that it hears of it", async () => {
    const [a, b] = memoryPair({ capacityBytes: 4 });
    const atB = record(b, { drain: () => b.write(bytes("more")) });
    expect(b.write(bytes("full"))).toBe(false);
    await turns();
    a.fail(timedOut);
    await turns();
    expect([atB.events, atB.error?.code]).toEqual([["drain", "close"], "reset"]);
  });

  test("is heard of by a peer whose last bytes do not fit", async () => {
    const [a, b] = memoryPair({ capacityBytes: 4 });
    const atB = record(b);
    b.write(bytes("too much"));
    b.end();
    a.end();
    await turns();
    a.fail(timedOut);
    await turns();
    expect([atB.events, atB.error?.code]).toEqual([["end", "close"], "reset"]);
  });

  test("does nothing on a stream that is over", async () => {
    const [a, b] = memoryPair();
    const atA = record(a);
    b.destroy();
    a.fail(timedOut);
    await turns();
    a.fail(timedOut);
    await turns();
    expect([atA.events, atA.error?.code]).toEqual([["close"], "reset"]);
  });

  test("makes write drop bytes, then throw", async () => {
    const [a] = memoryPair();
    const atA = record(a);
    a.fail(timedOut);
    expect(a.write(bytes("x"))).toBe(false);
    await atA.closed();
    expect(() => a.write(bytes("x"))).toThrow("write after end, destroy or close");
  });
});

describe("whenTaken", () => {
  test("calls when the consumer has all that was written until then", async () => {
    const [a, b] = memoryPair({ chunkBytes: 2 });
    const log: string[] = [];
    a.write(bytes("1234"));
    a.whenTaken(() => log.push("taken"));
    a.write(bytes("5"));
    await turns();
    expect(log).toEqual([]);
    const atB = new Recorder();
    atB.on = { data: (chunk) => log.push(new TextDecoder().decode(chunk)) };
    b.start(atB);
    await turns();
    expect(log).toEqual(["12", "taken", "34", "5"]); // taken, and about to be told
  });

  test("calls in a later microtask when nothing is under way", async () => {
    const [a] = memoryPair();
    let called = 0;
    a.whenTaken(() => (called += 1));
    expect(called).toBe(0);
    await turns();
    expect(called).toBe(1);
  });

  test("may destroy the stream: the other side still gets those bytes, then the reset", async () => {
    const [a, b] = memoryPair();
    const atB = record(b);
    a.write(bytes("last words"));
    a.whenTaken(() => a.destroy());
    await turns();
    expect([atB.text, atB.events, atB.error?.code]).toEqual([
      "last words",
      ["data", "close"],
      "reset",
    ]);
  });

  test("never calls when the bytes were dropped", async () => {
    const [a, b] = memoryPair();
    let called = 0;
    a.write(bytes("dropped"));
    a.whenTaken(() => (called += 1));
    b.fail(timedOut);
    a.whenTaken(() => (called += 1));
    record(a);
    record(b);
    await turns();
    expect(called).toBe(0);
  });
});
