import { type ByteStreamHandler, NetError } from "@satwire/net";
import { describe, expect, test } from "vitest";
import { fault, VirtualClock, withFaults } from "../../src/index.ts";
import { logChunks } from "../support/chunk-log.ts";
import { connect, write } from "../support/faulty-pair.ts";

describe("the end", () => {
  test("sets one timer for a direction, however often it is asked", async () => {
    const { clock, near } = connect([fault.stallAfter(0, 100)]);
    for (let count = 0; count < 5; count += 1) write(near, "1");
    await clock.advance(1);
    expect(clock.pending.length).toBe(1);
  });

  test("sets no timer that outlives the stream", async () => {
    const plan = [fault.slowloris(1, "both"), fault.stallAfter(1, 1e6, "both")];
    for (const over of ["destroy", "reset"] as const) {
      const { clock, near, far } = connect(plan);
      write(near, "123");
      write(far, "123");
      await clock.advance(10);
      expect(clock.pending.length).toBe(2);
      near[over]();
      expect(clock.pending).toEqual([]);
    }
  });

  test("a reset from the far end discards what was held for the consumer", async () => {
    const { clock, near, far, atNear } = connect([fault.slowloris(10, "incoming")]);
    write(far, "abc");
    await clock.advance(100);
    far.destroy();
    await clock.advance(1000);
    expect([atNear.lines, near.isOpen]).toEqual([["100 data a", "100 close reset"], false]);
  });

  test("a close in order waits for what is held for the consumer", async () => {
    const { clock, near, far, atNear, atFar } = connect([fault.slowloris(10, "incoming")]);
    write(far, "abc");
    far.end();
    near.end();
    await clock.advance(1000);
    expect(atNear.lines).toEqual([
      "100 data a",
      "200 data b",
      "300 data c",
      "300 end",
      "300 close",
    ]);
    expect(atFar.lines).toEqual(["0 end", "0 close"]); // its end and its bytes are out
  });

  test("destroy keeps its own error, also for a stream whose far end is gone in silence", async () => {
    const { clock, near, far, atNear } = connect([fault.blackholeAfter(0, "both")]);
    far.destroy();
    await clock.advance(10);
    expect([atNear.lines, write(near, "1")]).toEqual([[], true]);
    let error: NetError | undefined;
    const why = new Error("enough");
    atNear.onClose = (reason?: NetError): void => void (error = reason);
    near.destroy(why);
    near.destroy(new Error("late"));
    await clock.advance(0);
    expect(error).toMatchObject({ code: "closed", cause: why });
  });

  test("destroy while the stream beneath closes in order is no close in order", async () => {
    for (let turns = 0; turns < 30; turns += 1) {
      const { clock, near, far, atNear } = connect([fault.slowloris(1, "incoming")]);
      write(far, "a");
      far.end();
      near.end();
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      near.destroy();
      await clock.advance(0);
      expect(atNear.lines).toEqual(["0 close closed"]);
    }
  });

  test("an end that a fault made up does not cut off what is still to be sent", async () => {
    const { clock, near, far, atNear, atFar } = connect([
      fault.finAfter(1, "incoming"),
      fault.slowloris(10),
    ]);
    write(far, "ab");
    write(near, "123");
    near.end();
    await clock.advance(1000);
    expect(atNear.lines).toEqual(["0 data a", "0 end", "300 close"]);
    expect(atFar.lines).toEqual(["100 data 1", "200 data 2", "300 data 3", "300 end"]);
  });

  test("an end of the plan leaves no writer waiting for room", async () => {
    const { clock, near, atNear, atFar } = connect([fault.finAfter(4)], {}, { capacityBytes: 4 });
    expect(write(near, "1234")).toBe(true);
    expect(write(near, "5")).toBe(true);
    await clock.advance(0);
    expect([atNear.lines, atFar.lines]).toEqual([[], ["0 data 1234", "0 end"]]);
  });

  test("onClose waits until the stream beneath is closed, and tells the reason it has", async () => {
    for (const reason of [undefined, new NetError("timed_out", "before that")]) {
      const clock = new VirtualClock();
      let beneath: ByteStreamHandler | undefined;
      const nothing = (): void => {};
      const near = withFaults(
        {
          localAddress: undefined,
          remoteAddress: undefined,
          start: (handler) => void (beneath = handler),
          pause: nothing,
          resume: nothing,
          write: () => true,
          end: nothing,
          destroy: nothing,
        },
        [],
      );
      const atNear = logChunks(near, clock);
      near.destroy();
      await clock.advance(0);
      expect([atNear.lines, near.isOpen]).toEqual([[], false]);
      beneath?.onClose(reason);
      expect(atNear.lines).toEqual([`0 close ${reason?.code ?? "closed"}`]);
    }
  });

  test("destroy over a black hole leaves the far end in the dark, until reset", async () => {
    const { clock, near, far, atNear, atFar } = connect([fault.blackholeAfter(0)]);
    near.pause();
    near.destroy();
    write(far, "anyone?");
    await clock.advance(1_000_000);
    expect([atNear.lines, atFar.lines]).toEqual([["0 close closed"], []]);
    expect(far.bytesUnderWay).toBe(0); // they are taken, and thrown away
    near.reset();
    await clock.advance(0);
    expect([near.closes, atFar.lines]).toEqual([1, ["1000000 close reset"]]);
  });

  test("a callback that throws destroys the stream beneath", async () => {
    const { clock, near, far, atNear, atFar } = connect([fault.byteAtATime("incoming")]);
    const thrown: unknown[] = [];
    const { queueMicrotask } = globalThis;
    globalThis.queueMicrotask = (task) =>
      queueMicrotask(() => {
        try {
          task();
        } catch (error) {
          thrown.push(error);
        }
      });
    try {
      atNear.on.data = () => {
        if (near.bytesRead === 2) throw new Error("bug");
      };
      write(far, "abc");
      await clock.advance(0);
    } finally {
      globalThis.queueMicrotask = queueMicrotask;
    }
    expect(atNear.lines).toEqual(["0 data a", "0 data b", "0 close failed"]);
    expect(atFar.lines).toEqual(["0 close reset"]);
    expect(thrown).toEqual([new Error("bug")]);
  });
});
