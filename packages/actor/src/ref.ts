// What others hold of an actor: its address. A ref stays valid to hold after its actor has stopped.
import type { AnyMessage, ReplyTo } from "./message.ts";

/** Options of `tell`. */
export interface TellOptions {
  /**
   * Ends the wait for room in the mailbox. A message that has been accepted stays accepted; with a signal
   * that is aborted already, nothing is sent.
   */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `ask`. */
export interface AskOptions extends TellOptions {
  /**
   * Ends the wait for a reply, room in the mailbox included, after so many milliseconds.
   * @default the system's `askTimeoutMs`, which is none unless set
   */
  readonly timeoutMs?: number | undefined;
}

/** Something that can be told messages of `M`. Call its functions on it: `const { tell } = ref` does not work. */
export interface TellRef<in M extends AnyMessage> {
  readonly id: string;
  /**
   * Sends a message and resolves once it is accepted: at once if the mailbox has room, otherwise as its
   * overflow policy says. Need not be awaited: a failure nobody awaits becomes an event of the system.
   *
   * @throws ActorError `actor_terminated`, `mailbox_full`, `message_dropped`, `aborted`
   */
  readonly tell: (message: M, options?: TellOptions) => Promise<void>;
  /** Sends a message if it is accepted at once; false, without waiting, if it is not. */
  readonly tryTell: (message: M) => boolean;
}

/** An actor's address: it can be told messages and asked for replies. */
export interface ActorRef<in M extends AnyMessage> extends TellRef<M> {
  /**
   * Sends a message and resolves with its reply. Rejects with what the behaviour threw. Need not be awaited.
   *
   * @throws ActorError `actor_terminated`, `actor_restarted`, `ask_timeout`, `aborted`, `mailbox_full`,
   * `message_dropped`, `self_ask`, `unhandled_message`, `not_in_turn`, `invalid_option` for a bad `timeoutMs`;
   * routers `no_actors_available`, the dead letters `message_undeliverable`
   */
  readonly ask: <T extends M>(message: T, options?: AskOptions) => Promise<ReplyTo<M, T>>;
}
