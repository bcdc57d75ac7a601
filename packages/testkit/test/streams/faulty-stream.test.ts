import { memoryPair, NetError } from "@satwire/net";
import { describe, expect, test } from "vitest";
import { fault, type FaultPlan, VirtualClock, withFaults } from "../../src/index.ts";
import { logChunks } from "../support/chunk-log.ts";
import { connect, write } from "../support/faulty-pair.ts";

describe("backpressure", () => {
  test("a stalled stream takes bytes until it is full, and drains at half of it", async () => {
    const { clock, near, atNear, atFar } = connect([fault.fragment(1)], { capacityBytes: 8 });
    near.stall();
    expect([write(near, "1234567"), write(near, "8"), write(near, "9")]).toEqual([
      true,
      false,
      false,
    ]);
    await clock.advance(1000);
    expect([atNear.lines, atFar.lines, near.bytesHeld]).toEqual([[], [], 9]);
    near.unstall();
    await clock.advance(0);
    expect([atNear.lines, atFar.lines.length, near.bytesHeld]).toEqual([["1000 drain"], 9, 0]);
    expect(write(near, "x")).toBe(true);
  });

  test("drains as soon as half is out, no sooner", async () => {
    const { clock, near, atNear } = connect([fault.slowloris(10)], { capacityBytes: 8 });
    expect(write(near, "12345678")).toBe(false);
    await clock.advance(399);
    expect(atNear.lines).toEqual([]);
    await clock.advance(1);
    expect([atNear.lines, near.bytesHeld]).toEqual([["400 drain"], 4]);
  });

  test("a full stream beneath holds the writer, too", async () => {
    const { clock, near, far, atNear, atFar } = connect([], {}, { capacityBytes: 4 });
    far.pause();
    expect(write(near, "1234")).toBe(false);
    write(near, "5678");
    expect(near.bytesHeld).toBe(4);
    await clock.advance(1000);
    expect(atNear.lines).toEqual([]);
    far.resume();
    await clock.advance(0);
    expect(atNear.lines).toEqual(["1000 drain"]);
    expect(atFar.lines).toEqual(["1000 data 1234", "1000 data 5678"]);
  });

  test("a black hole takes bytes until it is full, and keeps none of them", async () => {
    const { clock, near, atNear } = connect([fault.blackholeAfter(0)], { capacityBytes: 8 });
    expect([write(near, "1234"), write(near, "5678")]).toEqual([true, false]);
    near.unstall();
    await clock.advance(1_000_000);
    expect([atNear.lines, near.bytesHeld, near.bytesWritten]).toEqual([[], 8, 8]);
  });

  test("what a consumer that pauses does not take stays with its sender", async () => {
    const { clock, near, far } = connect([], {}, { chunkBytes: 2 });
    near.pause();
    write(far, "1234");
    await clock.advance(0);
    expect(far.bytesUnderWay).toBe(4);
  });

  test("bytes that a black hole finds waiting count, too", () => {
    const { near } = connect([fault.blackholeAfter(2)], { capacityBytes: 8 });
    expect([write(near, "123456789"), near.bytesHeld]).toEqual([true, 7]);
    expect([write(near, "a"), near.bytesHeld]).toEqual([false, 8]);
  });

  test("what arrives and may not pass stays with its sender", async () => {
    const { clock, near, far, atFar } = connect([], {}, { capacityBytes: 4, chunkBytes: 2 });
    await clock.advance(0);
    near.stall("incoming");
    expect(write(far, "12345678")).toBe(false);
    await clock.advance(1000);
    expect([atFar.lines, near.bytesRead, far.bytesUnderWay]).toEqual([[], 0, 8]);
    near.unstall("incoming");
    await clock.advance(0);
    expect([atFar.lines, near.bytesRead]).toEqual([["1000 drain"], 8]);
  });

  test("nothing is read beneath before there is a consumer", async () => {
    const clock = new VirtualClock();
    const [a, far] = memoryPair({ chunkBytes: 2 });
    const near = withFaults(a, [], { clock });
    write(far, "1234");
    await clock.advance(0);
    expect(far.bytesUnderWay).toBe(4);
    const atNear = logChunks(near, clock);
    await clock.advance(0);
    expect([atNear.lines, far.bytesUnderWay]).toEqual([["0 data 12", "0 data 34"], 0]);
  });

  test("an end goes out behind the bytes of a full stream, which nobody has to read for it", async () => {
    const { clock, near, far, atNear } = connect([], {}, { capacityBytes: 4 });
    far.pause();
    expect(write(near, "1234")).toBe(false);
    near.end();
    far.end();
    await clock.advance(0);
    expect(atNear.lines).toEqual(["0 end", "0 close"]);
  });

  test("no drain comes after end", async () => {
    const { clock, near, atNear } = connect([fault.slowloris(10)], { capacityBytes: 1 });
    write(near, "123");
    near.end();
    await clock.advance(1000);
    expect(atNear.lines).toEqual([]);
  });

  test("fragments before start reach a reader for whom they are too many", async () => {
    const clock = new VirtualClock();
    const [a, far] = memoryPair({ capacityBytes: 2 });
    const near = withFaults(a, [fault.byteAtATime()], { clock });
    write(near, "123456789");
    const atFar = logChunks(far, clock);
    await clock.advance(0);
    expect(atFar.lines.length).toBe(9);
  });
});

