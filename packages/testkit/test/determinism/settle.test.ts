import { ActorSystem, type Message } from "@satwire/actor";
import { memoryPair } from "@satwire/net";
import { settle } from "@satwire/testkit";
import { afterEach, describe, expect, test, vi } from "vitest";

interface Ball extends Message {
  readonly type: "ball";
  readonly left: number;
}

/** Two ends of a memory pair, one of which sends 500 bytes back, one at a time: more than 1000 callbacks. */
function startEcho(): string[] {
  const [a, b] = memoryPair({ capacityBytes: 4, chunkBytes: 1 });
  const log: string[] = [];
  for (const [name, stream] of [["a", a] as const, ["b", b] as const]) {
    let count = 0;
    stream.start({
      onData: (chunk) => {
        count += chunk.length;
        if (name === "b") stream.write(chunk);
      },
      onEnd: () => stream.end(),
      onDrain: () => {},
      onClose: () => log.push(`${name} ${count}`),
    });
  }
  a.write(new Uint8Array(500));
  a.end();
  return log;
}

afterEach(() => {
  vi.useRealTimers();
});

test("lets a long chain of promises finish", async () => {
  let steps = 0;
  const walk = async (): Promise<void> => {
    for (let i = 0; i < 1000; i++) {
      await Promise.resolve();
      steps++;
    }
  };
  const walking = walk();
  await settle();
  expect(steps).toBe(1000);
  await walking;
});

test("lets the two ends of a memory pair finish their talk", async () => {
  const log = startEcho();
  await settle(1);
  expect(log).toEqual([]);
  await settle();
  expect(log.sort()).toEqual(["a 500", "b 500"]);
});

test("lets actors go on when their slice of time is over", async () => {
  await using system = new ActorSystem();
  let left = 20;
  const ref = system.spawn<Ball>("player", ({ left: more }) => {
    const end = performance.now() + 1;
    while (performance.now() < end); // a slice lasts 2 ms
    left = more;
    if (more > 0) ref.tryTell({ type: "ball", left: more - 1 });
  });
  ref.tryTell({ type: "ball", left });
  await settle();
  expect(left).toBeLessThan(20);
  await settle(40);
  expect(left).toBe(0);
});

test("takes as many turns of the event loop as it is told", async () => {
  const log: string[] = [];
  const walk = async (name: string, turns: number): Promise<void> => {
    await settle(turns);
    log.push(name);
  };
  await Promise.all([walk("three", 3), walk("one", 1), walk("two", 2)]);
  expect(log).toEqual(["one", "two", "three"]);
});

test("fires no timer that is not due, and leaves others their turn", async () => {
  let isDue = false;
  const timer = setTimeout(() => {
    isDue = true;
  }, 60_000);
  await settle();
  expect(isDue).toBe(false);
  clearTimeout(timer);
});

test.each([0, -1, 1.5, Number.NaN])("refuses %d turns", async (turns) => {
  await expect(settle(turns)).rejects.toThrow(RangeError);
});

describe("beside fake timers", () => {
  test("goes on, and so do memory pairs, with those of vitest", async () => {
    vi.useFakeTimers();
    const log = startEcho();
    await settle();
    expect(log.sort()).toEqual(["a 500", "b 500"]);
  });

  test("goes on when microtasks are fake, too, as with those of jest", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "setImmediate", "queueMicrotask"] });
    const log = startEcho();
    await settle();
    expect(log).toEqual([]); // what the pair queues waits for the fake
    vi.useRealTimers();
  });
});
