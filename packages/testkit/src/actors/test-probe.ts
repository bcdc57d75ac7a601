// An actor that a test stands behind: what it is told waits for the test, and the test gives the replies.
import type {
  ActorRef,
  ActorSystem,
  AnyMessage,
  DeferredReply,
  Outcome,
  ReplyOf,
  ServiceKey,
} from "@satwire/actor";
import { setup } from "@satwire/actor";
import { AssertionError } from "../assertion-error.ts";
import { Conditions, type WaitOptions } from "../conditions.ts";
import { describeMatch, matches, type MessageMatch } from "../connection/mock-record.ts";
import { VirtualClock } from "../determinism/virtual-clock.ts";
import { settle } from "../determinism/settle.ts";
import { sleep } from "@satwire/actor";

/** Messages that wait for the test; beyond it the oldest make room. */
const capacity = 10_000;

/** Options of a {@link TestProbe}. */
export interface TestProbeOptions<M extends AnyMessage> {
  /** Registers the probe under a service key. */
  readonly key?: ServiceKey<M> | undefined;
}

interface Letter<M extends AnyMessage> {
  readonly message: M;
  readonly reply: DeferredReply<unknown>;
}

/** Gives replies in the place of the test; undefined leaves the reply to {@link TestProbe.reply}. */
export type Autopilot<M extends AnyMessage> = (message: M) => ReplyOf<M> | undefined;

/**
 * An actor for tests. Its waits are by the clock of the system: one that has to be moved is moved by `clock.advance`,
 * or by `clock.runUntil(probe.expect("done"))`, as far as it takes.
 *
 * @example
 * ```ts
 * const probe = kit.probe<PeerMessage>();
 * hub.tryTell({ type: "subscribe", subscriber: probe.ref });
 * const { height } = await probe.expect("blockConnected");
 * ```
 */
export class TestProbe<M extends AnyMessage> {
  /** The address of the probe: a real actor, to be told, asked, watched, registered and stopped. */
  readonly ref: ActorRef<M>;
  readonly #system: ActorSystem;
  readonly #conditions: Conditions;
  readonly #letters: Letter<M>[] = [];
  readonly #ignored = new Set<MessageMatch<M>>();
  #last: Letter<M> | undefined;
  #autopilot: Autopilot<M> | undefined;
  #missed = 0;

  /** @throws ActorError as `ActorSystem.spawn` */
  constructor(system: ActorSystem, id: string, { key }: TestProbeOptions<M> = {}) {
    this.#system = system;
    this.#conditions = new Conditions(system.clock);
    const behavior = setup<M>(() => ({
      receive: (message, context) => this.#receive(message, context.deferReply()),
      onStop: () => this.#conditions.end(new Error(`${id} was stopped`)),
    }));
    const options = { pendingLimit: capacity, mailbox: { capacity } };
    this.ref =
      key === undefined
        ? system.spawn(id, behavior, options)
        : system.spawn(id, key, behavior, options);
  }

  /** The messages that have come and were not taken, oldest first; 10,000 are kept. */
  get waiting(): readonly M[] {
    return this.#letters.map(({ message }) => message);
  }

  /** Messages that made room for later ones before anybody took them. */
  get missed(): number {
    return this.#missed;
  }

  /**
   * Takes the next message, which must be such.
   *
   * @throws AssertionError if it is another one, which is taken then, or none comes in time
   */
  expect<K extends M["type"]>(
    type: K,
    options?: WaitOptions,
  ): Promise<Extract<M, { readonly type: K }>>;
  expect(match?: MessageMatch<M>, options?: WaitOptions): Promise<M>;
  async expect(match?: MessageMatch<M>, options: WaitOptions = {}): Promise<M> {
    const message = await this.#next(describeMatch(match), options);
    if (matches(match, message)) return message;
    throw new AssertionError(`expected ${describeMatch(match)}, but ${message.type} came`, {
      actual: message,
      expected: typeof match === "string" ? { type: match } : match,
      operator: "expect",
    });
  }

