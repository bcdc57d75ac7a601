// What must hold for every connection, whatever happens to it: checked on a log of what was seen.
import { AssertionError } from "../assertion-error.ts";
import { describeObservation, type Observation } from "./observation.ts";

/** Where a log breaks an invariant, and how. */
export interface Violation {
  /** The index of the observation that must not be there; the length of the log if one is missing. */
  readonly position: number;
  /** What is wrong, in words. */
  readonly text: string;
}

/**
 * Looks for the first place where a log breaks a rule. The name of the function is the name of the invariant.
 *
 * @example
 * ```ts
 * const noWarnings: Invariant = (log) => {
 *   const position = log.findIndex((seen) => seen.kind === "message" && seen.type === "warning");
 *   return position < 0 ? undefined : { position, text: "the peer warned" };
 * };
 * ```
 */
export type Invariant = (log: readonly Observation[]) => Violation | undefined;

/** A violation, and of what. */
export interface NamedViolation extends Violation {
  readonly invariant: string;
}

/** A log breaks an invariant. The fields tell of the first violation; `violations` has all, one for each invariant. */
export class InvariantError extends AssertionError {
  readonly invariant: string;
  readonly position: number;
  readonly violations: readonly NamedViolation[];

  constructor(log: readonly Observation[], violations: readonly NamedViolation[]) {
    const [first] = violations;
    if (first === undefined) throw new RangeError("no violation, no error");
    const texts = violations.map(
      ({ invariant, position, text }) =>
        `invariant ${invariant} does not hold at ${position}: ${text}\n${excerpt(log, position)}`,
    );
    super(texts.join("\n"), { actual: log, operator: "invariants" });
    this.invariant = first.invariant;
    this.position = first.position;
    this.violations = violations;
  }
}

/** From which states a connection may go to which; it begins at `start`, which is not in the log. */
export interface StateRules {
  readonly start: string;
  readonly next: Readonly<Record<string, readonly string[]>>;
}

/** Those of a `P2PConnection`: it moves forward, may end at any point, and is never used again. */
const lightningStates: StateRules = {
  start: "new",
  next: {
    new: ["connecting", "handshaking", "disconnected"], // who was given a stream does not connect
    connecting: ["handshaking", "closing", "disconnected"],
    handshaking: ["initializing", "closing", "disconnected"],
    initializing: ["connected", "closing", "disconnected"],
    connected: ["closing", "disconnected"],
    closing: ["disconnected"],
    disconnected: [],
  },
};

/** States follow each other as those of a Lightning connection do; see {@link stateTransitions} for others. */
export const legalStateTransitions: Invariant = (log) => wrongTransition(log, lightningStates);

/** The same for states of any kind. A state that has no list may not be left. */
export function stateTransitions(rules: StateRules): Invariant {
  return function legalStateTransitions(log) {
    return wrongTransition(log, rules);
  };
}

/**
 * Nothing comes after the messages have ended, nothing is sent after the connection has, and nothing does either after
 * a `close`. What had come before may be read later than the connection tells of its end.
 */
export const noMessageAfterClose: Invariant = (log) => {
  const over = { in: "", out: "" };
  for (const [position, seen] of log.entries()) {
    if (seen.kind === "messages-end") over.in ||= "the messages had ended";
    if (seen.kind === "state" && seen.state === "disconnected") over.out ||= "it was disconnected";
    if (seen.kind === "close") {
      over.in ||= "it was closed";
      over.out ||= "it was closed";
    }
    if (seen.kind !== "message" || over[seen.direction] === "") continue;
    const what = seen.direction === "in" ? "came" : "was sent";
    return { position, text: `${seen.type} ${what} after ${over[seen.direction]}` };
  }
  return undefined;
};

/** BOLT 1: `init` is the first message to come, and nothing else is sent before it has. */
export const initFirst: Invariant = (log) => {
  for (const [position, seen] of log.entries()) {
    if (seen.kind !== "message") continue;
    if (seen.direction === "in") {
      return seen.type === "init" ? undefined : { position, text: `${seen.type} came before init` };
    }
    if (seen.type !== "init") {
      return { position, text: `${seen.type} was sent before init had come` };
    }
  }
  return undefined;
};

