// Part of the suite of byte streams: destroy drops everything, resets the peer and is told once.
import { NetError } from "@satwire/net";
import { assertEqual } from "../assert.ts";
import { type ByteStreamTests, bytes } from "./byte-stream-tests.ts";
import { assertError } from "./expectations.ts";
import { manyTurns, nextTurn } from "./patience.ts";

const closed = { name: "NetError", code: "closed" };
const reset = { name: "NetError", code: "reset" };

/** Declares them. */
export function destroyTests({ test, record }: ByteStreamTests): void {
  test("resets the other side", async (a, b) => {
    const [atA, atB] = [record(a), record(b)];
    a.destroy();
    await Promise.all([atA.closed(), atB.closed()]);
    assertError(atA.error, closed, "the close of the side that destroyed");
    assertError(atB.error, reset, "the close of the other side");
  });

  test("does not wait for what is queued, nor for a queue that was to be flushed before an end", async (...of) => {
    const [a, b, { mostUnderWay }] = of;
    const atA = record(a);
    a.write(new Uint8Array(mostUnderWay * 2));
    a.end();
    await nextTurn();
    a.destroy();
    await atA.closed();
    assertError(atA.error, closed, "the close of the side that destroyed");
    const atB = record(b);
    await atB.closed();
    assertError(atB.error, reset, "the close of the other side");
    assertEqual(atB.has("end"), false, "whether the other side saw an end");
  });

  test("closes right after end, and right after both sides ended", async (a, b) => {
    const [atA, atB] = [record(a), record(b)];
    b.end();
    await atA.until(() => atA.has("end"), "the end");
    a.end();
    a.destroy();
    await Promise.all([atA.closed(), atB.closed()]);
    a.destroy();
    b.destroy();
    await manyTurns();
    assertEqual([atA.closes, atB.closes], [1, 1], "closes");
  });

  test("passes its error on to this side's onClose", async (a) => {
    const why = new Error("protocol");
    const atA = record(a);
    a.destroy(why);
    await atA.closed();
    assertError(atA.error, { ...closed, cause: why }, "the close");
  });

  test("passes a NetError on as it is", async (a) => {
    const own = new NetError("timed_out", "handshake");
    const atA = record(a);
    a.destroy(own);
    a.destroy(new Error("second"));
    await atA.closed();
    assertEqual(atA.error === own, true, "whether onClose got the error itself");
  });

  test("delivers nothing but onClose afterwards", async (a, b) => {
    const atB = record(b, { data: () => b.destroy() });
    const atA = record(a);
    for (let count = 0; count < 100; count += 1) a.write(new Uint8Array(10_000));
    a.end();
    await Promise.all([atA.closed(), atB.closed()]);
    await manyTurns();
    assertEqual(atB.events, ["data", "close"], "events");
  });

  test("delivers nothing that had been read before, either", async (a, b) => {
    const [atA, atB] = [record(a), record(b)];
    a.write(bytes("0"));
    await atB.receivedAll(1);
    b.pause();
    for (let round = 1; round <= 5; round += 1) {
      a.write(bytes(`${round}`));
      b.write(bytes("."));
      await atA.receivedAll(round);
      await nextTurn();
    }
    atB.on = { data: () => b.destroy() };
    b.resume();
    await atB.closed();
    assertEqual(atB.eventsButDrains, ["data", "data", "close"], "events");
  });

  test("is remembered for a side that starts later", async (a, b) => {
    a.destroy();
    await manyTurns();
    const [atA, atB] = [record(a), record(b)];
    assertEqual([atA.events, atB.events], [[], []], "events inside start");
    await Promise.all([atA.closed(), atB.closed()]);
    assertEqual([atA.events, atB.events], [["close"], ["close"]], "events");
    assertError(atA.error, closed, "the close of the side that destroyed");
    assertError(atB.error, reset, "the close of the other side");
  });
}
