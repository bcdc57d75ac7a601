import { describe, expect, test } from "vitest";
import { createRng, fault } from "../../src/index.ts";
import { connect, write } from "../support/faulty-pair.ts";

describe("sizes and times", () => {
  test("fragment cuts, and cuts at the borders of writes, too", async () => {
    const { clock, near, far, atNear, atFar } = connect([fault.fragment(3, "both")]);
    write(near, "1234567");
    write(near, "8");
    write(far, "abcd");
    await clock.advance(0);
    expect(atFar.lines).toEqual(["0 data 123", "0 data 456", "0 data 7", "0 data 8"]);
    expect(atNear.lines).toEqual(["0 data abc", "0 data d"]);
  });

  test("the smallest of several sizes counts", async () => {
    const { clock, near, atFar } = connect([
      fault.fragment(3),
      fault.fragment(2),
      fault.fragment(9),
    ]);
    write(near, "12345");
    await clock.advance(0);
    expect(atFar.lines).toEqual(["0 data 12", "0 data 34", "0 data 5"]);
  });

  test("random sizes come from the rng", async () => {
    const cuts = async (seed: number): Promise<string[]> => {
      const pair = connect([fault.fragment("random")], { rng: createRng(seed) });
      write(pair.near, "0123456789".repeat(5));
      await pair.clock.advance(0);
      return pair.atFar.lines;
    };
    expect(await cuts(2)).toEqual(await cuts(2));
    expect(await cuts(2)).not.toEqual(await cuts(3));
    expect((await cuts(2)).length).toBeGreaterThan(1);
  });

  test("random sizes of one direction do not hang on the other", async () => {
    const cuts = async (ours: string): Promise<string[]> => {
      const pair = connect([fault.fragment("random", "both")]);
      write(pair.near, ours);
      write(pair.far, "0123456789".repeat(5));
      await pair.clock.advance(0);
      return pair.atNear.lines;
    };
    expect(await cuts("")).toEqual(await cuts("many more bytes"));
  });

  test("coalesce waits for enough, then hands on all in one piece", async () => {
    const { clock, near, atFar } = connect([fault.coalesce(5)]);
    write(near, "12");
    write(near, "34");
    await clock.advance(1_000_000);
    expect([atFar.lines, near.bytesHeld]).toEqual([[], 4]);
    write(near, "567");
    write(near, "8");
    await clock.advance(0);
    expect(atFar.take()).toEqual(["1000000 data 1234567"]);
    near.end();
    await clock.advance(0);
    expect(atFar.take()).toEqual(["1000000 data 8", "1000000 end"]);
  });

  test("coalesce waits no longer than it is told, from the first byte on", async () => {
    const { clock, near, far, atNear, atFar } = connect([fault.coalesce(5, 20, "both")]);
    write(near, "1");
    write(far, "a");
    await clock.advance(15);
    write(near, "2");
    write(far, "b");
    await clock.advance(30);
    expect([atFar.take(), atNear.take()]).toEqual([["20 data 12"], ["20 data ab"]]);
    write(near, "3");
    await clock.advance(50);
    expect(atFar.take()).toEqual(["65 data 3"]);
  });

  test("coalesce never waits for more than there is room for", async () => {
    const { clock, near, far, atNear, atFar } = connect([fault.coalesce(1000, undefined, "both")], {
      capacityBytes: 4,
    });
    expect(write(near, "12345")).toBe(true); // gone at once
    write(far, "abcde");
    await clock.advance(0);
    expect([atFar.lines, atNear.lines]).toEqual([["0 data 12345"], ["0 data abcde"]]);
  });

  test("coalesced bytes are cut afterwards", async () => {
    const { clock, near, atFar } = connect([fault.coalesce(6), fault.fragment(4)]);
    for (const text of ["12", "34", "56"]) write(near, text);
    await clock.advance(0);
    expect(atFar.lines).toEqual(["0 data 1234", "0 data 56"]);
  });

  test("slowloris lets a byte through at a time, from the first on", async () => {
    const { clock, near, far, atNear, atFar } = connect([fault.slowloris(10, "both")]);
    write(near, "123");
    write(far, "ab");
    await clock.advance(1000);
    expect(atFar.take()).toEqual(["100 data 1", "200 data 2", "300 data 3"]);
    expect(atNear.take()).toEqual(["100 data a", "200 data b"]);
    write(near, "4");
    near.end();
    await clock.advance(1000);
    expect(atFar.take()).toEqual(["1100 data 4", "1100 end"]); // idle time is not saved up
  });

  test("slowloris is as fast as it is told, in pieces of 5 ms", async () => {
    const { clock, near, atFar } = connect([fault.slowloris(1000)]);
    write(near, "0123456789ab");
    await clock.advance(11);
    expect(atFar.take()).toEqual(["5 data 01234", "10 data 56789"]);
    await clock.advance(100);
    expect(atFar.take()).toEqual(["12 data ab"]);
  });

  test("slowloris goes on while the far end does not read", async () => {
    const { clock, near, far, atFar } = connect([fault.slowloris(10)]);
    far.pause();
    write(near, "12");
    await clock.advance(500);
    far.resume();
    await clock.advance(0);
    expect(atFar.lines).toEqual(["500 data 1", "500 data 2"]);
  });

  test("stallAfter holds for its time, and only once", async () => {
    const { clock, near, atFar } = connect([fault.stallAfter(2, 30), fault.stallAfter(4, 10)]);
    await clock.advance(5);
    write(near, "123456");
    expect(near.isStalled).toBe(true);
    await clock.advance(100);
    expect(atFar.lines).toEqual(["5 data 12", "35 data 34", "45 data 56"]);
    expect([near.isStalled, near.fired]).toEqual([
      false,
      [fault.stallAfter(2, 30), fault.stallAfter(4, 10)],
    ]);
  });

  test("stalls at the same byte follow each other, and an end waits for them", async () => {
    const { clock, near, atFar } = connect([fault.stallAfter(1, 10), fault.stallAfter(1, 20)]);
    write(near, "1");
    near.end();
    await clock.advance(100);
    expect(atFar.lines).toEqual(["0 data 1", "30 end"]);
  });

  test("a stall of what arrives holds bytes, end and order", async () => {
    const { clock, near, far, atNear } = connect([fault.stallAfter(1, 10, "incoming")]);
    write(far, "ab");
    far.end();
    await clock.advance(100);
    expect(atNear.lines).toEqual(["0 data a", "10 data b", "10 end"]);
    near.end();
    await clock.advance(0);
    expect(atNear.lines.at(-1)).toBe("100 close");
  });

  test("corrupt flips bits of that byte, and changes no array of the writer", async () => {
    const { clock, near, far, atNear, atFar } = connect([
      fault.corrupt(1, 3, "both"),
      fault.corrupt(1, 4),
      fault.corrupt(3, 1),
    ]);
    const mine = new TextEncoder().encode("0000");
    near.write(mine);
    write(far, "0");
    write(far, "0");
    await clock.advance(0);
    expect([atFar.lines, new TextDecoder().decode(mine)]).toEqual([["0 data 0701"], "0000"]);
    expect(atNear.lines).toEqual(["0 data 0", "0 data 3"]);
    expect(near.fired.length).toBe(4);
  });

  test("resetAfter waits until the far end has read what comes before", async () => {
    const { clock, near, far, atNear, atFar } = connect([fault.resetAfter(3)]);
    far.pause();
    write(near, "12345");
    await clock.advance(1_000_000);
    expect([near.isOpen, near.fired, atFar.lines]).toEqual([true, [fault.resetAfter(3)], []]);
    expect(write(near, "6")).toBe(false);
    far.resume();
    await clock.advance(0);
    expect(atFar.lines).toEqual(["1000000 data 123", "1000000 close reset"]);
    expect(atNear.lines).toEqual(["1000000 close reset"]);
    expect(near.isOpen).toBe(false);
  });

  test("a reset at a byte comes before the end behind it", async () => {
    const { clock, near, atFar } = connect([fault.resetAfter(3)]);
    write(near, "123");
    near.end();
    await clock.advance(0);
    expect(atFar.lines).toEqual(["0 data 123", "0 close reset"]);
  });

  test("of several ends the first counts", async () => {
    const { clock, near, atFar } = connect([
      fault.finAfter(5),
      fault.resetAfter(5),
      fault.blackholeAfter(4),
    ]);
    write(near, "1234567");
    await clock.advance(0);
    expect([atFar.lines, near.fired]).toEqual([["0 data 1234"], [fault.blackholeAfter(4)]]);
  });
});
