import type { AnyMessage, ReplyTo } from "../src/message.ts";
import type { ActorRef, AskOptions, TellOptions } from "../src/ref.ts";

/** A ref that writes down what it is given and answers as it is told to. */
export interface FakeRef<M extends AnyMessage> extends ActorRef<M> {
  readonly calls: [verb: "tell" | "tryTell" | "ask", message: M, options?: AskOptions][];
}

/** What a {@link FakeRef} answers. */
export interface FakeAnswers<M> {
  readonly told?: () => Promise<void>;
  readonly accepts?: boolean;
  readonly reply?: (message: M) => Promise<unknown>;
}

export function fakeRef<M extends AnyMessage>(
  id: string,
  {
    told = () => Promise.resolve(),
    accepts = true,
    reply = () => Promise.resolve(undefined),
  }: FakeAnswers<M> = {},
): FakeRef<M> {
  const calls: FakeRef<M>["calls"] = [];
  return {
    id,
    calls,
    tell(message: M, options?: TellOptions) {
      calls.push(options === undefined ? ["tell", message] : ["tell", message, options]);
      return told();
    },
    tryTell(message: M) {
      calls.push(["tryTell", message]);
      return accepts;
    },
    ask<T extends M>(message: T, options?: AskOptions) {
      calls.push(options === undefined ? ["ask", message] : ["ask", message, options]);
      return reply(message) as Promise<ReplyTo<M, T>>;
    },
  };
}
