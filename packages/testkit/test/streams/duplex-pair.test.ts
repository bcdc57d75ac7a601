import { parseHostPort } from "@satwire/net";
import { describe, expect, test } from "vitest";
import {
  createRng,
  duplexPair,
  type DuplexPairOptions,
  fault,
  settle,
  VirtualClock,
} from "../../src/index.ts";
import { logChunks } from "../support/chunk-log.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What both ends are told when each writes 200 bytes in five writes and ends. */
async function exchange(options: DuplexPairOptions): Promise<string[][]> {
  const clock = new VirtualClock();
  const pair = duplexPair({ ...options, clock });
  const logs = pair.map((stream) => logChunks(stream, clock));
  for (let i = 0; i < 5; i++) {
    for (const stream of pair) stream.write(bytes(`${i}`.repeat(40)));
    await clock.advance(3);
  }
  for (const stream of pair) stream.end();
  await clock.advance(1000);
  return logs.map((log) => log.lines);
}

describe("duplexPair", () => {
  test("connects two ends without time passing", async () => {
    const [a, b] = duplexPair();
    const clock = new VirtualClock();
    const [atA, atB] = [logChunks(a, clock), logChunks(b, clock)];
    a.write(bytes("ping"));
    b.write(bytes("pong"));
    a.end();
    b.end();
    await settle();
    expect(atA.lines).toEqual(["0 data pong", "0 end", "0 close"]);
    expect(atB.lines).toEqual(["0 data ping", "0 end", "0 close"]);
    expect([a.bytesWritten, a.bytesRead, a.closes, a.isOpen]).toEqual([4, 4, 1, false]);
  });

  test("has the addresses and the sizes it is given", async () => {
    const addresses = [parseHostPort("alice:1"), parseHostPort("bob:2")] as const;
    const [a, b] = duplexPair({ addresses, capacityBytes: 4, chunkBytes: 3 });
    expect([a.localAddress, a.remoteAddress]).toEqual(addresses);
    expect([b.remoteAddress, b.localAddress]).toEqual(addresses);
    expect([a.write(bytes("123")), a.write(bytes("4"))]).toEqual([true, false]);
    const atB = logChunks(b, new VirtualClock());
    await settle();
    expect(atB.lines).toEqual(["0 data 123", "0 data 4"]);
  });

  test("takes the time of its link, each way", async () => {
    const clock = new VirtualClock();
    const [a, b] = duplexPair({ clock, profile: { latencyMs: 40, bytesPerSecond: 1000 } });
    const [atA, atB] = [logChunks(a, clock), logChunks(b, clock)];
    atB.on.data = () => b.write(bytes("x".repeat(20)));
    a.write(bytes("y".repeat(10)));
    await clock.advance(1000);
    expect(atB.lines).toEqual([`50 data ${"y".repeat(10)}`]);
    expect(atA.lines).toEqual([`110 data ${"x".repeat(20)}`]);
  });

  test("a reset takes the time of the link as well", async () => {
    const clock = new VirtualClock();
    const [a, b] = duplexPair({ clock, profile: { latencyMs: 40 } });
    const [atA, atB] = [logChunks(a, clock), logChunks(b, clock)];
    a.reset();
    await clock.advance(100);
    expect([atA.lines, atB.lines]).toEqual([["0 close reset"], ["40 close reset"]]);
  });

  test("has faults at either end", async () => {
    const faults = { first: [fault.finAfter(5)], second: [fault.corrupt(0, 1)] };
    const [atFirst, atSecond] = await exchange({ faults });
    expect(atSecond?.slice(0, 2)).toEqual(["0 data 00000", "0 end"]);
    expect(atFirst?.[0]).toBe(`0 data 1${"0".repeat(39)}`);
  });

  test("the same seed gives the same times and sizes, another one others", async () => {
    const options: DuplexPairOptions = {
      profile: { latencyMs: { min: 5, mean: 9 }, jitterMs: 2 },
      faults: { first: [fault.fragment("random", "both")] },
    };
    const first = await exchange({ ...options, seed: 7 });
    expect(await exchange({ ...options, seed: 7 })).toEqual(first);
    expect(await exchange({ ...options, rng: createRng(7) })).toEqual(first);
    expect(await exchange({ ...options, seed: 8 })).not.toEqual(first);
    // In every run, in Node and in browsers.
    expect(first[1]?.slice(0, 3)).toEqual([
      `15 data ${"0".repeat(30)}`,
      "15 data 0000",
      "15 data 0000",
    ]);
  });

  test("each direction draws its own latencies", async () => {
    const [atFirst, atSecond] = await exchange({ profile: { latencyMs: [1, 50] } });
    expect(atFirst).not.toEqual(atSecond);
  });

  test.for<DuplexPairOptions>([
    { capacityBytes: 0 },
    { chunkBytes: 0.5 },
    { profile: { latencyMs: -1 } },
    { faults: { first: [{ kind: "fragment", size: 0 }] } },
    { faults: { second: [fault.refuse()] } },
  ])("refuses %j", (options) => {
    expect(() => duplexPair(options)).toThrow(RangeError);
  });
});
