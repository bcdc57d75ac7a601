// Simulations: the same scenario from many seeds, each one repeatable, with time that costs nothing.
import type { NoiseCrypto } from "@satwire/noise";
import { AssertionError } from "../assertion-error.ts";
import { createRng, type Rng } from "../determinism/rng.ts";
import { simulationCrypto } from "../determinism/simulation-crypto.ts";
import { VirtualClock } from "../determinism/virtual-clock.ts";
import { SimNetwork } from "./sim-network.ts";
import type { SimNetworkOptions } from "./sim-network-options.ts";
import { TraceComparison } from "./trace-comparison.ts";
import { TraceHash } from "./trace-hash.ts";
import type { TraceEvent } from "./trace.ts";

/** What a simulation is given for one seed. All randomness in it has to come from here. */
export interface Simulation {
  readonly seed: number;
  readonly rng: Rng;
  /** Runs by itself while the simulation waits for something. */
  readonly clock: VirtualClock;
  /** Empty at the start, on that clock. */
  readonly network: SimNetwork;
  /** Fast, repeatable and worthless: see {@link simulationCrypto}. */
  readonly crypto: NoiseCrypto;
  /** Writes a text into the trace, and so into its hash: what the outcome was, for example. */
  readonly note: (text: string) => void;
}

/** Options of {@link simulate}. */
export interface SimulateOptions {
  /**
   * How many seeds; the environment's TESTKIT_RUNS has precedence.
   * @default 1
   */
  readonly runs?: number | undefined;
  /**
   * The first seed, an integer from 0; the environment's TESTKIT_SEED has precedence, and then there is one run unless
   * TESTKIT_RUNS says otherwise.
   * @default 1
   */
  readonly seed?: number | undefined;
  /**
   * Milliseconds of virtual time that one run may take.
   * @default 3_600_000, an hour
   */
  readonly maxMs?: number | undefined;
  /** What the network is made with, besides its seed and its clock. */
  readonly network?: Omit<SimNetworkOptions, "seed" | "clock"> | undefined;
  /**
   * Gets one line for each seed that fails, and one at the end.
   * @default console.log, where there is one
   */
  readonly print?: ((line: string) => void) | undefined;
}

/** How one seed went. */
export interface SimulationRun {
  readonly seed: number;
  readonly traceHash: string;
  /** Events of the trace. */
  readonly events: number;
  /** Virtual time that passed, in milliseconds. */
  readonly virtualMs: number;
}

/** How all seeds went. */
export interface SimulationReport {
  readonly runs: readonly SimulationRun[];
  /** Over the trace hashes of all seeds. */
  readonly traceHash: string;
}

interface Outcome extends SimulationRun {
  readonly failure: { readonly error: unknown } | undefined;
}

/** After each timer; half of the clock's default, as actors in a simulation have little to do. */
const settleTurns = 8;

/**
 * Runs a function once per seed, each time in a new network with a clock of its own. While the function waits, the clock
 * goes from timer to timer; it may also be moved with `advance`. Real sockets, files and threads have no place in it:
 * virtual time does not wait for them.
 *
 * The first seed runs twice, which shows whether the simulation depends on anything but its seed.
 *
 * @throws AssertionError when a run fails, with its seed and how to repeat it, and the failure as `cause`; when a run
 * waits for what cannot come, or for longer than `maxMs`; when the first seed gives two traces. RangeError for
 * options or an environment that make no sense
 * @example
 * ```ts
 * test("gossip survives a partition", () =>
 *   simulate("gossip", async ({ network, clock }) => {
 *     const [alice, bob] = [network.host("alice"), network.host("bob")];
 *     ...
 *   }, { runs: 100 }));
 * ```
 */