/** The events end, in order, once, after the state `disconnected`, and nothing is told afterwards. */
export const eventsEnd: Invariant = (log) => {
  let last = "no state";
  let end: number | undefined;
  for (const [position, seen] of log.entries()) {
    const { kind } = seen;
    if (kind !== "state" && kind !== "note" && kind !== "events-end") continue;
    if (end !== undefined) return { position, text: `${kind} after the events had ended` };
    if (kind === "state") last = seen.state;
    if (kind !== "events-end") continue;
    if (seen.error !== undefined) return { position, text: "the loop over the events threw" };
    if (last !== "disconnected") return { position, text: `the events ended after ${last}` };
    end = position;
  }
  return end === undefined
    ? { position: log.length, text: "the events have not ended" }
    : undefined;
};

/** It tells its end exactly once: by `disconnected`, by a `close`, or once by each. */
export const singleClose: Invariant = (log) => {
  const told = new Set<string>();
  for (const [position, seen] of log.entries()) {
    const isEnd = seen.kind === "close" || (seen.kind === "state" && seen.state === "disconnected");
    if (!isEnd) continue;
    if (told.has(seen.kind)) return { position, text: `a second ${describeObservation(seen)}` };
    told.add(seen.kind);
  }
  return told.size === 0 ? { position: log.length, text: "it never told its end" } : undefined;
};

/** Events and messages end for the same reason, where both do. */
export const sameReason: Invariant = (log) => {
  const position = log.findIndex(({ kind }) => kind === "messages-end");
  const messages = log[position];
  const end = log.find((seen) => seen.kind === "state" && seen.state === "disconnected");
  if (messages?.kind !== "messages-end" || end?.kind !== "state") return undefined;
  if (messages.error === end.error) return undefined;
  return { position, text: `the events ended with another reason: ${describeObservation(end)}` };
};

/** No buffer holds more than it may. */
export const boundedBuffers: Invariant = (log) => {
  const position = log.findIndex((seen) => seen.kind === "buffer" && !(seen.size <= seen.limit));
  const seen = log[position];
  if (seen?.kind !== "buffer") return undefined;
  return { position, text: `${seen.name} holds ${seen.size}, more than ${seen.limit}` };
};

/** Time does not go back. */
export const timeMovesForward: Invariant = (log) => {
  const position = log.findIndex(({ atMs }, i) => !(atMs >= (log[i - 1]?.atMs ?? -Infinity)));
  return position < 0 ? undefined : { position, text: "it was before what came before" };
};

/** All of this file, for the log of a connection that is over. */
export const connectionInvariants: readonly Invariant[] = [
  legalStateTransitions,
  noMessageAfterClose,
  initFirst,
  eventsEnd,
  singleClose,
  sameReason,
  boundedBuffers,
  timeMovesForward,
];

/**
 * Checks a log.
 *
 * @param invariants {@link connectionInvariants} by default, for a connection that is over
 * @throws InvariantError that lists the first violation of each; AssertionError for a log that is not whole
 */
export function checkInvariants(
  log: readonly Observation[],
  invariants: readonly Invariant[] = connectionInvariants,
): void {
  if (log.at(-1)?.kind === "full") {
    throw new AssertionError(`the log was full after ${log.length - 1} observations`);
  }
  const violations: NamedViolation[] = [];
  for (const [i, invariant] of invariants.entries()) {
    const violation = invariant(log);
    const name = invariant.name === "" ? `number ${i}` : invariant.name;
    if (violation !== undefined) violations.push({ ...violation, invariant: name });
  }
  if (violations.length > 0) throw new InvariantError(log, violations);
}

function wrongTransition(
  log: readonly Observation[],
  { start, next }: StateRules,
): Violation | undefined {
  let state = start;
  for (const [position, seen] of log.entries()) {
    if (seen.kind !== "state") continue;
    const allowed = Object.hasOwn(next, state) ? next[state] : undefined;
    if (allowed?.includes(seen.state) !== true) {
      return { position, text: `it went from ${state} to ${seen.state}` };
    }
    ({ state } = seen);
  }
  return undefined;
}

/** The observations around a position, with times since the first. */
function excerpt(log: readonly Observation[], position: number): string {
  const from = Math.max(position - 3, 0);
  const lines = log.slice(from, position + 2).map((seen, i) => {
    const mark = from + i === position ? ">" : " ";
    const sinceMs = seen.atMs - (log[0]?.atMs ?? 0);
    return `${mark} ${from + i}  +${sinceMs} ms  ${describeObservation(seen)}`;
  });
  if (position >= log.length) lines.push(`> ${log.length}  the end of the log`);
  return lines.join("\n");
}
