/**
 * Scope: what each library must be able to do to be measured. All of them get the same messages, in the same
 * batches, and count what arrives in the same way.
 */

/** Told to an actor; the amounts are added up. */
export interface Add {
  readonly type: "add";
  readonly amount: number;
}

/** Asked of an actor; the reply is twice the value. */
export interface Double {
  readonly type: "double";
  readonly value: number;
}

/** Passed from one actor to another, until none is left. */
export interface Hop {
  readonly type: "hop";
  readonly left: number;
}

/** Actors that are ready to run a batch as often as wanted. */
export interface Scenario {
  /** Resolves when all is done, with how many operations were. */
  readonly run: () => Promise<number>;
  /** Stops the actors. */
  readonly close: () => unknown;
}

/** Actors that wait for something to do. */
export interface Idle {
  /** Holds on to the actors, and to nothing that is not needed for reaching them. */
  readonly refs: readonly unknown[];
  readonly close: () => unknown;
}

/** A library; what it has no notion of is not there. */
export interface ActorLibrary {
  readonly name: string;
  /** A batch of messages to one actor, which is waited for at the end. */
  readonly tell?: (count: number) => Scenario;
  /** The same, by the way of sending that never waits, where there is one. */
  readonly tryTell?: (count: number) => Scenario;
  /** The same from several senders, each of which waits until its message has found room. */
  readonly tellWaiting?: (count: number, senders: number) => Scenario;
  /**
   * The same for an asynchronous handler, which is waited for before the next message: one that has nothing to
   * wait for, or one that awaits a settled promise.
   */
  readonly tellAsync?: (count: number, awaits: boolean) => Scenario;
  /** Questions to one actor, each of which waits for the reply to the one before. Undefined if there are no timeouts. */
  readonly askSequential?: (count: number, timeoutMs?: number) => Scenario | undefined;
  /** Questions to one actor, all at once. Undefined if there are no timeouts. */
  readonly askPipelined?: (count: number, timeoutMs?: number) => Scenario | undefined;
  /** One message, back and forth between two actors. */
  readonly pingPong?: (count: number) => Scenario;
  /** One message, around a ring of actors, once. */
  readonly ring?: (count: number) => Scenario;
  /** New actors, each stopped at once. */
  readonly spawnStop?: (count: number) => Scenario;
  /** Actors with nothing to do, which have handled so many messages each. */
  readonly idle?: (count: number, messages: 0 | 1) => Promise<Idle>;
}

/** What asynchronous handlers await: the least there is to wait for. */
export const settled: Promise<void> = Promise.resolve();

/** Resolves when as much has been handled as was announced. The same few instructions in every library. */
export class Countdown {
  #total = 0;
  #left = 0;
  #done: ((total: number) => void) | undefined;

  start(total: number): Promise<number> {
    this.#total = total;
    this.#left = total;
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }

  hit(amount: number): void {
    this.#left -= amount;
    if (this.#left <= 0) this.#end();
  }

  #end(): void {
    if (this.#left < 0) throw new Error(`${-this.#left} more than was sent`);
    this.#done?.(this.#total);
  }
}

/** Asks one after the other; returns how many replies were right. */
export async function askInTurn(
  count: number,
  ask: (value: number) => Promise<number>,
): Promise<number> {
  let right = 0;
  for (let i = 0; i < count; i++) if ((await ask(i)) === 2 * i) right++;
  return right;
}

/** Asks everything and then waits; returns how many replies were right. */
export async function askAtOnce(
  count: number,
  ask: (value: number) => Promise<number>,
): Promise<number> {
  const replies: Promise<number>[] = [];
  for (let i = 0; i < count; i++) replies.push(ask(i));
  const values = await Promise.all(replies);
  return values.filter((value, i) => value === 2 * i).length;
}

/** Sends from several senders at once, each of which waits for its own messages only. */
export async function sendWaiting(
  count: number,
  senders: number,
  send: () => Promise<void>,
): Promise<void> {
  const each = count / senders;
  const sender = async (): Promise<void> => {
    for (let i = 0; i < each; i++) await send();
  };
  await Promise.all(Array.from({ length: senders }, sender));
}
