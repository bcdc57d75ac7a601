/**
 * Scope: xstate's actors without machines. They handle an event inside `send`, on the sender's stack: nothing is
 * waited for.
 */
import type { TransitionActorLogic } from "xstate";
import {
  type ActorLibrary,
  type Add,
  askAtOnce,
  askInTurn,
  Countdown,
  type Double,
  type Hop,
  type Scenario,
} from "./actor-library.ts";
// vitest resolves with the condition `development`, for which the package has another build.
import {
  createActor,
  fromCallback,
  fromTransition,
} from "./node_modules/xstate/dist/xstate.cjs.mjs";

/** xstate has no ask: the event takes along what the reply is given to. */
type Question = Double & { readonly reply: (value: number) => void };

export const xstateTransition: ActorLibrary = {
  name: "xstate fromTransition",

  tell(count) {
    const countdown = new Countdown();
    return telling(count, countdown, createActor(addingTransition(countdown)).start());
  },

  async idle(count, messages) {
    const countdown = new Countdown();
    const create = (): Sender => createActor(addingTransition(countdown)).start();
    return await idling(count, messages, countdown, create);
  },
};

export const xstateCallback: ActorLibrary = {
  name: "xstate fromCallback",

  tell(count) {
    const countdown = new Countdown();
    return telling(count, countdown, createActor(addingCallback(countdown)).start());
  },

  askSequential(count, timeoutMs) {
    if (timeoutMs !== undefined) return undefined;
    const { ask, close } = doubling();
    return { run: () => askInTurn(count, ask), close };
  },

  askPipelined(count, timeoutMs) {
    if (timeoutMs !== undefined) return undefined;
    const { ask, close } = doubling();
    return { run: () => askAtOnce(count, ask), close };
  },

  pingPong(count) {
    const countdown = new Countdown();
    const player = (other: () => Sender<Hop>): Sender<Hop> =>
      createActor(
        fromCallback<Hop>(({ receive }) => {
          receive(({ left }) => {
            if (left === 0) countdown.hit(count);
            else other().send({ type: "hop", left: left - 1 });
          });
        }),
      ).start();
    const ping: Sender<Hop> = player(() => pong);
    const pong: Sender<Hop> = player(() => ping);
    return {
      run() {
        const done = countdown.start(count);
        ping.send({ type: "hop", left: count });
        return done;
      },
      close: () => [ping, pong].map((actor) => actor.stop()),
    };
  },

  spawnStop(count) {
    const countdown = new Countdown();
    return {
      run() {
        const done = countdown.start(count);
        for (let i = 0; i < count; i++) {
          const logic = fromCallback<Add>(({ receive }) => {
            receive(({ amount }) => amount);
            return () => countdown.hit(1);
          });
          createActor(logic).start().stop();
        }
        return done;
      },
      close: () => undefined,
    };
  },

  async idle(count, messages) {
    const countdown = new Countdown();
    const create = (): Sender => createActor(addingCallback(countdown)).start();
    return await idling(count, messages, countdown, create);
  },
};

interface Sender<Event = Add> {
  send(event: Event): void;
  stop(): unknown;
}

function addingTransition(countdown: Countdown): TransitionActorLogic<number, Add, undefined> {
  return fromTransition((total: number, event: Add) => {
    if (event.type !== "add") return total; // the end of the actor comes as an event, too
    countdown.hit(event.amount);
    return total + event.amount;
  }, 0);
}

function addingCallback(countdown: Countdown): ReturnType<typeof fromCallback<Add>> {
  return fromCallback<Add>(({ receive }) => {
    receive(({ amount }) => countdown.hit(amount));
  });
}

function telling(count: number, countdown: Countdown, actor: Sender): Scenario {
  return {
    run() {
      const done = countdown.start(count);
      for (let i = 0; i < count; i++) actor.send({ type: "add", amount: 1 });
      return done;
    },
    close: () => actor.stop(),
  };
}

function doubling(): {
  readonly ask: (value: number) => Promise<number>;
  readonly close: () => unknown;
} {
  const logic = fromCallback<Question>(({ receive }) => {
    receive(({ value, reply }) => reply(2 * value));
  });
  const actor = createActor(logic).start();
  return {
    ask: (value) => new Promise((reply) => actor.send({ type: "double", value, reply })),
    close: () => actor.stop(),
  };
}

async function idling(
  count: number,
  messages: 0 | 1,
  countdown: Countdown,
  create: () => Sender,
): Promise<{ readonly refs: readonly Sender[]; readonly close: () => void }> {
  const refs: Sender[] = [];
  for (let i = 0; i < count; i++) refs.push(create());
  if (messages > 0) {
    const done = countdown.start(count);
    for (const actor of refs) actor.send({ type: "add", amount: 1 });
    await done;
  }
  return {
    refs,
    close() {
      for (const actor of refs) actor.stop();
    },
  };
}
