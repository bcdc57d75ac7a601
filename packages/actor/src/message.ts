// What actors are told, and how a message carries the type of its reply.

declare const REPLY: unique symbol;

/**
 * A message: a plain object with a literal `type`. `R` is the type of the reply that `ask` resolves with;
 * it exists for the compiler alone, no message carries a field for it. Made for `interface … extends`: a class that
 * `implements` it takes over no reply type, and its asks are `unknown`.
 *
 * @example
 * ```ts
 * interface Add extends Message { readonly type: "add"; readonly amount: number }
 * interface GetTotal extends Message<number> { readonly type: "getTotal" }
 * ```
 */
export interface Message<out R = void> {
  readonly type: string;
  readonly [REPLY]?: () => R; // not R, which would lose an undefined without exactOptionalPropertyTypes
}

/** Any message, whatever its reply. */
export type AnyMessage = Message<unknown>;

/** The members of the union `M` whose `type` is `K`. */
export type Member<M extends AnyMessage, K> = Extract<M, { readonly type: K }>;

/** What `ask` resolves with for one message: found by its `type`, so that a literal is enough. */
export type ReplyTo<M extends AnyMessage, T extends { readonly type: string }> =
  Member<M, T["type"]> extends Message<infer R> ? R : never;

/** Every reply that the messages of `M` may have. */
export type ReplyOf<M extends AnyMessage> = M extends Message<infer R> ? R : never;