export async function simulate(
  name: string,
  run: (simulation: Simulation) => Promise<void> | void,
  options: SimulateOptions = {},
): Promise<SimulationReport> {
  const { print = consoleLog, maxMs = 3_600_000, network = {} } = options;
  const { first, count } = seeds(options);
  if (!(maxMs > 0 && maxMs < Infinity)) throw new RangeError(`maxMs of ${maxMs} is not above 0`);
  const outcomes: Outcome[] = [];
  const failures: AssertionError[] = [];
  const fail = (outcome: Outcome, cause: unknown): void => {
    const error = failureOf(name, outcome, cause);
    failures.push(error);
    print(error.message.replaceAll("\n", " "));
  };
  const comparison = new TraceComparison();
  for (let seed = first; seed < first + count; seed++) {
    const onEvent = seed === first ? (event: TraceEvent) => comparison.first(event) : undefined;
    const outcome = await runOnce(seed, run, maxMs, network, onEvent);
    outcomes.push(outcome);
    if (outcome.failure !== undefined) fail(outcome, outcome.failure.error);
    if (seed > first) continue;
    const again = await runOnce(seed, run, maxMs, network, (event) => comparison.second(event));
    if (again.traceHash !== outcome.traceHash) fail(outcome, comparison.difference());
    else if (outcome.failure === undefined && again.failure !== undefined) {
      fail(again, again.failure.error);
    }
  }
  const hash = new TraceHash();
  for (const { traceHash } of outcomes) hash.text(traceHash);
  const last = first + count - 1;
  const which = count === 1 ? `seed ${first}` : `seeds ${first} to ${last}`;
  const result = failures.length === 0 ? " passed" : `: ${failures.length} failed`;
  print(`simulation "${name}": ${which}${result}, trace ${hash.digest}`);
  const [failure] = failures;
  if (failure !== undefined) throw failure;
  return { runs: outcomes.map(withoutFailure), traceHash: hash.digest };
}

async function runOnce(
  seed: number,
  run: (simulation: Simulation) => Promise<void> | void,
  maxMs: number,
  options: Omit<SimNetworkOptions, "seed" | "clock">,
  onEvent: ((event: TraceEvent) => void) | undefined,
): Promise<Outcome> {
  const clock = new VirtualClock(undefined, { settleTurns });
  const startedAt = clock.now();
  const rng = createRng(seed);
  const onTraceEvent = (event: TraceEvent): void => {
    onEvent?.(event);
    options.onTraceEvent?.(event);
  };
  const network = new SimNetwork({ ...options, seed, clock, onTraceEvent });
  const crypto = simulationCrypto(rng.fork("crypto"));
  const note = (text: string): void => network.note(text);
  let failure: Outcome["failure"];
  try {
    const running = (async () =>
      run({ seed, rng: rng.fork("test"), clock, network, crypto, note }))();
    await clock.runUntil(running, { maxMs, maxTimers: Number.POSITIVE_INFINITY });
  } catch (error) {
    failure = { error };
  }
  const outcome = {
    seed,
    traceHash: network.traceHash(),
    events: network.traceCount,
    virtualMs: clock.now() - startedAt,
    failure,
  };
  await network.close();
  return outcome;
}

function failureOf(name: string, { seed, traceHash }: Outcome, cause: unknown): AssertionError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const text = `simulation "${name}" failed with seed ${seed} (trace ${traceHash}): ${why}`;
  const details = cause as Partial<AssertionError> | undefined;
  return new AssertionError(`${text}\nRepeat it with TESTKIT_SEED=${seed}`, {
    actual: details?.actual,
    expected: details?.expected,
    operator: details?.operator,
    cause,
  });
}

function withoutFailure({ seed, traceHash, events, virtualMs }: Outcome): SimulationRun {
  return { seed, traceHash, events, virtualMs };
}

function seeds({ runs, seed }: SimulateOptions): { first: number; count: number } {
  const seedAsked = fromEnvironment("TESTKIT_SEED");
  const runsAsked = fromEnvironment("TESTKIT_RUNS");
  const first = seedAsked ?? seed ?? 1;
  const count = runsAsked ?? (seedAsked === undefined ? runs : undefined) ?? 1;
  if (!Number.isSafeInteger(first) || first < 0)
    throw new RangeError(`seed ${first} is no integer from 0`);
  if (!Number.isSafeInteger(count) || count < 1)
    throw new RangeError(`${count} runs are not 1 or more`);
  return { first, count };
}

function fromEnvironment(name: string): number | undefined {
  // Browsers have no `process`, and bundlers give them one without `env`.
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  const text = process?.env?.[name];
  if (text === undefined || text === "") return undefined;
  if (/^[0-9]{1,15}$/.test(text)) return Number(text);
  throw new RangeError(`${name} is "${text}", not an integer`);
}

function consoleLog(line: string): void {
  const { console } = globalThis as { console?: { log(line: string): void } };
  console?.log(line);
}
