import { describe, expect, test } from "vitest";
import {
  checkFilterCheckpoints,
  checkFilterHeaders,
  filterHashOf,
  filterHeaderOf,
  filterHeadersOf,
} from "../src/filter/filter-header.ts";
import { type CFCheckpt, type CFHeaders, fromHex, hash256 } from "../src/index.ts";

const zeros = new Uint8Array(32);
const stopHash = new Uint8Array(32).fill(7);
const hashes = Array.from({ length: 2500 }, (_, i) => hash256(Uint8Array.of(i >> 8, i & 0xff)));
/** The filter headers of blocks 0 to 2499. */
const chain = filterHeadersOf({ previousFilterHeader: zeros, filterHashes: hashes });
const checkpoints = [chain[1000], chain[2000]] as Uint8Array[];

/** The answer for blocks of that chain. */
const answerOf = (startHeight: number, stopHeight: number): CFHeaders => ({
  type: "cfheaders",
  filterType: 0,
  stopHash,
  previousFilterHeader: chain[startHeight - 1] ?? zeros,
  filterHashes: hashes.slice(startHeight, stopHeight + 1),
});
const request = (startHeight: number) => ({ filterType: 0, startHeight, stopHash });
const flipped = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte, i) => (i === 31 ? byte ^ 1 : byte));
const checkpointAnswer: CFCheckpt = {
  type: "cfcheckpt",
  filterType: 0,
  stopHash,
  filterHeaders: checkpoints,
};

describe("filter headers", () => {
  test("are the hash of the filter's hash and of the header before", () => {
    const hash = filterHashOf(fromHex("019dfca8"));
    expect(hash).toEqual(hash256(fromHex("019dfca8")));
    const header = filterHeaderOf(hash, stopHash);
    expect(header).toEqual(hash256(Uint8Array.of(...hash, ...stopHash)));
  });

  test("follow each other", () => {
    expect(chain).toHaveLength(2500);
    expect(chain[0]).toEqual(filterHeaderOf(hashes[0] as Uint8Array, zeros));
    expect(chain[9]).toEqual(filterHeaderOf(hashes[9] as Uint8Array, chain[8] as Uint8Array));
    expect(filterHeadersOf(answerOf(500, 999))).toEqual(chain.slice(500, 1000));
    expect(filterHeadersOf(answerOf(5, 4))).toEqual([]);
  });
});

describe("checkFilterHeaders", () => {
  test.each([
    [0, 0],
    [0, 1999],
    [1, 2000],
    [1000, 1000],
    [1001, 2499],
    [999, 1001],
  ])("takes what answers the request for %i to %i", (startHeight, stopHeight) => {
    const answer = answerOf(startHeight, stopHeight);
    const previousFilterHeader = chain[startHeight - 1];
    for (const known of [{}, { previousFilterHeader }, { checkpoints }]) {
      expect(checkFilterHeaders(answer, request(startHeight), { stopHeight, ...known })).toBe(
        "valid",
      );
    }
  });

  test("refuses what was not asked for", () => {
    const answer = answerOf(10, 20);
    for (const other of [
      { ...answer, filterType: 1 },
      { ...answer, stopHash: flipped(stopHash) },
    ]) {
      expect(checkFilterHeaders(other, request(10), { stopHeight: 20 })).toBe("unasked");
    }
  });

  test("refuses another number of hashes", () => {
    for (const stopHeight of [19, 21]) {
      expect(checkFilterHeaders(answerOf(10, 20), request(10), { stopHeight })).toBe("wrong_count");
    }
  });

  test("refuses what does not follow the header before", () => {
    const answer = answerOf(10, 20);
    const previousFilterHeader = flipped(chain[9] as Uint8Array);
    const options = { stopHeight: 20, previousFilterHeader };
    expect(checkFilterHeaders(answer, request(10), options)).toBe("unlinked");
    // In front of the first block there are zeros, known or not.
    const first = { ...answerOf(0, 5), previousFilterHeader: flipped(zeros) };
    expect(checkFilterHeaders(first, request(0), { stopHeight: 5 })).toBe("unlinked");
  });

  test.each([
    ["before the first block", 1001, 1500],
    ["at the first block", 1000, 1500],
    ["within", 500, 1500],
    ["at the last block", 500, 1000],
    ["at the second checkpoint", 1500, 2100],
  ])("refuses another header %s than a checkpoint has", (_where, startHeight, stopHeight) => {
    const options = { stopHeight, checkpoints: checkpoints.map(flipped) };
    const answer = answerOf(startHeight, stopHeight);
    expect(checkFilterHeaders(answer, request(startHeight), options)).toBe("other_checkpoint");
  });

  test("finds one hash that is another", () => {
    const answer = answerOf(500, 1500);
    const change = (at: number): CFHeaders => ({
      ...answer,
      filterHashes: answer.filterHashes.map((hash, i) => (i === at ? flipped(hash) : hash)),
    });
    const options = { stopHeight: 1500, checkpoints };
    expect(checkFilterHeaders(change(500), request(500), options)).toBe("other_checkpoint");
    // Behind the last checkpoint nobody knows.
    expect(checkFilterHeaders(change(501), request(500), options)).toBe("valid");
  });
});

describe("checkFilterCheckpoints", () => {
  test.each([2000, 2001, 2999])("takes what answers the request up to %i", (stopHeight) => {
    for (const known of [{}, { checkpoints: checkpoints.slice(0, 1) }, { checkpoints }]) {
      expect(checkFilterCheckpoints(checkpointAnswer, request(0), { stopHeight, ...known })).toBe(
        "valid",
      );
    }
    const longer = { stopHeight, checkpoints: [...checkpoints, stopHash] };
    expect(checkFilterCheckpoints(checkpointAnswer, request(0), longer)).toBe("valid");
  });

  test("refuses what was not asked for", () => {
    const options = { stopHeight: 2000 };
    for (const other of [
      { ...checkpointAnswer, filterType: 1 },
      { ...checkpointAnswer, stopHash: zeros },
    ]) {
      expect(checkFilterCheckpoints(other, request(0), options)).toBe("unasked");
    }
  });

  test("refuses another number of headers", () => {
    for (const stopHeight of [999, 1999, 3000]) {
      expect(checkFilterCheckpoints(checkpointAnswer, request(0), { stopHeight })).toBe(
        "wrong_count",
      );
    }
  });

  test("refuses other headers than are known", () => {
    for (const known of [
      [flipped(checkpoints[0] as Uint8Array)],
      [checkpoints[0] as Uint8Array, zeros],
    ]) {
      const options = { stopHeight: 2000, checkpoints: known };
      expect(checkFilterCheckpoints(checkpointAnswer, request(0), options)).toBe(
        "other_checkpoint",
      );
    }
  });
});
