import { sleep } from "@satwire/actor";
import { AssertionError, simulate, type SimulateOptions, type Simulation } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { at, rejection, StreamLog } from "../support/sim-streams.ts";

interface Ran {
  readonly lines: string[];
  readonly error: AssertionError | undefined;
}

async function ran(
  run: (simulation: Simulation) => Promise<void> | void,
  options: SimulateOptions = {},
): Promise<Ran> {
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  const [result] = await Promise.allSettled([simulate("story", run, { print, ...options })]);
  return { lines, error: result.status === "rejected" ? result.reason : undefined };
}

/** Alice says something to bob after a random time. */
async function hello({ network, clock, rng }: Simulation): Promise<string> {
  const [alice, bob] = [network.host("alice"), network.host("bob")];
  const heard = new Promise<string>((resolve) => {
    void bob.listen(at("bob"), (stream) => {
      const log = new StreamLog(stream);
      void sleep(clock, 1000).then(() => resolve(log.events.join()));
    });
  });
  await sleep(clock, rng.int(1, 1000));
  const stream = await alice.dialer(at("bob"));
  stream.write(rng.bytes(5));
  return heard;
}

describe("simulate", () => {
  test("runs the clock while the function waits, and reports what it took", async () => {
    const lines: string[] = [];
    const report = await simulate(
      "story",
      async (simulation) => {
        expect(await hello(simulation)).toBe("data 5");
        simulation.note("heard");
      },
      { seed: 5, print: (line) => lines.push(line), network: { defaults: { latencyMs: [1, 50] } } },
    );
    const [run] = report.runs;
    expect(run).toMatchObject({ seed: 5, events: 10 });
    expect(run?.virtualMs).toBeGreaterThan(1000);
    expect(run?.virtualMs).toBeLessThan(2200);
    expect(lines).toEqual([`simulation "story": seed 5 passed, trace ${report.traceHash}`]);
  });

  test("has the same hash each time, in every engine", async () => {
    const options = {
      seed: 5,
      runs: 3,
      print: () => {},
      network: { defaults: { latencyMs: { min: 1, mean: 50 } } },
    };
    const one = await simulate(
      "story",
      async (simulation) => void (await hello(simulation)),
      options,
    );
    const two = await simulate(
      "story",
      async (simulation) => void (await hello(simulation)),
      options,
    );
    expect(one).toEqual(two);
    expect(new Set(one.runs.map(({ traceHash }) => traceHash)).size).toBe(3);
    expect(one.traceHash).toBe("33bd31ff6259dcff");
  });

  test("runs each seed once and the first one twice", async () => {
    const seeds: number[] = [];
    const { lines } = await ran(({ seed }) => void seeds.push(seed), { seed: 7, runs: 3 });
    expect(seeds).toEqual([7, 7, 8, 9]);
    expect(lines[0]).toMatch(/^simulation "story": seeds 7 to 9 passed, trace [0-9a-f]{16}$/);
  });

  test("gives each run a network, a clock and randomness of its own", async () => {
    const seen: unknown[] = [];
    await ran(
      ({ network, clock, rng, crypto }) => {
        expect(network.clock).toBe(clock);
        seen.push([network.hosts.length, clock.now(), rng.u32(), crypto.randomPrivateKey().join()]);
        network.host("left over");
      },
      { runs: 2 },
    );
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[2]).not.toEqual(seen[1]);
    expect((seen[2] as unknown[])[0]).toBe(0);
  });

  test("lets the function move the clock itself", async () => {
    const { error } = await ran(async ({ clock }) => {
      const before = clock.now();
      await clock.advance(90_000);
      expect(clock.now()).toBeGreaterThanOrEqual(before + 90_000);
      await clock.runUntilIdle();
    });
    expect(error).toBeUndefined();
  });

  test("takes the network down afterwards", async () => {
    let pending = -1;
    let later: Simulation | undefined;
    await ran(async (simulation) => {
      later = simulation;
      await hello(simulation);
    });
    await later?.clock.advance(2000);
    pending = later?.clock.pending.length ?? -1;
    expect([pending, later?.network.connections]).toEqual([0, []]);
  });
});

