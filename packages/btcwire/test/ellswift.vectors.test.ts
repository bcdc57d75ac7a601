import { fromHex, toHex } from "@satwire/codec";
import { expect, test } from "vitest";
import { decodeEllswift, invertSwiftEc } from "../src/transport/ellswift.ts";
import decodeVectors from "./vectors/bip324-ellswift-decode.json" with { type: "json" };
import inverseVectors from "./vectors/bip324-xswiftec-inv.json" with { type: "json" };

// The CSV files next to BIP 324.

test("both files are whole", () => {
  expect([decodeVectors.length, inverseVectors.length]).toEqual([76, 32]);
});

test.each(decodeVectors)("$ellswift stands for its x: $comment", ({ ellswift, x }) => {
  expect(toHex(decodeEllswift(fromHex(ellswift)))).toBe(x);
});

test.each(inverseVectors)("u = $u, x = $x: all eight cases", ({ u, x, t }) => {
  const found = t.map((_, which) => invertSwiftEc(BigInt(`0x${x}`), BigInt(`0x${u}`), which));
  expect(found.map((value) => value?.toString(16).padStart(64, "0") ?? "")).toEqual(t);
  for (const value of t)
    if (value !== "") expect(toHex(decodeEllswift(fromHex(u + value)))).toBe(x);
});
