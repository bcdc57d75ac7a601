// What is left open at the end of a test: timers, sockets, streams, listeners, actors.
import type { ActorSystem } from "@satwire/actor";
import type { ByteStream, Dialer, Listen } from "@satwire/net";
import { AssertionError } from "../assertion-error.ts";
import type { WaitOptions } from "../conditions.ts";
import { settle } from "../determinism/settle.ts";
import type { PendingTimer } from "../determinism/virtual-clock.ts";
import { abortListenerCount } from "./abort-listeners.ts";
import { TrackedStreams } from "./tracked-streams.ts";

/** What a {@link LeakCheck} watches from the beginning. */
export interface LeakCheckOptions {
  /** A `VirtualClock`: its timers must have fired or been cancelled, but for background ones. */
  readonly clock?: { now(): number; readonly pending: readonly PendingTimer[] } | undefined;
  /** Nobody more may listen for their abort. */
  readonly signals?: readonly AbortSignal[] | undefined;
  /** No more actors may live in them. */
  readonly systems?: readonly ActorSystem[] | undefined;
  /**
   * Whether what keeps a Node process alive is compared, too: sockets, servers, timers, ports. Counted by
   * name: tests that run at the same time in one process, and a runner's own timers, count as well.
   * @default true; without effect elsewhere
   */
  readonly processResources?: boolean | undefined;
  /**
   * Names as `process.getActiveResourcesInfo()` has them, which do not count.
   * @default ["TTYWrap", "PipeWrap"], for a console may be opened late; `PipeWrap` hides Unix sockets
   */
  readonly ignoredResources?: readonly string[] | undefined;
}

/** On a busy machine the time may be up before the event loop has turned: how often it is settled in any case. */
const leastRounds = 10;

/** Lists what has leaked since it was made. */
type Watch = () => readonly string[];

// Taken at import: real resources take real time to close, whatever a runner's fake timers say.
const nativeNow: () => number = /* @__PURE__ */ globalThis.performance.now.bind(
  globalThis.performance,
);

/**
 * Compares what is open with what was open when it was made.
 *
 * @example
 * ```ts
 * const check = leakCheck({ clock });
 * const peer = new SimplePeer({ target, dialer: check.trackDialer(network.dialer), clock });
 * await peer.connect();
 * await peer.close();
 * await check.assertClean();
 * ```
 */
export class LeakCheck {
  readonly #watches: Watch[] = [];
  readonly #streams = new TrackedStreams();

  constructor({
    clock,
    signals = [],
    systems = [],
    processResources = true,
    ignoredResources = ["TTYWrap", "PipeWrap"],
  }: LeakCheckOptions = {}) {
    if (clock !== undefined) this.#watches.push(timerWatch(clock));
    for (const [i, signal] of signals.entries()) {
      this.watch(`listener for the abort of signals[${i}]`, abortListenerCount(signal));
    }
    for (const system of systems) this.#watches.push(actorWatch(system));
    if (processResources) this.#watches.push(resourceWatch(ignoredResources));
    this.#watches.push(() => this.#streams.open);
  }

  /** What is open now and was not when the check was made, in words. */
  get leaks(): readonly string[] {
    return [...this.#streams.faults, ...this.#watches.flatMap((watch) => watch())];
  }

  /**
   * Watches one thing more: it leaks when `count` returns more than it does now.
   *
   * @param what what is counted, in the singular
   */
  watch(what: string, count: () => number): void {
    const before = count();
    this.#watches.push(() => {
      const more = count() - before;
      return more > 0 ? [`${what}${more === 1 ? "" : ` (${more} times)`}`] : [];
    });
  }

  /**
   * A stream that does what this one does, and is open until its `onClose`: one that was not started until it is
   * destroyed. Callbacks after `onClose`, a second one included, count as leaks.
   */
  track(stream: ByteStream, name: string = "a stream"): ByteStream {
    return this.#streams.track(stream, name);
  }

  /** A dialer whose dials and streams are watched. */
  trackDialer(dialer: Dialer): Dialer {
    return this.#streams.trackDialer(dialer);
  }

  /** A `listen` whose listeners, and the streams that they accept, are watched. */
  trackListen(listen: Listen): Listen {
    return this.#streams.trackListen(listen);
  }

  /**
   * Resolves when nothing has leaked. What is about to close has until the time is up, which is real time: the event
   * loop turns meanwhile, and no virtual clock is moved.
   *
   * @param options `timeoutMs` is 500 by default
   * @throws AssertionError with all leaks in its text; RangeError for a `timeoutMs` that is negative or no number; the
   * signal's reason
   */
  async assertClean({ timeoutMs = 500, signal }: WaitOptions = {}): Promise<void> {
    if (!(timeoutMs >= 0)) throw new RangeError(`timeoutMs of ${timeoutMs} is not 0 or more`);
    const start = nativeNow();
    for (let rounds = 1; ; rounds++) {
      signal?.throwIfAborted();
      await settle();
      const { leaks } = this;
      if (leaks.length === 0) return;
      const isHopeless = this.#streams.faults.length > 0;
      const isEarly = rounds < leastRounds || nativeNow() - start < timeoutMs;
      if (isEarly && !isHopeless) continue;
      const count = leaks.length === 1 ? "1 leak" : `${leaks.length} leaks`;
      throw new AssertionError(`${count}:\n- ${leaks.join("\n- ")}`, {
        actual: leaks,
        expected: [],
        operator: "leakCheck",
      });
    }
  }
}

/** Begins to watch; see {@link LeakCheck}. */
export function leakCheck(options?: LeakCheckOptions): LeakCheck {
  return new LeakCheck(options);
}

function timerWatch(clock: NonNullable<LeakCheckOptions["clock"]>): Watch {
  // By deadline, which stays the same; rounded, as sums of fractions are.
  const deadlines = (): [key: number, dueInMs: number][] =>
    clock.pending
      .filter(({ isBackground }) => !isBackground)
      .map(({ dueInMs }) => [Math.round((clock.now() + dueInMs) * 100), dueInMs]);
  const before = deadlines().map(([key]) => key);
  return () => {
    const old = counts(before);
    return deadlines()
      .filter(([key]) => !takeOne(old, key))
      .map(([, dueInMs]) => `a timer of the clock, due in ${dueInMs} ms`);
  };
}

function actorWatch(system: ActorSystem): Watch {
  const before = new Set(system.actors.map(({ actorId }) => actorId));
  return () =>
    system.actors
      .filter(({ actorId }) => !before.has(actorId))
      .map(({ actorId, state }) => `actor ${JSON.stringify(actorId)}, ${state}`);
}

function resourceWatch(ignored: readonly string[]): Watch {
  const { process } = globalThis as { process?: { getActiveResourcesInfo?: () => string[] } };
  const names = (): string[] =>
    (process?.getActiveResourcesInfo?.() ?? []).filter((name) => !ignored.includes(name));
  const before = names();
  return () => {
    const old = counts(before);
    return names()
      .filter((name) => !takeOne(old, name))
      .map((name) => `a resource of the process: ${name}`);
  };
}

function counts<T>(items: readonly T[]): Map<T, number> {
  const result = new Map<T, number>();
  for (const item of items) result.set(item, (result.get(item) ?? 0) + 1);
  return result;
}

/** Takes one away; false if there is none. */
function takeOne<T>(left: Map<T, number>, item: T): boolean {
  const count = left.get(item) ?? 0;
  left.set(item, count - 1);
  return count > 0;
}
