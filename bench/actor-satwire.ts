/** Scope: our own actors. */
import { type ActorRef, ActorSystem, type AskOptions, type Message } from "@satwire/actor";
import {
  type ActorLibrary,
  type Add,
  askAtOnce,
  askInTurn,
  Countdown,
  type Double,
  type Hop,
  type Scenario,
  sendWaiting,
  settled,
} from "./actor-library.ts";

type AddMessage = Add & Message;
type HopMessage = Hop & Message;
type DoubleMessage = Double & Message<number>;

export const satwire: ActorLibrary = {
  name: "satwire",

  tell(count) {
    const { ref, countdown, close } = adding(count);
    return {
      run() {
        const done = countdown.start(count);
        for (let i = 0; i < count; i++) void ref.tell({ type: "add", amount: 1 });
        return done;
      },
      close,
    };
  },

  tryTell(count) {
    const { ref, countdown, close } = adding(count);
    return {
      run() {
        const done = countdown.start(count);
        for (let i = 0; i < count; i++) ref.tryTell({ type: "add", amount: 1 });
        return done;
      },
      close,
    };
  },

  tellWaiting(count, senders) {
    const { ref, countdown, close } = adding();
    return {
      async run() {
        const done = countdown.start(count);
        await sendWaiting(count, senders, () => ref.tell({ type: "add", amount: 1 }));
        return await done;
      },
      close,
    };
  },

  tellAsync(count, awaits) {
    const system = new ActorSystem();
    const countdown = new Countdown();
    const ref = system.spawn<AddMessage>(
      "adder",
      async ({ amount }) => {
        if (awaits) await settled;
        countdown.hit(amount);
      },
      { mailbox: { capacity: count } },
    );
    return {
      run() {
        const done = countdown.start(count);
        for (let i = 0; i < count; i++) void ref.tell({ type: "add", amount: 1 });
        return done;
      },
      close: () => system.shutdown(),
    };
  },

  askSequential(count, timeoutMs) {
    const { ask, close } = doubling(count, timeoutMs);
    return { run: () => askInTurn(count, ask), close };
  },

  askPipelined(count, timeoutMs) {
    const { ask, close } = doubling(count, timeoutMs);
    return { run: () => askAtOnce(count, ask), close };
  },

  pingPong(count) {
    const system = new ActorSystem();
    const countdown = new Countdown();
    const player = (id: string, other: () => ActorRef<HopMessage>): ActorRef<HopMessage> =>
      system.spawn<HopMessage>(id, ({ left }) => {
        if (left === 0) countdown.hit(count);
        else void other().tell({ type: "hop", left: left - 1 });
      });
    const ping: ActorRef<HopMessage> = player("ping", () => pong);
    const pong: ActorRef<HopMessage> = player("pong", () => ping);
    return hopping(count, countdown, ping, system);
  },

  ring(count) {
    const system = new ActorSystem();
    const countdown = new Countdown();
    const refs: ActorRef<HopMessage>[] = [];
    for (let i = 0; i < count; i++) {
      const next = (i + 1) % count;
      const ref = system.spawn<HopMessage>(`actor-${i}`, ({ left }) => {
        if (left === 0) countdown.hit(count);
        else void refs[next]?.tell({ type: "hop", left: left - 1 });
      });
      refs.push(ref);
    }
    return hopping(count, countdown, refs[0] as ActorRef<HopMessage>, system);
  },

  spawnStop(count) {
    const system = new ActorSystem();
    let id = 0;
    return {
      async run() {
        const stops: Promise<unknown>[] = [];
        for (let i = 0; i < count; i++) {
          stops.push(system.stop(system.spawn<AddMessage>(`a${id++}`, () => undefined)));
        }
        return (await Promise.all(stops)).length;
      },
      close: () => system.shutdown(),
    };
  },

  async idle(count, messages) {
    const system = new ActorSystem();
    const countdown = new Countdown();
    const refs: ActorRef<AddMessage>[] = [];
    for (let i = 0; i < count; i++) {
      const handle = ({ amount }: AddMessage): void => countdown.hit(amount);
      refs.push(system.spawn<AddMessage>(`actor-${i}`, handle));
    }
    if (messages > 0) {
      const done = countdown.start(count);
      for (const ref of refs) void ref.tell({ type: "add", amount: 1 });
      await done;
    }
    return { refs, close: () => system.shutdown() };
  },
};

/** Without a capacity, the default: what does not fit waits. */
function adding(capacity?: number): {
  readonly ref: ActorRef<AddMessage>;
  readonly countdown: Countdown;
  readonly close: () => Promise<void>;
} {
  const system = new ActorSystem();
  const countdown = new Countdown();
  const ref = system.spawn<AddMessage>("adder", ({ amount }) => countdown.hit(amount), {
    mailbox: { capacity },
  });
  return { ref, countdown, close: () => system.shutdown() };
}

function hopping(
  count: number,
  countdown: Countdown,
  first: ActorRef<HopMessage>,
  system: ActorSystem,
): Scenario {
  return {
    run() {
      const done = countdown.start(count);
      void first.tell({ type: "hop", left: count });
      return done;
    },
    close: () => system.shutdown(),
  };
}

function doubling(
  capacity: number,
  timeoutMs: number | undefined,
): {
  readonly ask: (value: number) => Promise<number>;
  readonly close: () => Promise<void>;
} {
  const system = new ActorSystem();
  const ref = system.spawn<DoubleMessage>("doubler", ({ value }) => 2 * value, {
    mailbox: { capacity },
  });
  const options: AskOptions = { timeoutMs };
  return {
    ask:
      timeoutMs === undefined
        ? (value) => ref.ask({ type: "double", value })
        : (value) => ref.ask({ type: "double", value }, options),
    close: () => system.shutdown(),
  };
}