describe("a simulation that fails", () => {
  test("names seed, trace and how to repeat it, in a line of its own and in the error", async () => {
    const cause = new AssertionError("three is not four", {
      actual: 3,
      expected: 4,
      operator: "==",
    });
    const { lines, error } = await ran(
      ({ seed, note }) => {
        note(`seed ${seed}`);
        if (seed === 8 || seed === 9) throw cause;
      },
      { seed: 7, runs: 4 },
    );
    const text =
      /^simulation "story" failed with seed 8 \(trace [0-9a-f]{16}\): three is not four\nRepeat it with TESTKIT_SEED=8$/;
    expect(error).toBeInstanceOf(AssertionError);
    expect(error?.message).toMatch(text);
    expect(error).toMatchObject({ actual: 3, expected: 4, operator: "==", cause });
    expect(lines.length).toBe(3);
    expect(lines[0]).toBe(error?.message.replace("\n", " "));
    expect(lines[1]).toContain("seed 9");
    expect(lines[2]).toMatch(/^simulation "story": seeds 7 to 10: 2 failed, trace [0-9a-f]{16}$/);
  });

  test.each([
    ["a rejection", () => Promise.reject(new Error("no")), "no"],
    ["what is no error", () => Promise.reject("no"), "no"],
  ])("for %s says so", async (_, run, text) => {
    const { error } = await ran(run);
    expect(error?.message).toContain(`: ${text}\n`);
  });

  test("because it waits for nothing says so at once", async () => {
    const { error } = await ran(() => new Promise<void>(() => {}));
    expect(error?.message).toContain("not done, and nothing more will happen; no timer is pending");
  });

  test("because it takes too long lists what is pending", async () => {
    const { error } = await ran(
      async ({ clock }) => {
        const again = (): void => void clock.setTimer(again, 400);
        again();
        clock.setTimer(() => {}, 5000);
        await new Promise(() => {});
      },
      { maxMs: 1000 },
    );
    expect(error?.message).toContain(
      "not done after 1000 ms; pending timers: in 400 ms, in 4200 ms",
    );
  });

  test.each<[string, (count: number, simulation: Simulation) => void, string]>([
    [
      "in bytes",
      (count, { network }) => {
        network.note(`run ${count}`);
        network.note(`still run ${count}`);
      },
      'first in "#0 at 0 ms: note run 1", which was "#0 at 0 ms: note run 2" the second time',
    ],
    [
      "in length",
      (count, { note }) => Array.from({ length: 2 + count }, () => note("same")),
      'first in "the end after 3 events", which was "the end after 4 events" the second time',
    ],
  ])("to repeat itself %s names the first difference", async (_, run, text) => {
    let count = 0;
    const { lines, error } = await ran((simulation) => run(++count, simulation), { seed: 3 });
    expect(error?.message).toContain(`failed with seed 3`);
    expect(error?.message).toContain(`two runs of the seed differ, ${text}`);
    expect(error?.operator).toBe("deepStrictEqual");
    expect(lines.length).toBe(2);
  });

  test("only the second time fails, too, though its trace is the same", async () => {
    let count = 0;
    const { lines, error } = await ran(() => {
      if (++count === 2) throw new Error("something was left over");
    });
    expect(error?.message).toContain("failed with seed 1");
    expect(error?.message).toContain("something was left over");
    expect(lines.length).toBe(2);
  });

  test.each([
    [{ runs: 0 }, "0 runs"],
    [{ seed: -1 }, "seed -1"],
    [{ seed: 0.5 }, "seed 0.5"],
    [{ maxMs: 0 }, "maxMs of 0"],
  ])("to be one: %o", async (options, text) => {
    const error = await rejection(simulate("story", () => {}, options));
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toContain(text);
  });
});

describe("the environment", () => {
  interface WithEnvironment {
    process?: { env?: Record<string, string | undefined> } | undefined;
  }

  async function seedsWith(
    env: Record<string, string>,
    options: SimulateOptions,
  ): Promise<number[]> {
    const host = globalThis as WithEnvironment;
    const before = host.process;
    const seeds: number[] = [];
    Object.defineProperty(globalThis, "process", {
      value: Object.create(before ?? null, { env: { value: { ...before?.env, ...env } } }),
      configurable: true,
      writable: true,
    });
    try {
      await simulate("story", ({ seed }) => void seeds.push(seed), { print: () => {}, ...options });
    } finally {
      if (before === undefined) delete host.process;
      else
        Object.defineProperty(globalThis, "process", {
          value: before,
          configurable: true,
          writable: true,
        });
    }
    return seeds.slice(1);
  }

  test.each<[Record<string, string>, SimulateOptions, number[]]>([
    [{}, {}, [1]],
    [{}, { seed: 5, runs: 2 }, [5, 6]],
    [{ TESTKIT_RUNS: "3" }, { seed: 5 }, [5, 6, 7]],
    [{ TESTKIT_SEED: "9" }, { seed: 5, runs: 100 }, [9]],
    [{ TESTKIT_SEED: "9", TESTKIT_RUNS: "2" }, { seed: 5, runs: 100 }, [9, 10]],
    [{ TESTKIT_SEED: "", TESTKIT_RUNS: "" }, { seed: 5 }, [5]],
  ])("%o with %o runs the seeds %o", async (env, options, expected) => {
    expect(await seedsWith(env, options)).toEqual(expected);
  });

  test.each(["x", "-1", "1.5", "0x10"])("that says %s is refused", async (text) => {
    const error = await rejection(seedsWith({ TESTKIT_SEED: text }, {}));
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toBe(`TESTKIT_SEED is "${text}", not an integer`);
  });
});
