import type { ActorRef, ActorSystem, Message } from "@satwire/actor";

interface Ball extends Message {
  readonly type: "ball";
}

const ball: Ball = { type: "ball" };

/** A game that is going on. */
export interface Game {
  /** Messages handled so far. */
  readonly played: () => number;
  readonly end: () => void;
  /** Resolves when all messages have been handled or the game was ended. */
  readonly done: Promise<void>;
}

/** Two actors that volley one message, of this system or of two. */
export function pingPong(
  system: ActorSystem,
  messages: number,
  { other = system, isAsync = false }: { other?: ActorSystem; isAsync?: boolean } = {},
): Game {
  let played = 0;
  let limit = messages;
  let finish: () => void;
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const volley = (partner: () => ActorRef<Ball>): void => {
    if (++played < limit) partner().tryTell(ball);
    else finish();
  };
  const player = (partner: () => ActorRef<Ball>): (() => unknown) =>
    isAsync ? async () => volley(partner) : () => volley(partner);
  const ping: ActorRef<Ball> = system.spawn<Ball>(
    "ping",
    player(() => pong),
  );
  const pong: ActorRef<Ball> = other.spawn<Ball>(
    "pong",
    player(() => ping),
  );
  ping.tryTell(ball);
  return {
    played: () => played,
    end: () => {
      limit = 0;
    },
    done,
  };
}
