import { createRng } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { TraceHash } from "../../src/network/trace-hash.ts";

const of = (add: (hash: TraceHash) => void): string => {
  const hash = new TraceHash();
  add(hash);
  return hash.digest;
};

describe("TraceHash", () => {
  test("is the same in every engine", () => {
    expect(of(() => {})).toBe("79137472b23abc80");
    expect(
      of((hash) =>
        hash
          .text("a packet")
          .number(1.5)
          .bytes(Uint8Array.of(1, 2, 3, 4, 5)),
      ),
    ).toBe("10ba3ef38807aa0b");
  });

  test.each<[string, (hash: TraceHash) => void, (hash: TraceHash) => void]>([
    ["a byte", (hash) => hash.bytes(Uint8Array.of(1)), (hash) => hash.bytes(Uint8Array.of(2))],
    [
      "a byte after a word",
      (h) => h.bytes(Uint8Array.of(0, 0, 0, 0, 1)),
      (h) => h.bytes(Uint8Array.of(0, 0, 0, 0, 2)),
    ],
    [
      "trailing zeros",
      (hash) => hash.bytes(new Uint8Array(4)),
      (hash) => hash.bytes(new Uint8Array(8)),
    ],
    ["where texts end", (hash) => hash.text("ab").text("c"), (hash) => hash.text("a").text("bc")],
    ["order", (hash) => hash.number(1).number(2), (hash) => hash.number(2).number(1)],
    ["parts of a millisecond", (hash) => hash.number(1), (hash) => hash.number(1.25)],
    ["times beyond 32 bits", (hash) => hash.number(5), (hash) => hash.number(5 + 2 ** 32)],
  ])("depends on %s", (_, one, other) => {
    expect(of(one)).not.toBe(of(other));
  });

  test("does not depend on when it is looked at", () => {
    const hash = new TraceHash().text("a");
    expect(hash.digest).toBe(hash.digest);
    expect(hash.text("b").digest).toBe(of((other) => other.text("a").text("b")));
  });

  test("has no two alike among 20,000 short inputs", () => {
    const rng = createRng("inputs");
    const inputs = new Set(Array.from({ length: 20_000 }, () => rng.bytes(6).join()));
    const seen = new Set(
      [...inputs].map((input) =>
        of((hash) => hash.bytes(Uint8Array.from(input.split(","), Number))),
      ),
    );
    expect(seen.size).toBe(inputs.size);
  });

  test("changes about half of its bits for one bit of input", () => {
    let changed = 0;
    const zeros = BigInt(`0x${of((hash) => hash.bytes(new Uint8Array(16)))}`);
    for (let bit = 0; bit < 128; bit++) {
      const bytes = new Uint8Array(16);
      bytes[bit >> 3] = 1 << (bit & 7);
      let difference = zeros ^ BigInt(`0x${of((hash) => hash.bytes(bytes))}`);
      for (; difference > 0n; difference >>= 1n) changed += Number(difference & 1n);
    }
    expect(changed / 128).toBeGreaterThan(28);
    expect(changed / 128).toBeLessThan(36);
  });
});
