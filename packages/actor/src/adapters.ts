// Refs that look like an actor for other messages: what comes in is mapped, and what goes back.
import { ignore, rejected } from "./rejections.ts";
import type { AnyMessage, Message, ReplyTo } from "./message.ts";
import type { ActorRef, AskOptions, TellOptions, TellRef } from "./ref.ts";

/** Options of an adapter. */
export interface AdapterOptions {
  /** @default the id of the ref behind it */
  readonly id?: string | undefined;
}

/**
 * A function from messages of `N` to messages of `M`. `N` is inferred from it and `M` is not: only so does the
 * compiler keep `{ type: "add" }` from becoming `{ type: string }`.
 */
export type MessageMap<N extends AnyMessage, M> = NoInfer<(message: N) => M> &
  ((message: N) => unknown);

/**
 * A ref that takes other messages and tells them, mapped, to `ref`. Mapping happens on the caller's stack; what
 * `map` throws comes back from `tell` as a rejection and from `tryTell` as a throw, and nothing is sent.
 *
 * @example
 * ```ts
 * const onBlock: TellRef<BlockConnected> = mapInput(chain, (m: BlockConnected) => ({ type: "block", hash: m.hash }));
 * ```
 */
export function mapInput<M extends AnyMessage, N extends AnyMessage>(
  ref: TellRef<M>,
  map: MessageMap<N, M>,
  options?: AdapterOptions,
): TellRef<N> {
  return filterMapInput<M, N>(ref, map, options);
}

/** {@link mapInput} that leaves out those for which `map` gives undefined: as if they had been sent. */
export function filterMapInput<M extends AnyMessage, N extends AnyMessage>(
  ref: TellRef<M>,
  map: MessageMap<N, M | undefined>,
  { id = ref.id }: AdapterOptions = {},
): TellRef<N> {
  return {
    id,
    tell(message: N, options?: TellOptions) {
      return settled(() => {
        const mapped = map(message);
        return mapped === undefined ? Promise.resolve() : ref.tell(mapped, options);
      });
    },
    tryTell(message: N) {
      const mapped = map(message);
      return mapped === undefined || ref.tryTell(mapped);
    },
  };
}

/** What is a reply to every message of `N` that has one: with several kinds of replies, there is no such value. */
export type ReplyToEach<N extends AnyMessage> = (
  N extends Message<infer R>
    ? [R] extends [void]
      ? (reply: unknown) => void
      : (reply: R) => void
    : never
) extends (reply: infer I) => void
  ? I
  : never;

/** The two ways through a {@link mapRef}. `K` names the messages of `M` that `message` makes. */
export interface RefMaps<M extends AnyMessage, N extends AnyMessage, K extends string> {
  /** The message for the actor behind. */
  readonly message: MessageMap<N, M> & ((message: N) => { readonly type: K });
  /** The reply for the asker, from the actor's reply and the asker's message. */
  readonly reply: NoInfer<(reply: ReplyTo<M, { readonly type: K }>, message: N) => ReplyToEach<N>>;
}

/**
 * A ref that takes other messages and gives other replies. As {@link mapInput}; what either function throws
 * rejects the ask. For messages with different replies, make one such ref for each kind of reply.
 *
 * @example
 * ```ts
 * interface GetHeight extends Message<number> { readonly type: "getHeight" }
 * const heights: ActorRef<GetHeight> = mapRef(chain, {
 *   message: () => ({ type: "getTip" }),
 *   reply: (tip) => tip.height,
 * });
 * ```
 */
export function mapRef<M extends AnyMessage, N extends AnyMessage, K extends string>(
  ref: ActorRef<M>,
  maps: RefMaps<M, N, K>,
  options?: AdapterOptions,
): ActorRef<N> {
  return {
    ...filterMapInput<M, N>(ref, maps.message, options),
    ask<T extends N>(message: T, askOptions?: AskOptions) {
      return settled(() => {
        const answered = ref.ask(maps.message(message), askOptions);
        type Reply = ReplyTo<M, { readonly type: K }>;
        const mapped = answered.then((reply) => maps.reply(reply as Reply, message));
        return mapped as Promise<ReplyTo<N, T>>;
      });
    },
  };
}

/** A throw becomes a rejection, and one that nobody looks at does no harm. */
function settled<R>(send: () => Promise<R>): Promise<R> {
  try {
    const sent = send();
    sent.catch(ignore);
    return sent;
  } catch (error) {
    return rejected(error);
  }
}
