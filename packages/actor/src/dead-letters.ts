// Messages that reached nobody. Publishing never waits: a ring keeps the latest, a stream tells of each.
import { rejected } from "./rejections.ts";
import { Ring } from "./ring.ts";
import type { Clock } from "./clock.ts";
import { ActorError } from "./errors.ts";
import type { AnyMessage, ReplyTo } from "./message.ts";
import { atLeast } from "./option-checks.ts";
import type { ActorRef } from "./ref.ts";

/**
 * - `stopped`: the actor had stopped, or stopped before it came to the message.
 * - `restarted`: it was in the stash of an actor that was restarted.
 * - `no_actors`: a router had nobody to give it to.
 * - `unhandled`: a handler table had no handler for its type.
 * - `dropped`: a mailbox dropped it (only with the system's `deadLetterDrops`).
 * - `sent`: it was told to the dead letters.
 */
export type DeadLetterReason =
  | "stopped"
  | "restarted"
  | "no_actors"
  | "unhandled"
  | "dropped"
  | "sent";

/** A message that reached nobody. */
export interface DeadLetter {
  readonly type: "deadLetter";
  readonly reason: DeadLetterReason;
  /** The actor or router it was for. */
  readonly actorId: string;
  readonly message: AnyMessage;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** A ref that takes anything, and the latest letters. Ask it, and it fails with `message_undeliverable`. */
export class DeadLetters implements ActorRef<AnyMessage> {
  readonly id: string = "dead-letters";
  readonly #capacity: number;
  readonly #clock: Clock;
  readonly #publish: (letter: DeadLetter) => void;
  readonly #recent = new Ring<DeadLetter>();
  #total = 0;

  constructor(capacity: number, clock: Clock, publish: (letter: DeadLetter) => void) {
    this.#capacity = atLeast(0, capacity, "deadLetterCapacity");
    this.#clock = clock;
    this.#publish = publish;
  }

  /** How many there have been. */
  get total(): number {
    return this.#total;
  }

  /** The latest ones, oldest first. */
  get recent(): readonly DeadLetter[] {
    return this.#recent.toArray();
  }

  /** Files a message that reached nobody: for routers and refs of one's own. */
  file(reason: DeadLetterReason, actorId: string, message: AnyMessage): void {
    const timestamp = this.#clock.now();
    const letter: DeadLetter = { type: "deadLetter", reason, actorId, message, timestamp };
    this.#total++;
    this.#recent.push(letter);
    if (this.#recent.size > this.#capacity) this.#recent.shift();
    this.#publish(letter);
  }

  tell(message: AnyMessage): Promise<void> {
    this.file("sent", this.id, message);
    return Promise.resolve();
  }

  tryTell(message: AnyMessage): boolean {
    this.file("sent", this.id, message);
    return true;
  }

  ask<T extends AnyMessage>(message: T): Promise<ReplyTo<AnyMessage, T>> {
    this.file("sent", this.id, message);
    const text = `message undeliverable: ${message.type}`;
    const details = { actorId: this.id, messageType: message.type };
    return rejected(new ActorError("message_undeliverable", text, details));
  }
}
