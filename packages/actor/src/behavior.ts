// What an actor does with its messages: a function, a table of handlers, or an object with hooks.
import type { ActorContext } from "./context.ts";
import { ActorError } from "./errors.ts";
import type { AnyMessage, Member, ReplyOf, ReplyTo } from "./message.ts";

declare const STASHED: unique symbol;

/** What `context.stash()` gives a handler to return: the message is put aside, and its asker waits. */
export interface Stashed {
  readonly [STASHED]: true;
}

/** A reply that is given after the turn has ended. */
export interface DeferredReply<in R> {
  /** False if nobody waits: the message was told, the asker gave up, or the reply has been given. */
  readonly isAwaited: boolean;
  /** Gives the reply; false if nobody waits for it (any more). */
  readonly resolve: (reply: R) => boolean;
  /** Fails the ask; false if nobody waits for it (any more). */
  readonly reject: (error: unknown) => boolean;
}

/** What a handler returns when the end of its turn is not to reply. */
export class Kept {}

/** A reply that says no: see {@link failure}. */
export class Failure {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/**
 * Returned by a handler, fails the ask with `error` and leaves the actor as it is. It is an `error` event of the
 * phase `reply`, as the asker may not look; unlike a throw, it is no matter of supervision.
 */
export function failure(error: unknown): Failure {
  return new Failure(error);
}

/** What a handler may return for a reply of `R`. A message without a reply may be answered by anything. */
export type Outcome<R> = [R] extends [void] ? unknown : R | Later<R> | PromiseLike<R | Later<R>>;

type Later<R> = DeferredReply<R> | Stashed | Failure;

/**
 * Handles one message at a time. When it returns a promise, the actor takes up the next message after that has
 * settled. Thrown errors and rejections reach the asker, and then the actor's supervision.
 */
export type Receive<M extends AnyMessage> = (
  message: M,
  context: ActorContext<M>,
) => Outcome<ReplyOf<M>>;

/**
 * A behaviour with hooks around its life. Hooks may be asynchronous; those that end something are given
 * `cleanupTimeoutMs`.
 */
export interface Behavior<M extends AnyMessage> {
  readonly receive: (message: M, context: ActorContext<M>) => Outcome<ReplyOf<M>>;
  /** Before the first message. A failure counts as the actor's. */
  readonly onStart?: (context: ActorContext<M>) => unknown;
  /** When a failure leads to a restart: lets go of what this life holds. @default what `onStop` does */
  readonly onRestart?: (error: unknown, context: ActorContext<M>) => unknown;
  /**
   * After the last message, when the children are gone; `error` is what the life ended of. Not for a life whose
   * `onStart` did not run.
   */
  readonly onStop?: (context: ActorContext<M>, error?: unknown) => unknown;
}

/** A behaviour that is made anew at each start: see {@link setup}. */
export interface Setup<M extends AnyMessage> {
  readonly create: (context: ActorContext<M>) => Receive<M> | Behavior<M>;
}

/** What can be spawned. */
export type Spawnable<M extends AnyMessage> = Receive<M> | Behavior<M> | Setup<M>;

/**
 * A behaviour whose state lives in the closure of `create`, which runs at the start and at each restart.
 * Without it, a restart goes on with the same function and what that has closed over.
 *
 * @example
 * ```ts
 * const counter = setup<Add | GetTotal>(() => {
 *   let total = 0;
 *   return handlers({ add: (m) => { total += m.amount; }, getTotal: () => total });
 * });
 * ```
 */
export function setup<M extends AnyMessage>(create: Setup<M>["create"]): Setup<M> {
  return { create };
}

/** One handler for each message type of `M`, with the reply type that the message declares. */
export type Handlers<M extends AnyMessage> = {
  readonly [K in M["type"]]: (
    message: Member<M, K>,
    context: ActorContext<M>,
  ) => Outcome<ReplyTo<M, { readonly type: K }>>;
};

/** A message whose type no handler is named after. The cell answers it; the behaviour does not fail. */
export const unhandled: Kept = /* @__PURE__ */ new Kept();

/**
 * Dispatches by `type`; the compiler refuses a table that lacks one. A message of a type that is not there all
 * the same becomes a dead letter, and an ask fails with `unhandled_message`.
 *
 * @throws ActorError `invalid_behavior` for an instance of a class, whose methods a copy would lose
 */
export function handlers<M extends AnyMessage>(table: Handlers<M>): Receive<M> {
  const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(table));
  if (!isPlain) throw invalidBehavior("a table of handlers that is an instance of a class");
  // A prototype would answer to "constructor" and "toString".
  const own: Record<string, Receive<M>> = Object.assign(Object.create(null), table);
  return (message, context) => {
    const handle = own[message.type];
    return handle === undefined
      ? (unhandled as unknown as Outcome<ReplyOf<M>>)
      : handle(message, context);
  };
}

export function invalidBehavior(what: string): ActorError {
  const text = `${what} is no behavior`;
  return new ActorError("invalid_behavior", text);
}

/** What a spawnable is at the start of a life. @throws ActorError `invalid_behavior` */
export function begin<M extends AnyMessage>(
  spawnable: Spawnable<M>,
  context: ActorContext<M>,
): { readonly hooks: Behavior<M> | undefined; readonly receive: Receive<M> } {
  const isSetup = typeof spawnable === "object" && "create" in spawnable;
  const made = isSetup ? spawnable.create(context) : spawnable;
  if (typeof made === "function") return { hooks: undefined, receive: made };
  if (typeof made?.receive !== "function") throw invalidBehavior("what setup created");
  return { hooks: made, receive: (message, own) => made.receive(message, own) };
}
