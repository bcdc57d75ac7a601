// What a mock remembers of what was asked of it, and what a test expects of that. All of it bounded.
import type { Clock } from "@satwire/actor";
import { AssertionError } from "../assertion-error.ts";
import { Conditions, type WaitOptions } from "../conditions.ts";

/** How many calls, sent messages and messages to be taken are kept each; the oldest make room. */
const capacity = 10_000;

/** What of a mock can be called. */
export type MockCallName =
  | "connect"
  | "sendMessage"
  | "receiveMessages"
  | "ping"
  | "connectionEvents"
  | "close";

/** One call of a method of a mock, from the moment when it was made; nothing tells whether it succeeded. */
export interface MockCall<S> {
  readonly name: MockCallName;
  /** Milliseconds since 1970, from the clock of the mock. */
  readonly atMs: number;
  /** What `sendMessage` was given. */
  readonly message?: S;
}

/** How often something is expected. */
export interface ExpectationOptions {
  /**
   * At least so many times, a whole number above 0.
   * @default 1
   */
  readonly times?: number | undefined;
}

interface Expectation<S> {
  readonly what: string;
  readonly times: number;
  readonly isMetBy: (seen: MockCall<S> | { readonly sent: S }) => boolean;
  met: number;
}

/** A message by its type, or by what a function says about it. */
export type MessageMatch<M extends { readonly type: string }> =
  | M["type"]
  | ((message: M) => boolean);

/** Whether a message is one of those. */
export function matches<M extends { readonly type: string }>(
  match: MessageMatch<M> | undefined,
  message: M,
): boolean {
  if (match === undefined) return true;
  return typeof match === "function" ? match(message) : match === message.type;
}

/** What is matched, in words. */
export function describeMatch(match: unknown): string {
  if (typeof match === "string") return match;
  if (match === undefined) return "any message";
  const { name } = match as { readonly name: string };
  return `a message that ${name === "" ? "matches" : `is ${name}`}`;
}

/** The record of one mock; `S` is what it can send. */
export class MockRecord<S extends { readonly type: string }> {
  readonly #clock: Clock;
  readonly #conditions: Conditions;
  readonly #calls: MockCall<S>[] = [];
  readonly #sent: S[] = [];
  readonly #untaken: S[] = [];
  readonly #expectations: Expectation<S>[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#conditions = new Conditions(clock);
  }

  get calls(): readonly MockCall<S>[] {
    return this.#calls;
  }

  get sent(): readonly S[] {
    return this.#sent;
  }

  /** Remembers a call. */
  called(name: MockCallName, message?: S): void {
    const atMs = this.#clock.now();
    const call = message === undefined ? { name, atMs } : { name, atMs, message };
    keep(this.#calls, call);
    this.#see(call);
  }

  /** Remembers a message that has reached the peer. */
  sentOut(message: S): void {
    keep(this.#sent, message);
    keep(this.#untaken, message);
    this.#see({ sent: message });
    this.#conditions.recheck();
  }

  /** Takes the oldest such message that was not taken before, once there is one. */
  take(match: MessageMatch<S> | undefined, options: WaitOptions): Promise<S> {
    const look = (): S | undefined => {
      const index = this.#untaken.findIndex((message) => matches(match, message));
      return index < 0 ? undefined : this.#untaken.splice(index, 1)[0];
    };
    return this.#conditions.find(look, `${describeMatch(match)} to be sent`, options);
  }

  /** Expects calls from now on. @throws RangeError for `times` that is no whole number above 0 */
  expectCall(name: MockCallName, options: ExpectationOptions = {}): void {
    this.#expect(`a call of ${name}`, (seen) => "name" in seen && seen.name === name, options);
  }

  /** Expects messages that reach the peer from now on. @throws RangeError as {@link expectCall} */
  expectSent(match: MessageMatch<S> | undefined, options: ExpectationOptions = {}): void {
    const what = `${describeMatch(match)} to be sent`;
    this.#expect(what, (seen) => "sent" in seen && matches(match, seen.sent), options);
  }

  /** Forgets no expectation: each is to be met once and for all. @throws AssertionError that lists what is missing */
  assertExpectations(): void {
    const missing = this.#expectations.filter(({ met, times }) => met < times);
    if (missing.length === 0) return;
    const told = missing.map(({ what, met, times }) => `${what} (${met} of ${times})`);
    throw new AssertionError(`the mock still expects ${told.join(", ")}`, {
      actual: missing.map(({ what, met }) => ({ what, times: met })),
      expected: missing.map(({ what, times }) => ({ what, times })),
      operator: "assertExpectations",
    });
  }

  /** Nothing will be sent any more. */
  end(): void {
    this.#conditions.end(new Error("the connection ended"));
  }

  #expect(
    what: string,
    isMetBy: Expectation<S>["isMetBy"],
    { times = 1 }: ExpectationOptions,
  ): void {
    if (!Number.isSafeInteger(times) || times < 1) {
      throw new RangeError(`${what} cannot be expected ${times} times`);
    }
    this.#expectations.push({ what, times, isMetBy, met: 0 });
  }

  /** One thing meets one expectation: the first that it fits and that is not met yet. */
  #see(seen: MockCall<S> | { readonly sent: S }): void {
    const met = this.#expectations.find(
      (expectation) => expectation.met < expectation.times && expectation.isMetBy(seen),
    );
    if (met !== undefined) met.met++;
  }
}

function keep<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > capacity) list.shift();
}
