// Dialers and listeners whose connections have faults.
import { sleep, systemClock } from "@satwire/actor";
import {
  type ByteStream,
  callOwner,
  type Dialer,
  formatHostPort,
  type HostPort,
  type Listen,
  NetError,
} from "@satwire/net";
import { createRng } from "../determinism/rng.ts";
import { netFailure } from "../network/net-failure.ts";
import {
  checkFaultPlan,
  type DialFault,
  type Fault,
  type FaultPlan,
  isStreamFault,
  type TimedOutFault,
} from "./fault-plan.ts";
import { checkFaultyStream, type FaultyStreamOptions, withFaults } from "./faulty-stream.ts";
import type { SimStream } from "./sim-stream.ts";

/** Options of {@link faultyDialer} and {@link faultyListen}. */
export interface FaultyConnectionsOptions extends FaultyStreamOptions {
  /** Gets each stream before its owner does, so that a test has its hands on it. */
  readonly onStream?: ((stream: SimStream) => void) | undefined;
}

/** One plan for all dials, or the one of each: `attempt` counts a dialer's calls from 0. */
export type DialFaults = FaultPlan | ((target: HostPort, attempt: number) => FaultPlan);

/** One plan for all connections, or the one of each: `accepted` counts a listener's from 0. */
export type AcceptFaults = FaultPlan | ((stream: ByteStream, accepted: number) => FaultPlan);

/**
 * A dialer whose connections have faults. Delays come first, each of them; then the first fault that lets no
 * connection come about, and the real dialer is not asked. An abort holds at any time.
 *
 * @throws RangeError for a fault or a size that makes no sense; from a plan that a function returns, the dial rejects
 * with it
 * @example
 * ```ts
 * const dialer = faultyDialer(defaultDialer, (_, attempt) => (attempt === 0 ? [fault.refuse()] : []));
 * ```
 */
export function faultyDialer(
  dialer: Dialer,
  plan: DialFaults,
  options: FaultyConnectionsOptions = {},
): Dialer {
  if (typeof plan !== "function") checkConnection(plan, options);
  const { clock = systemClock, rng = createRng(1) } = options;
  let attempts = 0;
  return async (target, dialOptions = {}) => {
    const attempt = attempts++;
    const faults = typeof plan === "function" ? plan(target, attempt) : plan;
    checkConnection(faults, options);
    const { signal } = dialOptions;
    const address = formatHostPort(target);
    const doing = `connecting to ${address}`;
    const aborted = (cause: unknown): NetError =>
      new NetError("aborted", `${doing} was aborted`, { address, cause });
    const pass = async (ms: number): Promise<void> => {
      await sleep(clock, ms, { signal }).catch((reason: unknown) => {
        throw aborted(reason);
      });
    };
    for (const each of faults) if (each.kind === "connectDelay") await pass(each.ms);
    const failing = faults.find(isDialFailure);
    if (failing !== undefined) {
      if (signal?.aborted) throw aborted(signal.reason);
      if (failing.kind === "timedOut") await pass(failing.ms);
      throw netFailure(systemNames[failing.kind], doing, { address });
    }
    const stream = await dialer(target, dialOptions);
    return faulty(stream, faults, { ...options, rng: rng.fork(`dial ${attempt}`) });
  };
}

/**
 * A `listen` whose connections have faults. `connectDelay` hands a connection over later, `refuse` resets it at once:
 * by then it exists, so nothing can refuse it.
 *
 * @throws RangeError for a fault or a size that makes no sense, other faults of dialing included; from a plan that a
 * function returns, it counts as thrown by `onStream`
 * @example
 * ```ts
 * const listener = await faultyListen(listenTcp, [fault.stallAfter(100)])(address, serve);
 * ```
 */
export function faultyListen(
  listen: Listen,
  plan: AcceptFaults,
  options: FaultyConnectionsOptions = {},
): Listen {
  if (typeof plan !== "function") checkAccepting(plan, options);
  const { clock = systemClock, rng = createRng(1) } = options;
  return (target, onStream, listenOptions) => {
    let accepted = 0;
    return listen(
      target,
      (stream) => {
        const index = accepted++;
        const faults = typeof plan === "function" ? plan(stream, index) : plan;
        checkAccepting(faults, options);
        if (faults.some(({ kind }) => kind === "refuse")) {
          stream.destroy();
          return;
        }
        const handOver = (): void => {
          const made = faulty(stream, faults, { ...options, rng: rng.fork(`accept ${index}`) });
          callOwner(made, () => onStream(made));
        };
        const delays = faults.filter((each) => each.kind === "connectDelay");
        if (delays.length === 0) handOver();
        else
          clock.setTimer(
            handOver,
            delays.reduce((sum, { ms }) => sum + ms, 0),
          );
      },
      listenOptions,
    );
  };
}

const systemNames = {
  refuse: "ECONNREFUSED",
  unreachable: "EHOSTUNREACH",
  notFound: "ENOTFOUND",
  timedOut: "ETIMEDOUT",
} as const;

function isDialFailure(tested: Fault): tested is DialFault | TimedOutFault {
  return Object.hasOwn(systemNames, tested.kind);
}

function faulty(
  stream: ByteStream,
  faults: FaultPlan,
  options: FaultyConnectionsOptions,
): SimStream {
  const made = withFaults(stream, faults.filter(isStreamFault), options);
  options.onStream?.(made);
  return made;
}

function checkConnection(plan: FaultPlan, options: FaultyStreamOptions): void {
  checkFaultPlan(plan);
  checkFaultyStream(plan.filter(isStreamFault), options);
}

function checkAccepting(plan: FaultPlan, options: FaultyStreamOptions): void {
  checkConnection(plan, options);
  const dialing = plan.find((each) => isDialFailure(each) && each.kind !== "refuse");
  if (dialing !== undefined) {
    throw new RangeError(`${dialing.kind} is a fault of dialing, not of accepting`);
  }
}
