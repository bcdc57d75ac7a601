import { fromHex } from "@satwire/codec";
import { expect, test } from "vitest";
import { murmurHash3 } from "../src/filter/murmur-hash.ts";
import vectors from "./vectors/hashes.json" with { type: "json" };

test.each(vectors.murmurHash3)("MurmurHash3 of '$bytes' with the seed $seed", (vector) => {
  expect(murmurHash3(vector.seed, fromHex(vector.bytes))).toBe(vector.hash);
});