  /** Takes the next messages. @throws AssertionError if fewer come in time; RangeError for a count below 1 */
  receive(count: number, options: WaitOptions = {}): Promise<M[]> {
    if (!Number.isSafeInteger(count) || count < 1 || count > capacity) {
      throw new RangeError(`${count} messages cannot be received, but 1 to ${capacity}`);
    }
    const look = (): M[] | undefined => {
      if (this.#letters.length < count) return undefined;
      return Array.from({ length: count }, () => this.#take() as M);
    };
    return this.#conditions.find(look, `${count} messages`, options);
  }

  /** Takes messages up to the first such one, which it gives. @throws AssertionError if none comes in time */
  fish<K extends M["type"]>(
    type: K,
    options?: WaitOptions,
  ): Promise<Extract<M, { readonly type: K }>>;
  fish(match: MessageMatch<M>, options?: WaitOptions): Promise<M>;
  fish(match: MessageMatch<M>, options: WaitOptions = {}): Promise<M> {
    const look = (): M | undefined => {
      for (;;) {
        const message = this.#take();
        if (message === undefined || matches(match, message)) return message;
      }
    };
    return this.#conditions.find(look, describeMatch(match), options);
  }

  /**
   * Nothing waits and nothing comes within so many milliseconds; with 0, in what is ready to run. A `VirtualClock` is
   * moved by that much.
   *
   * @throws AssertionError with what came
   */
  async expectNone(forMs = 0): Promise<void> {
    const { clock } = this.#system;
    await settle();
    if (this.#letters.length === 0 && forMs > 0) {
      if (clock instanceof VirtualClock) await clock.advance(forMs);
      else await sleep(clock, forMs);
    }
    if (this.#letters.length === 0) return;
    const came = this.waiting;
    throw new AssertionError(
      `expected no message, but ${came.map(({ type }) => type).join(", ")} came`,
      {
        actual: came,
        expected: [],
        operator: "expectNone",
      },
    );
  }

  /** Resolves when an actor has terminated. @throws AssertionError if it has not in time; ActorError `foreign_ref` */
  async expectTerminated(ref: ActorRef<never>, options: WaitOptions = {}): Promise<void> {
    const giveUp = new AbortController();
    let ended: { readonly error?: unknown } | undefined;
    this.#system.whenTerminated(ref, { signal: giveUp.signal }).then(
      () => {
        ended = {};
        this.#conditions.recheck();
      },
      (error: unknown) => {
        ended = { error };
        this.#conditions.recheck();
      },
    );
    try {
      const { error } = await this.#conditions.find(() => ended, `the end of ${ref.id}`, options);
      if (error !== undefined) throw error;
    } finally {
      giveUp.abort();
    }
  }

  /** Replies to the message that was taken last. @throws AssertionError if nobody waits for a reply to it */
  reply(value: ReplyOf<M>): void {
    if (!this.#asked("reply to").resolve(value)) throw this.#nobodyWaits("reply to");
  }

  /** Fails the ask that was taken last. @throws AssertionError if nobody waits for a reply to it */
  refuse(error: unknown): void {
    if (!this.#asked("refuse").reject(error)) throw this.#nobodyWaits("refuse");
  }

  /** Replies to asks by themselves from now on; the messages still wait to be taken. None, and it is off again. */
  autopilot(autopilot?: Autopilot<M>): void {
    this.#autopilot = autopilot;
  }

  /** Such messages are not for the test from now on, until this is disposed; an autopilot still gets them. */
  ignore(match: MessageMatch<M>): Disposable {
    this.#ignored.add(match);
    return { [Symbol.dispose]: () => void this.#ignored.delete(match) };
  }

  #receive(message: M, reply: DeferredReply<unknown>): Outcome<ReplyOf<M>> {
    const answer = this.#autopilot?.(message);
    if (answer !== undefined) reply.resolve(answer);
    const isIgnored = [...this.#ignored].some((match) => matches(match, message));
    if (!isIgnored) {
      this.#letters.push({ message, reply });
      if (this.#letters.length > capacity) {
        this.#letters.shift();
        this.#missed++;
      }
      this.#conditions.recheck();
    }
    return reply as unknown as Outcome<ReplyOf<M>>;
  }

  #next(what: string, options: WaitOptions): Promise<M> {
    return this.#conditions.find(() => this.#take(), what, options);
  }

  #take(): M | undefined {
    const letter = this.#letters.shift();
    if (letter !== undefined) this.#last = letter;
    return letter?.message;
  }

  #asked(verb: string): DeferredReply<unknown> {
    if (this.#last === undefined) throw new AssertionError(`there is no message to ${verb} yet`);
    return this.#last.reply;
  }

  #nobodyWaits(verb: string): AssertionError {
    return new AssertionError(`nobody waits for the test to ${verb} ${this.#last?.message.type}`);
  }
}
