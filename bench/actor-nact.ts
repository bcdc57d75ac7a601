/** Scope: nact, by its documented API: `start`, `spawn`, `dispatch`, `query` and `stop`. */
import { dispatch, query, type Ref, spawn, start, stop } from "nact";
import {
  type ActorLibrary,
  type Add,
  askAtOnce,
  askInTurn,
  Countdown,
  type Double,
  type Hop,
  type Scenario,
  settled,
} from "./actor-library.ts";

/** nact has no queries without a timeout. This one is long enough for a batch on a slow machine. */
const queryTimeoutMs = 2_000;

type Query = Double & { readonly sender: Ref<number> };

export const nact: ActorLibrary = {
  name: "nact",

  tell(count) {
    const system = start();
    const countdown = new Countdown();
    const ref = spawn(system, (_state: undefined, { amount }: Add) => countdown.hit(amount));
    return telling(count, countdown, ref, () => stop(system));
  },

  tellAsync(count, awaits) {
    const system = start();
    const countdown = new Countdown();
    const ref = spawn(system, async (_state: undefined, { amount }: Add) => {
      if (awaits) await settled;
      countdown.hit(amount);
    });
    return telling(count, countdown, ref, () => stop(system));
  },

  askSequential(count, timeoutMs = queryTimeoutMs) {
    const { ask, close } = doubling(timeoutMs);
    return { run: () => askInTurn(count, ask), close };
  },

  askPipelined(count, timeoutMs = queryTimeoutMs) {
    const { ask, close } = doubling(timeoutMs);
    // The ids of queries are 32 random bits: two of 10,000 are the same in one batch of a hundred. One of
    // them then gets the reply of the other, which times out.
    return { run: () => askAtOnce(count, ask).catch(() => 0), close };
  },

  pingPong(count) {
    const system = start();
    const countdown = new Countdown();
    const player = (name: string, other: () => Ref<Hop>): Ref<Hop> =>
      spawn(
        system,
        (_state: undefined, { left }: Hop) => {
          if (left === 0) countdown.hit(count);
          else dispatch(other(), { type: "hop", left: left - 1 });
        },
        name,
      );
    const ping: Ref<Hop> = player("ping", () => pong);
    const pong: Ref<Hop> = player("pong", () => ping);
    return hopping(count, countdown, ping, () => stop(system));
  },

  ring(count) {
    const system = start();
    const countdown = new Countdown();
    const refs: Ref<Hop>[] = [];
    for (let i = 0; i < count; i++) {
      const next = (i + 1) % count;
      const ref = spawn(
        system,
        (_state: undefined, { left }: Hop) => {
          if (left === 0) countdown.hit(count);
          else dispatch(refs[next] as Ref<Hop>, { type: "hop", left: left - 1 });
        },
        `actor-${i}`,
      );
      refs.push(ref);
    }
    return hopping(count, countdown, refs[0] as Ref<Hop>, () => stop(system));
  },

  spawnStop(count) {
    const system = start();
    const countdown = new Countdown();
    const options = { afterStop: () => countdown.hit(1) };
    let id = 0;
    return {
      run() {
        const done = countdown.start(count);
        for (let i = 0; i < count; i++) {
          stop(spawn(system, (_state: undefined, _message: Add) => undefined, `a${id++}`, options));
        }
        return done;
      },
      close: () => stop(system),
    };
  },

  async idle(count, messages) {
    const system = start();
    const countdown = new Countdown();
    const refs: Ref<Add>[] = [];
    for (let i = 0; i < count; i++) {
      const handle = (_state: undefined, { amount }: Add): void => countdown.hit(amount);
      refs.push(spawn(system, handle, `actor-${i}`));
    }
    if (messages > 0) {
      const done = countdown.start(count);
      for (const ref of refs) dispatch(ref, { type: "add", amount: 1 });
      await done;
    }
    return { refs, close: () => stop(system) };
  },
};

function telling(count: number, countdown: Countdown, ref: Ref<Add>, close: () => void): Scenario {
  return {
    run() {
      const done = countdown.start(count);
      for (let i = 0; i < count; i++) dispatch(ref, { type: "add", amount: 1 });
      return done;
    },
    close,
  };
}

function hopping(
  count: number,
  countdown: Countdown,
  first: Ref<Hop>,
  close: () => void,
): Scenario {
  return {
    run() {
      const done = countdown.start(count);
      dispatch(first, { type: "hop", left: count });
      return done;
    },
    close,
  };
}

function doubling(timeoutMs: number): {
  readonly ask: (value: number) => Promise<number>;
  readonly close: () => void;
} {
  const system = start();
  const ref = spawn(system, (_state: undefined, { value, sender }: Query) =>
    dispatch(sender, 2 * value),
  );
  return {
    ask: (value) =>
      query(ref, (sender: Ref<number>): Query => ({ type: "double", value, sender }), timeoutMs),
    close: () => stop(system),
  };
}
