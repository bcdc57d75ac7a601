// What follows when a behaviour throws.
import type { Clock } from "./clock.ts";
import { ActorError } from "./errors.ts";
import { atLeast, duration } from "./option-checks.ts";

/**
 * - `resume`: go on with the next message, as if nothing had happened.
 * - `restart`: begin anew with a fresh behaviour; the mailbox stays, the stash goes to the dead letters.
 * - `stop`: the actor ends.
 * - `escalate`: the actor ends, and its parent fails with the same error. Without a parent, like `stop`.
 */
export type Directive = "resume" | "restart" | "stop" | "escalate";

/** How an actor is supervised. */
export interface Supervision {
  /** The same for each error, or chosen by it. @default stop */
  readonly directive?: Directive | ((error: unknown) => Directive) | undefined;
  /** How many restarts within `withinMs` are allowed; the next failure stops the actor. @default 10 */
  readonly maxRestarts?: number | undefined;
  /** @default 10000 */
  readonly withinMs?: number | undefined;
  /**
   * Makes the waits before restarts, as `() => new Backoff({ initialMs: 100, maxMs: 10_000 })`: one for each actor,
   * begun anew when `withinMs` have passed without a restart.
   * @default no wait
   */
  readonly backoff?: (() => Delays) | undefined;
}

/** What makes one delay after the other, in milliseconds; a `Backoff` does. */
export interface Delays {
  next(): number;
  reset(): void;
}

const directives: readonly unknown[] = ["resume", "restart", "stop", "escalate"];

/** Decides, and counts restarts. */
export class Supervisor {
  readonly #directive: Directive | ((error: unknown) => Directive);
  readonly #maxRestarts: number;
  readonly #withinMs: number;
  readonly #backoff: Delays | undefined;
  readonly #clock: Clock;
  /** When the latest restarts were, oldest first; never more than are allowed. */
  #restarts: number[] = [];

  /** @throws ActorError `invalid_option` */
  constructor(
    { directive = "stop", maxRestarts = 10, withinMs = 10_000, backoff }: Supervision,
    clock: Clock,
  ) {
    if (typeof directive !== "function") this.#directive = checked(directive);
    else this.#directive = directive;
    this.#maxRestarts = atLeast(0, maxRestarts, "supervision.maxRestarts");
    this.#withinMs = duration(withinMs, "supervision.withinMs");
    this.#backoff = backoff?.();
    this.#clock = clock;
  }

  /**
   * What is to follow, with the restarts taken into account.
   *
   * @throws what the program's own `directive` throws; ActorError `invalid_option` for what is none
   */
  decide(error: unknown): Directive {
    const directive =
      typeof this.#directive === "function" ? checked(this.#directive(error)) : this.#directive;
    if (directive !== "restart") return directive;
    const now = this.#clock.now();
    this.#restarts = this.#restarts.filter((at) => now - at < this.#withinMs);
    if (this.#restarts.length >= this.#maxRestarts) return "stop";
    if (this.#restarts.length === 0) this.#backoff?.reset();
    return "restart";
  }

  /** A restart has happened. Counted from here, so that the wait before it is no time without failures. */
  begun(): void {
    this.#restarts.push(this.#clock.now());
  }

  /** The wait before the restart that was just decided, in milliseconds. */
  nextDelayMs(): number {
    return this.#backoff?.next() ?? 0;
  }
}

function checked(directive: Directive): Directive {
  if (directives.includes(directive)) return directive;
  const text = `the directive ${directive} is not ${directives.join(" | ")}`;
  throw new ActorError("invalid_option", text);
}
