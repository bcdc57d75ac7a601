// What a script needs of a connection.
import type { Clock } from "@satwire/actor";
import { AssertionError } from "../assertion-error.ts";
import { Conditions, type WaitOptions } from "../conditions.ts";

/**
 * One side of a connection that a script can play: the raw connections are, and {@link ScriptedSide} makes one of
 * anything else.
 */
export interface ScriptedConnection<M> {
  /** Sends a message; what a promise rejects with ends the script. */
  send(message: M): unknown;
  /** The oldest message that nobody has taken, undefined if the connection has ended instead. */
  nextMessage(options?: WaitOptions): Promise<M | undefined>;
  /** Ends this side. */
  end(): unknown;
  /** How the connection ended, once it has. */
  readonly ending: unknown;
}

/** What a {@link ScriptedSide} is made with. */
export interface ScriptedSideOptions<M> {
  readonly send: (message: M) => unknown;
  readonly end?: (() => unknown) | undefined;
  /**
   * What the time of waits is measured with.
   * @default systemClock
   */
  readonly clock?: Clock | undefined;
  /**
   * Messages that may wait; one more is an AssertionError in the next step.
   * @default 10_000
   */
  readonly maxMessages?: number | undefined;
}

/**
 * A {@link ScriptedConnection} from functions: for connections that hand over what they receive.
 *
 * @example
 * ```ts
 * const node = new LoopbackLightningNode({ onMessage: (message) => side.receive(message) });
 * const [connection] = node.connections;
 * const side = new ScriptedSide<LightningMessage>({ send: (message) => connection.send(message) });
 * await script<LightningMessage>().expect("ping").run(side);
 * ```
 */
export class ScriptedSide<M> implements ScriptedConnection<M> {
  readonly #send: (message: M) => unknown;
  readonly #end: () => unknown;
  readonly #maxMessages: number;
  readonly #conditions: Conditions;
  readonly #messages: M[] = [];
  #hasOverflowed = false;
  #ending: unknown;

  /** @throws RangeError if `maxMessages` is not 1 or more */
  constructor({ send, end = () => {}, clock, maxMessages = 10_000 }: ScriptedSideOptions<M>) {
    if (!Number.isSafeInteger(maxMessages) || maxMessages < 1) {
      throw new RangeError(`maxMessages of ${maxMessages} is not 1 or more`);
    }
    this.#send = send;
    this.#end = end;
    this.#maxMessages = maxMessages;
    this.#conditions = new Conditions(clock);
  }

  get ending(): unknown {
    return this.#ending;
  }

  /** A message has come. */
  receive(message: M): void {
    if (this.#messages.length >= this.#maxMessages) this.#hasOverflowed = true;
    else this.#messages.push(message);
    this.#conditions.recheck();
  }

  /** The connection has ended; later calls do nothing. */
  close(ending: unknown = { by: "peer" }): void {
    this.#ending ??= ending;
    this.#conditions.recheck();
  }

  send(message: M): unknown {
    return this.#send(message);
  }

  end(): unknown {
    return this.#end();
  }

  /** @throws AssertionError when the time is up, and behind the last message that there was room for */
  async nextMessage(options?: WaitOptions): Promise<M | undefined> {
    const look = (): { readonly message: M | undefined } | undefined => {
      if (this.#messages.length > 0) return { message: this.#messages.shift() };
      if (this.#hasOverflowed) {
        const text = `more than ${this.#maxMessages} messages came and were not taken`;
        throw new AssertionError(text, { operator: "bound" });
      }
      return this.#ending === undefined ? undefined : { message: undefined };
    };
    return (await this.#conditions.find(look, "a message or the end", options)).message;
  }
}
