// Ports lnd's actor/future_test.go; the cases that it draws at random are in deferred.property.test.ts.
import { describe, expect, test } from "vitest";
import { Deferred } from "../src/deferred.ts";

const aborted = (reason: unknown): AbortSignal => AbortSignal.abort(reason);

describe("giving the result", () => {
  test("TestPromiseCompleteIdempotency: the first one counts, whatever comes after", async () => {
    const deferred = new Deferred<string>();
    expect(deferred.isSettled).toBe(false);
    expect(deferred.resolve("first")).toBe(true);
    expect(deferred.resolve("second")).toBe(false);
    expect(deferred.reject(new Error("should be ignored"))).toBe(false);
    expect(deferred.isSettled).toBe(true);
    expect(await deferred.promise).toBe("first");
  });

  test("an error that came first is not overwritten either", async () => {
    const deferred = new Deferred<string>();
    const error = new Error("first");
    expect(deferred.reject(error)).toBe(true);
    expect(deferred.resolve("second")).toBe(false);
    expect(deferred.reject(new Error("third"))).toBe(false);
    expect(deferred.isSettled).toBe(true);
    await expect(deferred.promise).rejects.toBe(error);
  });

  test("a value whose then throws is an error of the result, which still comes", async () => {
    const error = new Error("bad then");
    // oxlint-disable-next-line unicorn/no-thenable -- bad ones are what is tested
    const bad = Object.defineProperty({}, "then", {
      get() {
        throw error;
      },
    });
    const deferred = new Deferred<unknown>();
    const waiting = deferred.wait({ signal: new AbortController().signal });
    expect(deferred.resolve(bad)).toBe(true);
    await expect(waiting).rejects.toBe(error);
    await expect(deferred.promise).rejects.toBe(error);
  });

  test("TestCompleteWith: seen at once, and a second call changes nothing", async () => {
    const deferred = new Deferred<number>();
    deferred.resolve(42);
    expect(await deferred.wait()).toBe(42);
    deferred.resolve(99);
    expect(await deferred.wait()).toBe(42);
  });
});

describe("waiting", () => {
  test("TestAwaitFuture: the value, the error, or the end of the wait", async () => {
    const { signal } = new AbortController();
    const done = new Deferred<string>();
    done.resolve("hello");
    expect(await done.wait({ signal })).toBe("hello");

    const error = new Error("result-level error");
    const failed = new Deferred<string>();
    failed.reject(error);
    await expect(failed.wait({ signal })).rejects.toBe(error);

    const reason = new Error("no more");
    await expect(new Deferred<string>().wait({ signal: aborted(reason) })).rejects.toMatchObject({
      name: "ActorError",
      code: "aborted",
      cause: reason,
    });
  });

  test("a result that is there wins over a signal that has aborted", async () => {
    const done = new Deferred<number>();
    done.resolve(1);
    expect(await done.wait({ signal: aborted("late") })).toBe(1);
    const error = new Error("gone");
    const failed = new Deferred<number>();
    failed.reject(error);
    await expect(failed.wait({ signal: aborted("late") })).rejects.toBe(error);
  });

  test("in the same turn, what came first wins: the result or the abort", async () => {
    const controller = new AbortController();
    const deferred = new Deferred<number>();
    const waiting = deferred.wait({ signal: controller.signal });
    deferred.resolve(1);
    controller.abort();
    expect(await waiting).toBe(1);

    const other = new AbortController();
    const late = new Deferred<number>();
    const given = late.wait({ signal: other.signal });
    other.abort("first");
    late.resolve(1);
    await expect(given).rejects.toMatchObject({ code: "aborted", cause: "first" });
    expect(await late.wait()).toBe(1);
  });

  test("one that is given up leaves the others waiting, and the result open", async () => {
    const controller = new AbortController();
    const deferred = new Deferred<number>();
    const one = deferred.wait({ signal: controller.signal });
    const two = deferred.wait({ signal: new AbortController().signal });
    const three = deferred.wait();
    controller.abort("enough");
    await expect(one).rejects.toMatchObject({ code: "aborted", cause: "enough" });
    expect(deferred.isSettled).toBe(false);
    expect(deferred.resolve(3)).toBe(true);
    expect(await Promise.all([two, three])).toEqual([3, 3]);
  });

  test("an abort may give the result to those that wait on", async () => {
    const controller = new AbortController();
    const deferred = new Deferred<string>();
    controller.signal.addEventListener("abort", () => deferred.resolve("cleaned up"));
    const waiting = deferred.wait({ signal: controller.signal });
    controller.abort();
    expect(await waiting).toBe("cleaned up");
  });
});
