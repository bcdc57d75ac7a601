// Whom an actor keeps an eye on: other actors' ends, and who is registered under a key.
import type { Terminated } from "./context.ts";
import type { AnyMessage } from "./message.ts";
import type { ActorRef } from "./ref.ts";

/** Something whose end can be waited for. */
export interface Watchable {
  /** Calls `tell` at the end, or at once if that is past. One for each owner. */
  addWatcher(owner: object, tell: (terminated: Terminated) => void): void;
  removeWatcher(owner: object): void;
}

type Send = (take: () => AnyMessage | undefined) => void;
type Listen<N extends AnyMessage> = (tell: (refs: readonly ActorRef<N>[]) => void) => () => void;

/** The watches and subscriptions of one actor. What was taken back does not speak any more. */
export class Watches {
  readonly #send: Send;
  readonly #watched = new Map<Watchable, object>();
  readonly #subscribed = new Map<string, () => void>();

  constructor(send: Send) {
    this.#send = send;
  }

  watch(target: Watchable, toMessage: (terminated: Terminated) => AnyMessage): void {
    const watch = {};
    this.unwatch(target);
    this.#watched.set(target, watch);
    target.addWatcher(this, (terminated) =>
      this.#send(() => {
        if (this.#watched.get(target) !== watch) return undefined;
        this.#watched.delete(target);
        return toMessage(terminated);
      }),
    );
  }

  unwatch(target: Watchable): void {
    if (this.#watched.delete(target)) target.removeWatcher(this);
  }

  /** Tells of the latest list alone, however often it changed before the actor came to it. */
  subscribe<N extends AnyMessage>(
    name: string,
    listen: Listen<N>,
    toMessage: (refs: readonly ActorRef<N>[]) => AnyMessage,
  ): void {
    let latest: readonly ActorRef<N>[] = [];
    let isSent = false;
    let isOver = false;
    const stop = listen((refs) => {
      latest = refs;
      if (isSent) return;
      isSent = true;
      this.#send(() => {
        isSent = false;
        return isOver ? undefined : toMessage(latest);
      });
    });
    this.unsubscribe(name); // not before: a key that is refused leaves what there is
    this.#subscribed.set(name, () => {
      isOver = true;
      stop();
    });
  }

  unsubscribe(name: string): void {
    this.#subscribed.get(name)?.();
    this.#subscribed.delete(name);
  }

  clear(): void {
    for (const target of this.#watched.keys()) target.removeWatcher(this);
    this.#watched.clear();
    for (const stop of this.#subscribed.values()) stop();
    this.#subscribed.clear();
  }
}
