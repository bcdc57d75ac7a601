// The address of an actor in this process. It can be held for longer than the actor lives.
import type { ActorCell } from "./actor-cell.ts";
import { ActorError } from "./errors.ts";
import type { AnyMessage, ReplyTo } from "./message.ts";
import type { ActorRef, AskOptions, TellOptions } from "./ref.ts";
import type { Runtime } from "./runtime.ts";

export class LocalRef<M extends AnyMessage> implements ActorRef<M> {
  readonly id: string;
  readonly #cell: ActorCell;

  constructor(cell: ActorCell) {
    this.id = cell.actorId;
    this.#cell = cell;
  }

  tell(message: M, options?: TellOptions): Promise<void> {
    return this.#cell.intake.tell(message, options);
  }

  tryTell(message: M): boolean {
    return this.#cell.intake.tryTell(message);
  }

  ask<T extends M>(message: T, options?: AskOptions): Promise<ReplyTo<M, T>> {
    return this.#cell.intake.ask(message, options) as Promise<ReplyTo<M, T>>;
  }

  /** The actor behind a ref; undefined for routers, adapters and mocks. */
  static cellOf(ref: ActorRef<never>): ActorCell | undefined {
    return #cell in ref ? ref.#cell : undefined;
  }
}

/** @throws ActorError `foreign_ref` if it is not the address of an actor, or not of one of this system */
export function cellOf(ref: ActorRef<never>, runtime?: Runtime): ActorCell {
  const cell = LocalRef.cellOf(ref);
  if (cell !== undefined && (runtime ?? cell.runtime) === cell.runtime) return cell;
  const text = `${ref.id} is not an actor${runtime === undefined ? "" : " of this system"}`;
  throw new ActorError("foreign_ref", text, { actorId: ref.id });
}

/** How many messages an actor has to do, the one it is at included; 0 for what is not an actor. */
export function loadOf(ref: ActorRef<never>): number {
  return LocalRef.cellOf(ref)?.load ?? 0;
}
