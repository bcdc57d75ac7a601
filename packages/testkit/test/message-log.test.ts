import { Conditions, MessageLog, VirtualClock } from "@satwire/testkit";
import { describe, expect, test } from "vitest";

interface Numbered {
  readonly type: "ping" | "pong";
  readonly n: number;
}
const ping = (n: number): Numbered => ({ type: "ping", n });
const pong = (n: number): Numbered => ({ type: "pong", n });

const setting = (capacity?: number) => {
  const clock = new VirtualClock();
  const conditions = new Conditions(clock);
  const log = new MessageLog<Numbered>(conditions, capacity);
  const fill = (...messages: Numbered[]): void => messages.forEach((message) => log.add(message));
  return { clock, conditions, log, fill };
};

describe("a log", () => {
  test("counts everything and keeps the newest", () => {
    const { log, fill } = setting(3);
    fill(ping(1), pong(2), ping(3), ping(4));
    expect(log.messages).toEqual([pong(2), ping(3), ping(4)]);
    expect([log.counts, log.total]).toEqual([{ ping: 3, pong: 1 }, 4]);
    for (let n = 5; n < 100; n++) fill(ping(n));
    expect(log.messages).toEqual([ping(97), ping(98), ping(99)]);
    expect(log.total).toBe(99);
  });

  test("finds what is there, as often as it is asked, oldest first", async () => {
    const { log, fill } = setting();
    fill(pong(1), ping(2), ping(3));
    expect(await log.waitFor("ping")).toEqual(ping(2));
    expect(await log.waitFor("ping")).toEqual(ping(2));
    expect(await log.waitFor("ping", ({ n }) => n > 2)).toEqual(ping(3));
  });

  test("gives out what is taken once", async () => {
    const { log, fill } = setting();
    fill(ping(1), pong(2), ping(3));
    expect(await log.take("ping")).toEqual(ping(1));
    expect(await log.take("ping")).toEqual(ping(3));
    expect(log.messages).toEqual([pong(2)]);
    expect(log.counts["ping"]).toBe(2);
  });

  test("does not find what it has forgotten", async () => {
    const { log, fill, clock } = setting(2);
    fill(ping(1), pong(2), pong(3));
    const found = log.waitFor("ping", undefined, { timeoutMs: 10 });
    const failed = expect(found).rejects.toMatchObject({ name: "AssertionError" });
    await clock.advance(10);
    await failed;
    log.clear();
    expect([log.messages, log.total]).toEqual([[], 3]);
  });

  test("waits for what is to come, and gives it to one that takes it", async () => {
    const { log, fill } = setting();
    const [first, second] = [log.take("pong"), log.take("pong", ({ n }) => n !== 5)];
    fill(ping(4), pong(5), pong(6));
    expect(await Promise.all([first, second])).toEqual([pong(5), pong(6)]);
  });

  test("stops waiting when nothing can come, when it is aborted, and with what a predicate throws", async () => {
    const { log, fill, conditions } = setting();
    const gone = new AbortController();
    const aborted = log.take("pong", undefined, { signal: gone.signal });
    const throwing = log.take("ping", () => {
      throw new TypeError("no");
    });
    const ended = log.waitFor("pong");
    gone.abort(new Error("enough"));
    fill(ping(1));
    conditions.end(new Error("it ended"));
    await expect(aborted).rejects.toThrow("enough");
    await expect(throwing).rejects.toThrow(TypeError);
    await expect(ended).rejects.toThrow("it ended before pong");
  });

  test.each([0, -1, 1.5, Number.NaN])("of %s messages is none", (capacity) => {
    expect(() => setting(capacity)).toThrow(RangeError);
  });
});
