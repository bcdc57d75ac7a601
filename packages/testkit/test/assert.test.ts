import { AssertionError } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { assert, assertEqual, assertRejects, assertThrows } from "../src/assert.ts";
import { equalData } from "../src/plain-equality.ts";
import { printable } from "../src/printable.ts";

/** What a call throws, which must be an AssertionError. */
function failureOf(run: () => void): AssertionError {
  try {
    run();
  } catch (error) {
    if (error instanceof AssertionError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const failed = (code: string, message = "it failed"): Error =>
  Object.assign(new Error(message), { code });

test("a failed assert has the text, what is and what should be", () => {
  assert(true, "fine");
  const error = failureOf(() => assert(false, "the peer is connected"));
  expect(error).toMatchObject({
    message: "the peer is connected",
    code: "ERR_ASSERTION",
    actual: false,
    expected: true,
  });
});

test("assertEqual shows both values and hands them over for a diff", () => {
  assertEqual({ a: [1n, Uint8Array.of(1)] }, { a: [1n, Uint8Array.of(1)] }, "data");
  const error = failureOf(() => assertEqual([1], [2], "the ids"));
  expect(error).toMatchObject({
    message: "the ids: got [1], expected [2]",
    actual: [1],
    expected: [2],
    operator: "deepStrictEqual",
  });
});

describe("equal data", () => {
  const cycle = (): object => {
    const value: Record<string, unknown> = { a: 1 };
    value["self"] = value;
    return value;
  };
  const symbol = Symbol("field");
  test.each<[string, unknown, unknown]>([
    ["NaN", Number.NaN, Number.NaN],
    ["nothing", undefined, undefined],
    ["bigints", 2n ** 64n, 2n ** 64n],
    ["bytes", Uint8Array.of(1, 2), Uint8Array.of(0, 1, 2).subarray(1)],
    ["an ArrayBuffer", Uint8Array.of(1).buffer, Uint8Array.of(1).buffer],
    ["fields in another order", { a: 1, b: 2 }, { b: 2, a: 1 }],
    ["an object without a prototype", Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ["maps", new Map([["a", [1]]]), new Map([["a", [1]]])],
    ["maps with objects as keys", new Map([[{ a: 1 }, 1]]), new Map([[{ a: 1 }, 1]])],
    ["sets of objects", new Set([{ a: 1 }, { a: 2 }]), new Set([{ a: 2 }, { a: 1 }])],
    ["dates", new Date(5), new Date(5)],
    ["patterns", /a/g, /a/g],
    ["errors", failed("x"), failed("x")],
    ["cycles", cycle(), cycle()],
    ["symbols as names", { [symbol]: 1 }, { [symbol]: 1 }],
  ])("%s", (_name, a, b) => {
    expect(equalData(a, b)).toBe(true);
    expect(equalData([a], [b])).toBe(true);
  });

  test.each<[string, unknown, unknown]>([
    ["zeros of two signs", 0, -0],
    ["a number and a bigint", 1, 1n],
    ["a number and its text", 1, "1"],
    ["null and undefined", null, undefined],
    ["null and an object", null, {}],
    ["other bytes", Uint8Array.of(1, 2), Uint8Array.of(1, 3)],
    ["fewer bytes", Uint8Array.of(1, 2), Uint8Array.of(1)],
    ["bytes and numbers", Uint8Array.of(1), [1]],
    ["bytes of another kind", Uint8Array.of(1), Int8Array.of(1)],
    ["other ArrayBuffers", Uint8Array.of(1).buffer, Uint8Array.of(2).buffer],
    ["a missing field and an undefined one", {}, { a: undefined }],
    ["as many fields of other names", { a: undefined }, { b: undefined }],
    ["other symbols", { [symbol]: 1 }, { [symbol]: 2 }],
    ["a longer list", [1], [1, 2]],
    ["a hole more", [1], Object.assign([1], { length: 2 })],
    ["a list and an object", [1], { 0: 1 }],
    ["another class", new (class Box {})(), {}],
    ["what is only called Map", new Map(), new { Map: class {} }.Map()],
    ["map values", new Map([["a", 1]]), new Map([["a", 2]])],
    [
      "map sizes",
      new Map([["a", 1]]),
      new Map([
        ["a", 1],
        ["b", 1],
      ]),
    ],
    ["map keys", new Map<unknown, number>([[{ a: 1 }, 1]]), new Map([[undefined, 1]])],
    [
      "one map key for two",
      new Map([
        [{ a: 1 }, 1],
        [{ a: 1 }, 1],
      ]),
      new Map([
        [{ a: 1 }, 1],
        [{ a: 2 }, 1],
      ]),
    ],
    ["set members", new Set<unknown>([{ a: 1 }]), new Set([undefined])],
    ["set sizes", new Set([1]), new Set([1, 2])],
    ["one member for two", new Set([{ a: 1 }, { a: 1 }]), new Set([{ a: 1 }, { a: 2 }])],
    ["dates", new Date(5), new Date(6)],
    ["patterns", /a/g, /a/],
    ["error codes", failed("x"), failed("y")],
    ["error texts", failed("x", "one"), failed("x", "two")],
    ["error causes", new Error("x", { cause: 1 }), new Error("x", { cause: 2 })],
    [
      "names in one class",
      new DOMException("x", "AbortError"),
      new DOMException("x", "TimeoutError"),
    ],
    ["error names", new Error("x"), new TypeError("x")],
    ["promises", Promise.resolve(1), Promise.resolve(1)],
    ["functions", () => 1, () => 1],
  ])("but not %s", (_name, a, b) => {
    expect(equalData(a, b)).toBe(false);
    expect(equalData(b, a)).toBe(false);
    expect(equalData({ deep: [a] }, { deep: [b] })).toBe(false);
  });

  test("a pair that differs is not taken for equal when it is met again", () => {
    const [one, two] = [{ x: 1 }, { x: 2 }];
    expect(
      equalData(
        new Set([
          [one, one],
          [two, one],
        ]),
        new Set([
          [two, one],
          [one, two],
        ]),
      ),
    ).toBe(false);
  });
});

describe("assertRejects", () => {
  test("resolves with the error when it has the shape", async () => {
    const error = failed("timed_out");
    for (const shape of [
      {},
      { code: "timed_out" },
      { name: "Error", message: "it failed" },
      { message: /fail/g },
      { is: error },
    ]) {
      expect(await assertRejects(Promise.reject(error), shape, "dialing")).toBe(error);
    }
    expect(await assertRejects(() => Promise.reject(error), {}, "dialing")).toBe(error);
    const pattern = /fail/g; // it remembers where it was
    for (let i = 0; i < 3; i++) {
      await assertRejects(Promise.reject(error), { message: pattern }, "dialing");
    }
  });

  test.each([
    [{ code: "refused" }, 'with code "timed_out", expected "refused"'],
    [{ name: "NetError" }, 'with name "Error", expected "NetError"'],
    [{ message: "it" }, 'with message "it failed", expected "it"'],
    [{ message: /worked/ }, 'with message "it failed", expected /worked/'],
    [{ is: undefined }, "expected the very undefined"],
  ])("fails for another shape: %j", async (shape, text) => {
    const error = failed("timed_out");
    const rejecting = assertRejects(Promise.reject(error), shape, "dialing");
    await expect(rejecting).rejects.toThrow(`dialing: rejects Error: "it failed"`);
    await expect(rejecting).rejects.toThrow(text);
    await expect(rejecting).rejects.toMatchObject({ name: "AssertionError", cause: error });
  });

  test("fails for what is no error, has no code, resolves or throws", async () => {
    for (const reason of [undefined, null, "text", {}]) {
      await expect(assertRejects(Promise.reject(reason), { code: "x" }, "dialing")).rejects.toThrow(
        `dialing: rejects ${printable(reason)} with code undefined, expected "x"`,
      );
    }
    await expect(assertRejects(Promise.resolve(5), {}, "dialing")).rejects.toThrow(
      "dialing: resolved with 5 instead of rejecting",
    );
    const throwing = (): Promise<void> => {
      throw failed("x");
    };
    await expect(assertRejects(throwing, { code: "x" }, "dialing")).rejects.toThrow(
      'dialing: threw Error: "it failed" instead of rejecting',
    );
  });
});

test("assertThrows returns what was thrown, and fails otherwise", () => {
  const error = failed("closed");
  const throwing = (): void => {
    throw error;
  };
  expect(assertThrows(throwing, { code: "closed" }, "writing")).toBe(error);
  expect(failureOf(() => assertThrows(throwing, { code: "x" }, "writing")).message).toBe(
    'writing: throws Error: "it failed" with code "closed", expected "x"',
  );
  expect(failureOf(() => assertThrows(() => "ok", {}, "writing")).message).toBe(
    'writing: returned "ok" instead of throwing',
  );
});

describe("a value in short", () => {
  class Peer {
    readonly id = 1;
  }
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  test.each<[unknown, string]>([
    ['it\'s "so"\n', '"it\'s \\"so\\"\\n"'],
    ["\u202eabc\u009b", '"\\u202eabc\\u009b"'],
    ["\u061cb\u200b\ufeff\u{e0001}", '"\\u061cb\\u200b\\ufeff\\u{e0001}"'],
    [{ "a\n\u202e": 1 }, '{ "a\\n\\u202e": 1 }'],
    [{ ["k".repeat(90)]: 1 }, `{ "${"k".repeat(80)}…": 1 }`],
    ["x".repeat(81), `"${"x".repeat(80)}…"`],
    [-0, "-0"],
    [12n, "12n"],
    [null, "null"],
    [Symbol("s"), "Symbol(s)"],
    [function named() {}, "[function named]"],
    [Uint8Array.of(1, 255), "Uint8Array(2 bytes) 01ff"],
    [new Uint8Array(33), `Uint8Array(33 bytes) ${"00".repeat(32)}…`],
    [new Uint8Array(0), "Uint8Array(0)"],
    [new Map([["a", 1n]]), 'Map(1) {"a" → 1n}'],
    [new Set([1]), "Set(1) {1}"],
    [new Date(5), "Date 5"],
    [new TypeError("bad"), 'TypeError: "bad"'],
    [new Peer(), "Peer { id: 1 }"],
    [{}, "{}"],
    [Array.from({ length: 12 }, (_, i) => i), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, … 2 more]"],
    [{ a: { b: { c: { d: 1 }, e: [1] } } }, "{ a: { b: { c: Object {…}, e: […] } } }"],
    [circular, "{ self: [circular] }"],
  ])("%#", (value, text) => {
    expect(printable(value)).toBe(text);
  });

  test("does not throw for a value that does", () => {
    const bad = {
      get field(): number {
        throw new Error("no");
      },
    };
    expect(printable(bad)).toBe("[a value that cannot be shown]");
  });
});
