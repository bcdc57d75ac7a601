import { BoundedQueue, QueueError } from "@satwire/actor";
import { describe, expect, test } from "vitest";

const collect = async <T>(values: AsyncIterable<T>): Promise<T[]> => {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
};

test("values come out in order, those pushed before the consumer came too", async () => {
  const queue = new BoundedQueue<number>({ capacity: 3 });
  expect([queue.push(1), queue.push(2)]).toEqual([true, true]);
  const all = collect(queue);
  queue.push(3);
  queue.close();
  expect(await all).toEqual([1, 2, 3]);
});

test("a full queue refuses and keeps what it has", () => {
  const queue = new BoundedQueue<number>({ capacity: 2 });
  expect([1, 2, 3].map((n) => queue.push(n))).toEqual([true, true, false]);
  expect(queue.size).toBe(2);
  expect(queue.drain()).toEqual([1, 2]);
});

test("space is announced once, when a full queue has fallen to half", async () => {
  let calls = 0;
  const queue = new BoundedQueue<number>({ capacity: 4, onSpace: () => calls++ });
  for (let round = 1; round <= 2; round++) {
    for (let n = 0; n < 4; n++) queue.push(n);
    await queue.take();
    expect(calls).toBe(round - 1);
    await queue.take();
    expect(calls).toBe(round);
    queue.drain();
    expect(calls).toBe(round);
  }
});

test("drain takes what is there and ends, though onSpace fills the queue again", () => {
  let next = 0;
  const fill = (): void => {
    while (next < 1000 && queue.push(next)) next++;
  };
  const queue = new BoundedQueue<number>({ capacity: 4, onSpace: fill });
  fill();
  expect(queue.drain()).toEqual([0, 1, 2, 3]);
  expect(queue.size).toBeGreaterThan(0);
  expect(next).toBeLessThan(1000);
});

test("the ring wraps around many times without mixing values", async () => {
  const queue = new BoundedQueue<number>({ capacity: 3 });
  const seen: number[] = [];
  for (let n = 0; n < 50; n++) {
    expect(queue.push(n)).toBe(true);
    if (n % 3 !== 0) {
      for (const value of queue.drain()) seen.push(value);
    }
  }
  seen.push(...queue.drain());
  expect(seen).toEqual(Array.from({ length: 50 }, (_, n) => n));
});

describe("closing", () => {
  test("lets the consumer have what is buffered, then the end", async () => {
    const queue = new BoundedQueue<number>({ capacity: 2 });
    queue.push(1);
    queue.close();
    queue.close(new Error("too late to count"));
    expect(queue.push(2)).toBe(false);
    expect(await collect(queue)).toEqual([1]);
    expect(await queue.take()).toEqual({ done: true, value: undefined });
  });

  test("with an error gives it after the last value, once", async () => {
    const queue = new BoundedQueue<number>({ capacity: 2 });
    const failure = new Error("gone");
    queue.push(1);
    queue.close(failure);
    expect(await queue.take()).toEqual({ done: false, value: 1 });
    await expect(queue.take()).rejects.toBe(failure);
    expect((await queue.take()).done).toBe(true);
  });

  test("ends takers that wait", async () => {
    const queue = new BoundedQueue<number>({ capacity: 2 });
    const [one, two] = [queue.take(), queue.take()];
    const failure = new Error("gone");
    queue.close(failure);
    await expect(one).rejects.toBe(failure);
    expect((await two).done).toBe(true);
  });

  test("refuses pushers that wait", async () => {
    const queue = new BoundedQueue<number>({ capacity: 1 });
    queue.push(1);
    const waiting = queue.pushAsync(2);
    queue.close();
    await expect(waiting).rejects.toMatchObject({ name: "QueueError", code: "closed" });
    await expect(queue.pushAsync(3)).rejects.toMatchObject({ code: "closed" });
  });
});

describe("waiting for room", () => {
  test("keeps the order of pushers, and push does not overtake them", async () => {
    const queue = new BoundedQueue<number>({ capacity: 1 });
    await queue.pushAsync(1);
    const [two, three] = [queue.pushAsync(2), queue.pushAsync(3)];
    expect(queue.push(4)).toBe(false);
    expect((await queue.take()).value).toBe(1);
    await two;
    expect((await queue.take()).value).toBe(2);
    await three;
    expect((await queue.take()).value).toBe(3);
  });

  test("an aborted pusher leaves no trace", async () => {
    const queue = new BoundedQueue<number>({ capacity: 1 });
    queue.push(1);
    const controller = new AbortController();
    const reason = new Error("changed my mind");
    const waiting = queue.pushAsync(2, { signal: controller.signal });
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(queue.pushAsync(3, { signal: controller.signal })).rejects.toBe(reason);
    expect(queue.drain()).toEqual([1]);
    queue.push(4);
    expect(queue.drain()).toEqual([4]);
  });
});

describe("iterating", () => {
  test("can be left and taken up again without losing a value", async () => {
    const queue = new BoundedQueue<number>({ capacity: 4 });
    for (const n of [1, 2, 3]) queue.push(n);
    for await (const value of queue) {
      expect(value).toBe(1);
      break;
    }
    queue.close();
    expect(await collect(queue)).toEqual([2, 3]);
  });

  test("a call to next that was abandoned by return does not swallow a value", async () => {
    const queue = new BoundedQueue<number>({ capacity: 4 });
    const iterator = queue[Symbol.asyncIterator]();
    const pending = iterator.next();
    await iterator.return?.();
    expect((await pending).done).toBe(true);
    queue.push(1);
    expect(queue.drain()).toEqual([1]);
  });
});

test.each([0, -1, 1.5, Number.NaN])("a capacity of %s is refused", (capacity) => {
  expect(() => new BoundedQueue({ capacity })).toThrow(QueueError);
  expect(() => new BoundedQueue({ capacity })).toThrow(
    expect.objectContaining({ code: "invalid_capacity" }),
  );
});

describe("taking without waiting", () => {
  test("tells a value from an empty queue, even a value that is undefined", () => {
    const queue = new BoundedQueue<number | undefined>({ capacity: 3 });
    expect(queue.tryTake()).toBeUndefined();
    queue.push(1);
    queue.push(undefined);
    expect([queue.tryTake(), queue.tryTake(), queue.tryTake()]).toEqual([
      { value: 1 },
      { value: undefined },
      undefined,
    ]);
    expect(queue.size).toBe(0);
  });

  test("makes room for those who wait to push, in order, and announces space", async () => {
    let calls = 0;
    const queue = new BoundedQueue<number>({ capacity: 1, onSpace: () => calls++ });
    queue.push(1);
    const waiting = [queue.pushAsync(2), queue.pushAsync(3)];
    expect(queue.pushersWaiting).toBe(2);
    expect(queue.tryTake()).toEqual({ value: 1 });
    expect([queue.pushersWaiting, queue.size, calls]).toEqual([1, 1, 0]);
    expect([queue.tryTake(), queue.tryTake()]).toEqual([{ value: 2 }, { value: 3 }]);
    expect([queue.pushersWaiting, queue.size, calls]).toEqual([0, 0, 1]);
    await Promise.all(waiting);
  });

  test("gives what is buffered after close, and leaves the error to take", async () => {
    const queue = new BoundedQueue<number>({ capacity: 1 });
    const failure = new Error("gone");
    queue.push(1);
    queue.close(failure);
    expect([queue.tryTake(), queue.tryTake()]).toEqual([{ value: 1 }, undefined]);
    await expect(queue.take()).rejects.toBe(failure);
  });
});