describe("controls", () => {
  test("stall and unstall hold one direction or both", async () => {
    const { clock, near, far, atNear, atFar } = connect([]);
    near.stall("outgoing");
    write(near, "1");
    write(far, "a");
    await clock.advance(1);
    expect([atNear.take(), atFar.take(), near.isStalled]).toEqual([["0 data a"], [], true]);
    near.stall();
    near.unstall("outgoing");
    write(far, "b");
    await clock.advance(1);
    expect([atNear.take(), atFar.take(), near.isStalled]).toEqual([[], ["1 data 1"], true]);
    near.unstall("incoming");
    await clock.advance(1);
    expect([atNear.take(), near.isStalled]).toEqual([["2 data b"], false]);
  });

  test("unstall ends a stall of the plan early, and not one that is to come", async () => {
    const { clock, near, atFar } = connect([fault.stallAfter(1, 100), fault.stallAfter(2)]);
    write(near, "123");
    await clock.advance(10);
    near.unstall();
    await clock.advance(1000);
    expect([atFar.lines, near.isStalled]).toEqual([["0 data 1", "10 data 2"], true]);
  });

  test("a consumer's pause and a stall do not undo each other", async () => {
    const { clock, near, far, atNear } = connect([]);
    near.stall();
    near.pause();
    write(far, "a");
    near.resume();
    await clock.advance(1);
    expect(atNear.lines).toEqual([]);
    near.pause();
    near.unstall();
    await clock.advance(1);
    expect(atNear.lines).toEqual([]);
    near.resume();
    await clock.advance(0);
    expect(atNear.lines).toEqual(["2 data a"]);
  });

  test("a pause holds from the next piece on, of a chunk that has come as well", async () => {
    const { clock, near, far, atNear } = connect([fault.fragment(1, "incoming")]);
    atNear.on.data = () => near.pause();
    write(far, "abc");
    far.end();
    await clock.advance(1);
    near.resume();
    await clock.advance(1);
    expect(atNear.lines).toEqual(["0 data a", "1 data b"]);
    near.resume();
    await clock.advance(1);
    expect(atNear.lines.slice(2)).toEqual(["2 data c", "2 end"]); // an end may come to who pauses
  });

  test("what a stall held goes on in the arrays it came in", async () => {
    const { clock, near, atFar } = connect([]);
    near.stall();
    for (const text of ["12", "3", "45"]) write(near, text);
    near.unstall();
    await clock.advance(0);
    expect(atFar.lines).toEqual(["0 data 12", "0 data 3", "0 data 45"]);
  });

  test("reset is the system's ECONNRESET at both ends, whatever is stalled", async () => {
    const errors: (NetError | undefined)[] = [];
    const [a, far] = memoryPair();
    const near = withFaults(a, []);
    for (const stream of [near, far]) {
      const nothing = (): void => {};
      const onClose = (error?: NetError): void => void errors.push(error);
      stream.start({ onData: nothing, onEnd: nothing, onDrain: nothing, onClose });
    }
    near.stall();
    near.reset();
    near.reset();
    expect([write(near, "dropped"), near.bytesWritten]).toEqual([false, 0]);
    expect([near.isOpen, near.closes, errors]).toEqual([false, 0, []]);
    await new VirtualClock().advance(0);
    expect([near.closes, errors.length]).toEqual([1, 2]);
    for (const error of errors) {
      expect(error).toMatchObject({
        code: "reset",
        message: "the connection failed: ECONNRESET",
        cause: { code: "ECONNRESET", syscall: "read" },
      });
    }
  });

  test("counts what was written and read, not what is on its way", async () => {
    const { clock, near, far } = connect([fault.stallAfter(2), fault.stallAfter(1, 5, "incoming")]);
    write(near, "12345");
    write(far, "abc");
    await clock.advance(0);
    expect([near.bytesWritten, near.bytesHeld, near.bytesRead]).toEqual([5, 3, 1]);
    await clock.advance(5);
    expect([near.bytesRead, near.closes, near.isOpen]).toEqual([3, 0, true]);
  });

  test("whenTaken calls when what was held is out and read", async () => {
    const { clock, near, far } = connect([fault.stallAfter(1, 10)]);
    const start = clock.now();
    const takenAt: number[] = [];
    write(near, "123");
    near.whenTaken(() => takenAt.push(clock.now() - start));
    await clock.advance(50);
    far.pause();
    write(near, "4");
    near.whenTaken(() => takenAt.push(clock.now() - start));
    await clock.advance(50);
    far.resume();
    await clock.advance(0);
    expect(takenAt).toEqual([10, 100]);
  });
});

describe("refuses", () => {
  const [stream] = memoryPair();

  test.for<[FaultPlan, string]>([
    [[fault.refuse()], "refuse is a fault of dialing, not of a stream"],
    [
      [fault.byteAtATime(), fault.connectDelay(1)],
      "connectDelay is a fault of dialing, not of a stream",
    ],
    [[{ kind: "finAfter", bytes: -1 }], "bytes of finAfter is -1"],
  ])("the plan %j", ([plan, text]) => {
    expect(() => withFaults(stream, plan)).toThrow(new RangeError(text));
  });

  test("a capacity that is no positive integer, and leaves the stream alone", () => {
    for (const capacityBytes of [0, -1, 1.5, Number.NaN]) {
      expect(() => withFaults(stream, [], { capacityBytes })).toThrow(RangeError);
    }
    expect(() => logChunks(stream, new VirtualClock())).not.toThrow();
  });

  test("a stream that has a consumer", () => {
    const [a] = memoryPair();
    logChunks(a, new VirtualClock());
    expect(() => withFaults(a, [])).toThrow(NetError);
  });
});
