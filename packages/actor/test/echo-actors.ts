// The actors that lnd's tests are about, and what those tests look at.
import {
  type ActorEvent,
  type ActorRef,
  ActorSystem,
  Deferred,
  type Subscription,
  type Message,
  type SpawnOptions,
  type SystemOptions,
} from "@satwire/actor";
import { onTestFinished } from "vitest";

export interface Echo extends Message<string> {
  readonly type: "echo";
  readonly data: string;
}

export const echo = (data: string): Echo => ({ type: "echo", data });
export const echoing = ({ data }: Echo): string => `echo: ${data}`;

export interface Item extends Message<number> {
  readonly type: "item";
  readonly value: number;
}

export const item = (value: number): Item => ({ type: "item", value });

/** A system that ends with the test. */
export function newSystem(options?: SystemOptions): ActorSystem {
  const system = new ActorSystem(options);
  onTestFinished(() => system.shutdown());
  return system;
}

/** An actor whose mailbox fills up until it is opened. */
export interface GatedActor {
  readonly ref: ActorRef<Item>;
  /** The values it has handled, without the one that holds it up. */
  readonly seen: number[];
  readonly open: () => void;
}

/** Spawns an actor that is held up in its first turn, so that its mailbox is empty and stays as it is filled. */
export async function gatedActor(
  system: ActorSystem,
  options?: SpawnOptions,
  id = "gated",
): Promise<GatedActor> {
  const gate = new Deferred<number>();
  const isHeldUp = new Deferred<void>();
  const seen: number[] = [];
  const receive = ({ value }: Item): number | Promise<number> => {
    if (isHeldUp.resolve()) return gate.promise;
    seen.push(value);
    return value;
  };
  const ref = system.spawn<Item>(id, receive, options);
  void ref.tell(item(-1));
  await isHeldUp.promise;
  const open = (): void => void gate.resolve(-1);
  onTestFinished(open); // or the system would never end
  return { ref, seen, open };
}

/** The values of the items among the dead letters, oldest first. */
export function deadValues(system: ActorSystem): number[] {
  return system.deadLetters.recent.map(({ message }) => (message as Item).value);
}

/** How many messages wait in an actor's mailbox. */
export function waitingAt(system: ActorSystem, actorId: string): number | undefined {
  return system.actors.find((actor) => actor.actorId === actorId)?.waiting;
}

/** Ends a subscription and gives what it has got. */
export async function eventsOf(subscription: Subscription<ActorEvent>): Promise<ActorEvent[]> {
  subscription.close();
  const events: ActorEvent[] = [];
  for await (const event of subscription) events.push(event);
  return events;
}

/** What became of some promises: "ok", or the code of the error. */
export async function outcomes(promises: readonly Promise<unknown>[]): Promise<unknown[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((one) =>
    one.status === "fulfilled" ? "ok" : ((one.reason as { code?: unknown }).code ?? one.reason),
  );
}
