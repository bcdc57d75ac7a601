/** What every ByteStream must do, run against each implementation. */
import { describe, expect, test } from "vitest";
import { type ByteStream, NetError } from "../src/index.ts";
import { thrownBy } from "./failure.ts";
import { collectUncaught, pattern, record, Recorder, send } from "./recorder.ts";

export interface StreamPair {
  readonly streams: readonly [ByteStream, ByteStream];
  /** Bytes that may be under way in one direction while the reader does not read. */
  readonly mostUnderWay: number;
  /** Destroys what is left. */
  close(): Promise<void>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Resolves in a later turn of the event loop. */
const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });

/** `toEqual` takes seconds on megabytes. */
function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}

export function describeByteStream(name: string, createPair: () => Promise<StreamPair>): void {
  const withPair = (
    body: (a: ByteStream, b: ByteStream, pair: StreamPair) => Promise<void>,
  ): (() => Promise<void>) => {
    return async () => {
      const pair = await createPair();
      try {
        await body(...pair.streams, pair);
      } finally {
        await pair.close();
      }
    };
  };

  describe(name, () => {
    describe("delivery", () => {
      test(
        "delivers megabytes in order, both ways at once, whatever the write sizes",
        withPair(async (a, b) => {
          const [fromA, fromB] = [pattern(3_000_000, 1), pattern(2_000_000, 2)];
          const [atA, atB] = [record(a), record(b)];
          await Promise.all([send(a, atA, fromA, 3), send(b, atB, fromB, 4)]);
          await atA.until(() => atA.received >= fromB.length);
          await atB.until(() => atB.received >= fromA.length);
          expect(sameBytes(atA.bytes, fromB)).toBe(true);
          expect(sameBytes(atB.bytes, fromA)).toBe(true);
          expect([atA.received, atB.received]).toEqual([fromB.length, fromA.length]);
        }),
      );

      test(
        "hands out plain Uint8Arrays that the consumer may change, and no empty ones",
        withPair(async (a, b) => {
          const atB = record(b, { data: (chunk) => chunk.fill(0) });
          const sent = bytes("mine");
          a.write(new Uint8Array(0));
          a.write(sent);
          a.end();
          await atB.until(() => atB.has("end"));
          const plain = atB.chunks.every(
            (each) => Object.getPrototypeOf(each) === Uint8Array.prototype,
          );
          expect([plain, atB.chunks.length]).toEqual([true, 1]);
          expect(sent).toEqual(bytes("mine"));
        }),
      );

      test(
        "reads nothing before start and loses nothing that came before",
        withPair(async (a, b) => {
          a.write(bytes("before "));
          a.write(bytes("start"));
          a.end();
          const atA = record(a);
          b.write(bytes("answer"));
          await atA.until(() => atA.text === "answer");
          const atB = record(b);
          await atB.until(() => atB.has("end"));
          expect(atB.text).toBe("before start");
        }),
      );

      for (const [title, first] of [
        ["first", 0],
        ["second", 1],
      ] as const) {
        test(
          `remembers an end that came before the ${title} stream started`,
          withPair(async (...args) => {
            const [early, late] = first === 1 ? [args[0], args[1]] : [args[1], args[0]];
            early.end();
            for (let turn = 0; turn < 20; turn += 1) await nextTurn();
            const atLate = record(late);
            await atLate.until(() => atLate.has("end"));
            late.end();
            await atLate.closed();
            expect([atLate.events, atLate.error]).toEqual([["end", "close"], undefined]);
          }),
        );
      }

      test(
        "refuses a second consumer",
        withPair(async (a) => {
          record(a);
          expect(thrownBy(() => a.start(new Recorder()))).toMatchObject({
            name: "NetError",
            code: "already_started",
          });
        }),
      );

      test(
        "never calls the consumer inside a call to the stream",
        withPair(async (a, b, { mostUnderWay }) => {
          const much = mostUnderWay * 2;
          let calling = false;
          let inside = 0;
          const guarded = (call: () => void): void => {
            const before = calling;
            calling = true;
            call();
            calling = before;
          };
          const check = (): void => {
            if (calling) inside += 1;
          };
          const atA = new Recorder();
          atA.on = { data: check, end: check, drain: check, close: check };
          const atB = new Recorder();
          atB.on = {
            ...atA.on,
            data: () => {
              check();
              guarded(() => b.pause());
              guarded(() => b.resume());
            },
          };
          guarded(() => a.write(new Uint8Array(much)));
          guarded(() => a.start(atA));
          guarded(() => b.start(atB));
          guarded(() => b.write(bytes("x")));
          await Promise.all([
            atA.until(() => atA.received === 1 && atA.has("drain")),
            atB.until(() => atB.received === much),
          ]);
          guarded(() => a.end());
          await atB.until(() => atB.has("end"));
          guarded(() => b.destroy());
          await Promise.all([atA.closed(), atB.closed()]);
          expect(inside).toBe(0);
        }),
      );
    });

    describe("backpressure", () => {
      test(
        "holds the writer while the reader is slow, and lets it go on",
        withPair(async (a, b, { mostUnderWay }) => {
          const sent = pattern(Math.ceil(mostUnderWay * 1.5), 6);
          let written = 0;
          let most = 0;
          const [atA, atB] = [record(a), new Recorder()];
          const sending = send(a, atA, sent, 7, (total) => {
            written = total;
            most = Math.max(most, written - atB.received);
          });
          // Nothing reads yet, so the writer stops by itself; every turn without progress shows that.
          for (let idle = 0, seen = -1; idle < 50; idle = written === seen ? idle + 1 : 0) {
            seen = written;
            await nextTurn();
          }
          expect(written).toBeLessThan(sent.length);
          b.start(atB);
          expect(await sending).toBeGreaterThan(0);
          await atB.until(() => atB.received === sent.length);
          expect(most).toBeLessThanOrEqual(mostUnderWay);
          expect(sameBytes(atB.bytes, sent)).toBe(true);
        }),
      );

      test(
        "calls onDrain once for a write that returned false, and never without one",
        withPair(async (a, b, { mostUnderWay }) => {
          const [atA, atB] = [record(a), record(b)];
          const much = mostUnderWay * 2;
          a.write(bytes("s"));
          await atB.until(() => atB.received === 1);
          const before = atA.drains;
          expect(a.write(new Uint8Array(much))).toBe(false);
          expect(a.write(bytes("more"))).toBe(false);
          await atB.until(() => atB.received === much + 5);
          await atA.until(() => atA.drains > before);
          b.write(bytes("done"));
          await atA.until(() => atA.text === "done");
          expect(atA.drains).toBe(before + 1);
        }),
      );

      test(
        "remembers a drain that happened before start",
        withPair(async (a, b, { mostUnderWay }) => {
          expect(a.write(new Uint8Array(mostUnderWay * 2))).toBe(false);
          const atB = record(b);
          await atB.until(() => atB.received === mostUnderWay * 2);
          const atA = record(a);
          await atA.until(() => atA.has("drain"));
          expect(atA.events).toEqual(["drain"]);
        }),
      );

      test(
        "delivers no chunk between pause and resume, also when paused inside onData",
        withPair(async (a, b) => {
          let paused = false;
          let violations = 0;
          const atB = record(b, {
            data: () => {
              if (paused) violations += 1;
              paused = true;
              b.pause();
              void nextTurn().then(() => {
                paused = false;
                b.resume();
              });
            },
          });
          const atA = record(a);
          const sent = pattern(1_000_000, 8);
          await send(a, atA, sent, 9);
          a.end();
          await atB.until(() => atB.has("end"));
          expect(violations).toBe(0);
          expect(atB.received).toBe(sent.length);
          expect(atB.chunks.length).toBeGreaterThan(1);
        }),
      );

      test(
        "stays paused over start when paused before",
        withPair(async (a, b) => {
          b.pause();
          const atB = record(b);
          const atA = record(a);
          a.write(bytes("held"));
          b.write(bytes("go"));
          await atA.until(() => atA.text === "go");
          await nextTurn();
          expect(atB.received).toBe(0);
          b.resume();
          await atB.until(() => atB.text === "held");
        }),
      );
    });

    describe("end", () => {
      for (const [title, first] of [
        ["first", 0],
        ["second", 1],
      ] as const) {
        test(
          `lets the other side go on writing after the ${title} stream ended`,
          withPair(async (...args) => {
            const [early, late] = first === 0 ? [args[0], args[1]] : [args[1], args[0]];
            const [atEarly, atLate] = [record(early), record(late)];
            early.write(bytes("bye"));
            early.end();
            await atLate.until(() => atLate.has("end"));
            expect(atLate.text).toBe("bye");
            late.write(bytes("still here"));
            await atEarly.until(() => atEarly.text === "still here");
            expect([atEarly.closes, atLate.closes]).toEqual([0, 0]);
            late.end();
            await Promise.all([atEarly.closed(), atLate.closed()]);
            expect([atEarly.error, atLate.error]).toEqual([undefined, undefined]);
            for (const { events } of [atEarly, atLate]) {
              // A stream with little room asks for a wait even after a small write.
              expect(events.filter((each) => each !== "drain")).toEqual(["data", "end", "close"]);
            }
          }),
        );
      }

      test(
        "sends all that is queued before the end",
        withPair(async (a, b) => {
          const sent = pattern(9_000_000, 10);
          const atA = record(a);
          for (let offset = 0; offset < sent.length; offset += 300_000) {
            a.write(sent.slice(offset, offset + 300_000));
          }
          a.end();
          a.end();
          const atB = record(b);
          await atB.until(() => atB.has("end"));
          expect(atB.received).toBe(sent.length);
          expect(sameBytes(atB.bytes, sent)).toBe(true);
          b.end();
          await Promise.all([atA.closed(), atB.closed()]);
          expect([atA.error, atB.error]).toEqual([undefined, undefined]);
          expect(atA.has("drain")).toBe(false);
        }),
      );

      test(
        "closes in order when both sides end at once, also from inside onEnd",
        withPair(async (a, b) => {
          const atA = record(a, { end: () => a.end() });
          const atB = record(b);
          b.end();
          await Promise.all([atA.closed(), atB.closed()]);
          expect([atA.error, atB.error]).toEqual([undefined, undefined]);
          expect([atA.events, atB.events]).toEqual([
            ["end", "close"],
            ["end", "close"],
          ]);
        }),
      );
    });

    describe("destroy", () => {
      test(
        "resets the other side",
        withPair(async (a, b) => {
          const [atA, atB] = [record(a), record(b)];
          a.destroy();
          await Promise.all([atA.closed(), atB.closed()]);
          expect(atA.error).toBeInstanceOf(NetError);
          expect(atA.error?.code).toBe("closed");
          expect(atB.error?.code).toBe("reset");
        }),
      );

      test(
        "does not wait for what is queued, nor for a queue that was to be flushed before an end",
        withPair(async (a, b, { mostUnderWay }) => {
          const atA = record(a);
          a.write(new Uint8Array(mostUnderWay * 2));
          a.end();
          await nextTurn();
          a.destroy();
          await atA.closed();
          expect(atA.error?.code).toBe("closed");
          const atB = record(b);
          await atB.closed();
          expect(atB.error?.code).toBe("reset");
          expect(atB.has("end")).toBe(false);
        }),
      );

      test(
        "closes right after end, and right after both sides ended",
        withPair(async (a, b) => {
          const [atA, atB] = [record(a), record(b)];
          b.end();
          await atA.until(() => atA.has("end"));
          a.end();
          a.destroy();
          await Promise.all([atA.closed(), atB.closed()]);
          a.destroy();
          b.destroy();
          await nextTurn();
          expect([atA.closes, atB.closes]).toEqual([1, 1]);
        }),
      );

      test(
        "passes its error on to this side's onClose",
        withPair(async (a) => {
          const why = new Error("protocol");
          const atA = record(a);
          a.destroy(why);
          await atA.closed();
          expect(atA.error).toMatchObject({ code: "closed", cause: why });
        }),
      );

      test(
        "passes a NetError on as it is",
        withPair(async (a) => {
          const own = new NetError("timed_out", "handshake");
          const atA = record(a);
          a.destroy(own);
          a.destroy(new Error("second"));
          await atA.closed();
          expect(atA.error).toBe(own);
        }),
      );

      test(
        "delivers nothing but onClose afterwards",
        withPair(async (a, b) => {
          const atB = record(b, { data: () => b.destroy() });
          const atA = record(a);
          for (let count = 0; count < 100; count += 1) a.write(new Uint8Array(10_000));
          a.end();
          await Promise.all([atA.closed(), atB.closed()]);
          await nextTurn();
          expect(atB.events).toEqual(["data", "close"]);
        }),
      );

      test(
        "delivers nothing that had been read before, either",
        withPair(async (a, b) => {
          const [atA, atB] = [record(a), record(b)];
          a.write(bytes("0"));
          await atB.until(() => atB.text === "0");
          b.pause();
          for (let round = 1; round <= 5; round += 1) {
            a.write(bytes(`${round}`));
            b.write(bytes("."));
            await atA.until(() => atA.received === round);
            await nextTurn();
          }
          atB.on = { data: () => b.destroy() };
          b.resume();
          await atB.closed();
          expect(atB.events.filter((each) => each !== "drain")).toEqual(["data", "data", "close"]);
        }),
      );

      test(
        "is remembered for a side that starts later",
        withPair(async (a, b) => {
          a.destroy();
          for (let turn = 0; turn < 20; turn += 1) await nextTurn();
          const [atA, atB] = [record(a), record(b)];
          expect([atA.events, atB.events]).toEqual([[], []]); // not inside `start`
          await Promise.all([atA.closed(), atB.closed()]);
          expect([atA.events, atB.events]).toEqual([["close"], ["close"]]);
          expect([atA.error?.code, atB.error?.code]).toEqual(["closed", "reset"]);
        }),
      );
    });

    describe("misuse", () => {
      test(
        "throws a NetError for writes after end, destroy and close, and ignores the other calls",
        withPair(async (a, b) => {
          const closed = { name: "NetError", code: "closed" };
          const [atA, atB] = [record(a), record(b)];
          a.end();
          expect(thrownBy(() => a.write(bytes("x")))).toMatchObject(closed);
          b.destroy();
          expect(thrownBy(() => b.write(bytes("x")))).toMatchObject(closed);
          await Promise.all([atA.closed(), atB.closed()]);
          for (const stream of [a, b]) {
            expect(thrownBy(() => stream.write(bytes("x")))).toMatchObject(closed);
            stream.end();
            stream.pause();
            stream.resume();
            stream.destroy();
          }
          await nextTurn();
          expect([atA.closes, atB.closes]).toEqual([1, 1]);
          expect([atA.events.at(-1), atB.events.at(-1)]).toEqual(["close", "close"]);
        }),
      );

      test(
        "throws for a write inside onClose",
        withPair(async (a, b) => {
          let thrown: unknown;
          const atA = record(a, { close: () => (thrown = thrownBy(() => a.write(bytes("x")))) });
          b.destroy();
          await atA.closed();
          expect(thrown).toMatchObject({ name: "NetError", code: "closed" });
        }),
      );

      for (const event of ["data", "end", "drain", "close"] as const) {
        test(
          `destroys the stream and throws again, uncaught, what ${event} threw`,
          withPair(async (a, b, { mostUnderWay }) => {
            const bug = new Error(`bug in ${event}`);
            const thrown = await collectUncaught(async () => {
              const atA = record(a, {
                [event]: () => {
                  throw bug;
                },
              });
              const atB = record(b);
              if (event === "drain") a.write(new Uint8Array(mostUnderWay * 2));
              b.write(bytes("x"));
              b.end();
              if (event === "close") a.end();
              await Promise.all([atA.closed(), atB.closed()]);
              await nextTurn();
              expect([atA.closes, atB.closes]).toEqual([1, 1]);
              if (event === "close") expect(atA.error).toBe(undefined);
              else expect(atA.error).toMatchObject({ code: "failed", cause: bug });
            });
            expect(thrown).toEqual([bug]);
          }),
        );
      }
    });
  });
}
