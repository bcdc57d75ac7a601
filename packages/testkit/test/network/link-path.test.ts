import type { Segment } from "@satwire/net";
import { describe, expect, test } from "vitest";
import { createRng, type LinkProfile, type Rng, VirtualClock } from "../../src/index.ts";
import { LinkPath } from "../../src/network/link-path.ts";

/** A path and when what it carried arrived, in milliseconds from the start, as `10 data 5`. */
class Link {
  readonly clock: VirtualClock = new VirtualClock();
  readonly log: string[] = [];
  readonly path: LinkPath;
  readonly #start: number;

  constructor(profile: LinkProfile, rng: Rng = createRng("link")) {
    this.path = new LinkPath(profile, this.clock, rng);
    this.#start = this.clock.now();
  }

  get pendingMs(): number[] {
    return this.clock.pending.map(({ dueInMs }) => dueInMs);
  }

  carry(...segments: (number | "end" | "reset")[]): void {
    for (const each of segments) {
      const segment: Segment =
        typeof each === "number" ? { kind: "data", bytes: new Uint8Array(each) } : { kind: each };
      this.path.carry(segment, (arrived) => this.#arrive(arrived));
    }
  }

  #arrive(segment: Segment): void {
    const length = segment.kind === "data" ? ` ${segment.bytes.length}` : "";
    this.log.push(`${Math.round(this.clock.now() - this.#start)} ${segment.kind}${length}`);
  }
}

describe("LinkPath", () => {
  test("without a profile hands everything on at once and in one piece", () => {
    const link = new Link({});
    link.carry(100_000, 1, "end");
    expect(link.log).toEqual(["0 data 100000", "0 data 1", "0 end"]);
    expect(link.pendingMs).toEqual([]);
  });

  test("takes its latency, for bytes and for the end", async () => {
    const link = new Link({ latencyMs: 40 });
    link.carry(5, "end");
    await link.clock.advance(39);
    expect(link.log).toEqual([]);
    await link.clock.advance(1);
    expect(link.log).toEqual(["40 data 5", "40 end"]);
  });

  test("carries what comes later in time of its own", async () => {
    const link = new Link({ latencyMs: 40 });
    link.carry(1);
    await link.clock.advance(10);
    link.carry(2, "reset");
    await link.clock.advance(100);
    expect(link.log).toEqual(["40 data 1", "50 data 2", "50 reset"]);
  });

  test("keeps the order when a later segment is faster", async () => {
    const link = new Link({ latencyMs: [0, 100] });
    const lengths = Array.from({ length: 50 }, (_, i) => i + 1);
    for (const length of lengths) {
      link.carry(length);
      await link.clock.advance(1);
    }
    await link.clock.advance(100);
    expect(link.log.map((each) => Number(each.split(" ")[2]))).toEqual(lengths);
    const times = new Set(link.log.map((each) => each.split(" ")[0]));
    expect(times.size).toBeGreaterThan(3); // and not all at the end
  });

  test("keeps the order when a later segment takes no time at all", async () => {
    const draws = [0.5, 0, 0.25];
    const rng: Rng = { ...createRng(1), float: () => draws.shift() ?? 0 };
    const link = new Link({ latencyMs: [0, 100] }, rng);
    link.carry(1, 2, "end");
    expect(link.log).toEqual([]);
    await link.clock.advance(1000);
    expect(link.log).toEqual(["50 data 1", "50 data 2", "50 end"]);
  });

  test("sends no faster than its speed, and end and reset take none of it", async () => {
    const link = new Link({ bytesPerSecond: 1000, segmentBytes: 100 });
    link.carry(250, "end");
    await link.clock.advance(1000);
    expect(link.log).toEqual(["100 data 100", "200 data 100", "250 data 50", "250 end"]);
    link.carry(100);
    await link.clock.advance(1000);
    expect(link.log.at(-1)).toBe("1100 data 100"); // idle time is not saved up
  });

  test("adds latency to the time of sending", async () => {
    const link = new Link({ bytesPerSecond: 1000, segmentBytes: 100, latencyMs: 30 });
    link.carry(200);
    await link.clock.advance(1000);
    expect(link.log).toEqual(["130 data 100", "230 data 100"]);
  });

  test.for<LinkProfile>([{ latencyMs: 1 }, { jitterMs: 1 }, { bytesPerSecond: 1e9 }])(
    "cuts at 1460 bytes when time passes: %j",
    async (profile) => {
      const link = new Link(profile);
      link.carry(3000);
      await link.clock.advance(10);
      expect(link.log.map((each) => each.split(" ")[2])).toEqual(["1460", "1460", "80"]);
    },
  );

  test("lets a reset follow what is on the link; what was not sent is lost", async () => {
    const link = new Link({ bytesPerSecond: 1000, segmentBytes: 100, latencyMs: 500 });
    link.carry(300);
    await link.clock.advance(200);
    link.carry("reset");
    await link.clock.advance(2000);
    expect(link.log).toEqual(["600 data 100", "700 data 100", "700 reset"]);
    expect(link.pendingMs).toEqual([]);
  });

  test("does not let a reset wait for what it drops", async () => {
    const link = new Link({ bytesPerSecond: 100, segmentBytes: 1000, latencyMs: 10 });
    link.carry(1000);
    await link.clock.advance(1000);
    link.carry("reset");
    await link.clock.advance(20_000);
    expect(link.log).toEqual(["1010 reset"]);
  });

  test("loses nothing when an arrival throws, and keeps the order of what is sent meanwhile", async () => {
    const link = new Link({ bytesPerSecond: 1e6 });
    link.path.carry({ kind: "data", bytes: new Uint8Array(1) }, () => {
      link.carry("end");
      throw new Error("from an arrival");
    });
    link.path.carry({ kind: "end" }, () => link.carry("end"));
    link.carry("end");
    await expect(link.clock.advance(1)).rejects.toThrow("from an arrival");
    await link.clock.advance(1);
    expect(link.log.length).toBe(3);
    expect(link.pendingMs).toEqual([]);
  });

  test("hands over pieces of what it was given, in order and complete", async () => {
    const clock = new VirtualClock();
    const path = new LinkPath({ segmentBytes: 3, latencyMs: [0, 9] }, clock, createRng(2));
    const arrived: number[] = [];
    path.carry({ kind: "data", bytes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7) }, (segment) => {
      if (segment.kind === "data") arrived.push(...segment.bytes);
    });
    await clock.advance(50);
    expect(arrived).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test("sets one timer at a time, and none when nothing is on the link", async () => {
    const link = new Link({ latencyMs: 10 });
    link.carry(1, 2, 3);
    expect(link.pendingMs).toEqual([10]);
    await link.clock.advance(10);
    expect(link.pendingMs).toEqual([]);
  });

  test("refuses a profile that makes no sense", () => {
    expect(() => new Link({ latencyMs: -1 })).toThrow(RangeError);
  });
});
