/**
 * Scope: what one writes without a library: an array, and a loop that waits for each message. It has no failures,
 * no names, no end of the waiting, no fairness; what it costs is the floor for code that awaits.
 */
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

/** As every queue of the other libraries holds 100 by default, so does this one for those who wait. */
const capacity = 100;

class AsyncQueue<T> {
  readonly #items: T[] = [];
  readonly #senders: (() => void)[] = [];
  #wake: ((item: T) => void) | undefined;

  push(item: T): void {
    const wake = this.#wake;
    this.#wake = undefined;
    if (wake === undefined) this.#items.push(item);
    else wake(item);
  }

  async pushWaiting(item: T): Promise<void> {
    while (this.#items.length >= capacity) {
      await new Promise<void>((resolve) => this.#senders.push(resolve));
    }
    this.push(item);
  }

  async take(): Promise<T> {
    if (this.#items.length === 0) {
      return await new Promise((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#senders.shift()?.();
    return this.#items.shift() as T;
  }
}

interface Consumer<T> {
  readonly queue: AsyncQueue<T>;
  /** Ends the loop. */
  readonly close: () => Promise<void>;
}

const end: unique symbol = Symbol("end");

function consume<T>(handle: (item: T) => void | Promise<void>): Consumer<T> {
  const queue = new AsyncQueue<T | typeof end>();
  const loop = async (): Promise<void> => {
    for (;;) {
      const item = await queue.take();
      if (item === end) return;
      const handled = handle(item);
      if (handled !== undefined) await handled;
    }
  };
  const ended = loop();
  return {
    queue: queue as AsyncQueue<T>,
    close() {
      queue.push(end);
      return ended;
    },
  };
}

export const asyncQueue: ActorLibrary = {
  name: "async queue",

  tell(count) {
    const countdown = new Countdown();
    const consumer = consume<Add>(({ amount }) => countdown.hit(amount));
    return telling(count, countdown, consumer);
  },

  tellWaiting(count, senders) {
    const countdown = new Countdown();
    const { queue, close } = consume<Add>(({ amount }) => countdown.hit(amount));
    return {
      async run() {
        const done = countdown.start(count);
        await sendWaiting(count, senders, () => queue.pushWaiting({ type: "add", amount: 1 }));
        return await done;
      },
      close,
    };
  },

  tellAsync(count, awaits) {
    const countdown = new Countdown();
    const consumer = consume<Add>(async ({ amount }) => {
      if (awaits) await settled;
      countdown.hit(amount);
    });
    return telling(count, countdown, consumer);
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
    const player = (other: () => Consumer<Hop>): Consumer<Hop> =>
      consume<Hop>(({ left }) => {
        if (left === 0) countdown.hit(count);
        else other().queue.push({ type: "hop", left: left - 1 });
      });
    const ping: Consumer<Hop> = player(() => pong);
    const pong: Consumer<Hop> = player(() => ping);
    return hopping(count, countdown, [ping, pong]);
  },

  ring(count) {
    const countdown = new Countdown();
    const consumers: Consumer<Hop>[] = [];
    for (let i = 0; i < count; i++) {
      const next = (i + 1) % count;
      const consumer = consume<Hop>(({ left }) => {
        if (left === 0) countdown.hit(count);
        else consumers[next]?.queue.push({ type: "hop", left: left - 1 });
      });
      consumers.push(consumer);
    }
    return hopping(count, countdown, consumers);
  },

  spawnStop(count) {
    return {
      async run() {
        const ends: Promise<void>[] = [];
        for (let i = 0; i < count; i++) ends.push(consume<Add>(() => undefined).close());
        return (await Promise.all(ends)).length;
      },
      close: () => undefined,
    };
  },

  async idle(count, messages) {
    const countdown = new Countdown();
    const refs: Consumer<Add>[] = [];
    for (let i = 0; i < count; i++) {
      refs.push(consume<Add>(({ amount }) => countdown.hit(amount)));
    }
    if (messages > 0) {
      const done = countdown.start(count);
      for (const { queue } of refs) queue.push({ type: "add", amount: 1 });
      await done;
    }
    return { refs, close: () => Promise.all(refs.map(({ close }) => close())) };
  },
};

function telling(count: number, countdown: Countdown, { queue, close }: Consumer<Add>): Scenario {
  return {
    run() {
      const done = countdown.start(count);
      for (let i = 0; i < count; i++) queue.push({ type: "add", amount: 1 });
      return done;
    },
    close,
  };
}

function hopping(
  count: number,
  countdown: Countdown,
  consumers: readonly Consumer<Hop>[],
): Scenario {
  return {
    run() {
      const done = countdown.start(count);
      consumers[0]?.queue.push({ type: "hop", left: count });
      return done;
    },
    close: () => Promise.all(consumers.map(({ close }) => close())),
  };
}

function doubling(): {
  readonly ask: (value: number) => Promise<number>;
  readonly close: () => Promise<void>;
} {
  const { queue, close } = consume<Double & { readonly reply: (value: number) => void }>(
    ({ value, reply }) => reply(2 * value),
  );
  return {
    ask: (value) => new Promise((reply) => queue.push({ type: "double", value, reply })),
    close,
  };
}
