import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkFeatures,
  compareFeatures,
  type FeatureLack,
  type FeatureName,
  features,
  featureVector,
  hasFeature,
  isNegotiated,
} from "../src/index.ts";
import { nodeFeatures } from "./support/node-features.ts";

const none = new Uint8Array(0);
const names = Object.keys(features) as FeatureName[];
const nothing: FeatureLack = { notOffered: [], notOfferedAssumed: [], missingDependencies: [] };
const compare = (ours: readonly number[], theirs: readonly number[]) =>
  compareFeatures(featureVector(ours), featureVector(theirs));

describe("comparing two nodes", () => {
  test("that offer nothing", () => {
    expect(compareFeatures(none, none)).toEqual({
      isCompatible: true,
      negotiated: [],
      ours: nothing,
      theirs: nothing,
    });
  });

  test("what both offer is negotiated, in the order of the table", () => {
    const { isCompatible, negotiated } = compare([55, 9, 22, 34, 63], [54, 9, 23, 39]);
    expect(isCompatible).toBe(false);
    expect(negotiated).toEqual(["var_onion_optin", "option_anchors", "keysend"]);
  });

  test("what one requires, the other must offer, even if nobody knows it", () => {
    expect(compare([22, 1000, 34], [34])).toEqual({
      isCompatible: false,
      negotiated: ["option_quiesce"],
      ours: nothing,
      theirs: { ...nothing, notOffered: [22, 1000] },
    });
    expect(compare([34], [22, 1000, 34]).ours).toEqual({ ...nothing, notOffered: [22, 1000] });
    expect(compare([22, 1000], [23, 1001]).isCompatible).toBe(true);
    expect(compare([2026], [2025]).isCompatible).toBe(true);
    expect(compare([2026], [2027]).theirs.notOffered).toEqual([2026]);
  });

  test("both bits count as required", () => {
    expect(compare([22, 23], []).theirs.notOffered).toEqual([22]);
  });

  test("what is ASSUMED is told apart", () => {
    const lnd = nodeFeatures[0]?.[1] ?? [];
    expect(compare([], lnd)).toMatchObject({
      isCompatible: true,
      ours: { notOffered: [], notOfferedAssumed: [0, 8, 12, 14, 44] },
      theirs: nothing,
    });
    expect(compare([6, 8], [])).toMatchObject({
      isCompatible: false,
      theirs: { notOffered: [6], notOfferedAssumed: [8] },
    });
  });

  test("a dependency that lacks breaks either side", () => {
    expect(compare([17, 51, 61], [])).toMatchObject({
      isCompatible: false,
      ours: {
        missingDependencies: ["payment_secret", "option_scid_alias", "option_shutdown_anysegwit"],
      },
      theirs: nothing,
    });
    expect(compare([], [51])).toMatchObject({
      isCompatible: false,
      ours: nothing,
      theirs: { missingDependencies: ["option_scid_alias"] },
    });
    // lnd's own rules are for lnd.
    expect(compare([31], []).isCompatible).toBe(true);
  });

  const pairs = nodeFeatures.flatMap(([a, ours]) =>
    nodeFeatures.map(([b, theirs]) => [a, b, ours, theirs] as const),
  );
  test.each(pairs)("%s and %s get along", (_a, _b, ours, theirs) => {
    const { isCompatible, ...lacks } = compare(ours, theirs);
    expect(isCompatible).toBe(true);
    expect(lacks).toMatchObject({ ours: nothing, theirs: nothing });
  });

  test("as many bits as a message can hold", () => {
    const flood = new Uint8Array(65_000).fill(0xff);
    expect(compareFeatures(none, flood).ours.notOffered.length).toBe(260_000 - 5);
    expect(compareFeatures(flood, flood)).toMatchObject({ isCompatible: true, negotiated: names });
  });
});

describe("for any two sets", () => {
  // Few enough bits to meet: those of BOLT 9, and some that nobody assigned.
  const bits = fc.constantFrom(0, 1, 14, 15, 16, 17, 22, 23, 46, 47, 50, 51, 100, 101, 1000, 1001);
  const sets = fc.uniqueArray(bits).map(featureVector);

  test("swapping them swaps the sides", () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        const one = compareFeatures(a, b);
        expect(compareFeatures(b, a)).toEqual({ ...one, ours: one.theirs, theirs: one.ours });
      }),
    );
  });

  test("they are compatible if each passes the check of the other", () => {
    const isAccepted = (theirs: Uint8Array, required: Uint8Array): boolean => {
      try {
        checkFeatures(theirs, { alsoKnown: [100, 1000], required });
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        const isFine = isAccepted(a, b) && isAccepted(b, a);
        expect(compareFeatures(a, b).isCompatible).toBe(isFine);
      }),
    );
  });

  test("what is negotiated is what both offer, and they agree on it", () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        const { negotiated } = compareFeatures(a, b);
        for (const name of names) {
          const both = hasFeature(a, name) && hasFeature(b, name);
          expect(negotiated.includes(name)).toBe(both);
          if (both) expect(isNegotiated(a, b, name) && isNegotiated(b, a, name)).toBe(true);
        }
      }),
    );
  });
});
