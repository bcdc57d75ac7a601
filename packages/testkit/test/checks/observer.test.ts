import {
  checkInvariants,
  MockConnection,
  type ObservableConnection,
  type ObservableEvent,
  type Observation,
  observe,
  settle,
  VirtualClock,
} from "@satwire/testkit";
import { describe, expect, test } from "vitest";

const ping = { type: "ping", numPongBytes: 1, ignored: new Uint8Array(0) } as const;
const warning = {
  type: "warning",
  channelId: new Uint8Array(32),
  data: new Uint8Array(0),
} as const;

/** A log in short. */
const short = (log: readonly Observation[]): string[] =>
  log.map((seen) => {
    if (seen.kind === "message") return `${seen.direction} ${seen.type}`;
    if (seen.kind === "buffer") return `${seen.name} ${seen.size}/${seen.limit}`;
    return seen.kind === "state" ? seen.state : seen.kind;
  });

/** A connection that does what a test says, and breaks what rules it likes. */
class LooseConnection implements ObservableConnection {
  readonly #feeds = { events: feed<ObservableEvent>(), messages: feed<{ type: string }>() };
  remoteInit: unknown = undefined;
  sendFailure: Error | undefined;
  sending: Promise<void> | undefined;
  readonly sent: string[] = [];

  event(state: string): void {
    this.#feeds.events.push({ type: "state", state });
  }

  message(type: string): void {
    this.#feeds.messages.push({ type });
  }

  endEvents(error?: Error): void {
    this.#feeds.events.end(error);
  }

  endMessages(error?: Error): void {
    this.#feeds.messages.end(error);
  }

  async sendMessage(message: { readonly type: string }): Promise<void> {
    await this.sending;
    if (this.sendFailure !== undefined) throw this.sendFailure;
    this.sent.push(message.type);
  }

  receiveMessages(): AsyncIterableIterator<{ type: string }, undefined> {
    return this.#feeds.messages.read();
  }

  connectionEvents(): AsyncIterableIterator<ObservableEvent, undefined> {
    return this.#feeds.events.read();
  }
}

function feed<T>(): {
  push(item: T): void;
  end(error?: Error): void;
  read(): AsyncIterableIterator<T, undefined>;
} {
  const items: (() => IteratorResult<T, undefined>)[] = [];
  let wake = (): void => {};
  const add = (item: () => IteratorResult<T, undefined>): void => {
    items.push(item);
    wake();
  };
  return {
    push: (value) => add(() => ({ done: false, value })),
    end: (error) =>
      add(() => {
        if (error !== undefined) throw error;
        return { done: true, value: undefined };
      }),
    read() {
      return {
        async next() {
          while (items.length === 0) await new Promise<void>((resolve) => (wake = resolve));
          return (items.shift() as () => IteratorResult<T, undefined>)();
        },
        async return() {
          return { done: true, value: undefined };
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
  };
}

describe("a mock connection", () => {
  test("is observed from its beginning to its end, and breaks no invariant", async () => {
    const clock = new VirtualClock(0);
    const mock = new MockConnection({ clock });
    using observer = observe(mock, { clock });
    await clock.runUntil(mock.connect());
    mock.push(warning, ping);
    await settle();
    await clock.advance(10);
    await observer.connection.sendMessage(ping);
    await clock.runUntil(mock.close());
    await observer.ended;
    const log = short(observer.log);
    expect(log.slice(0, 7)).toEqual([
      "connecting",
      "handshaking",
      "initializing",
      "in init",
      "connected",
      "note",
      "in warning",
    ]);
    expect(log).toContain("out ping");
    expect(log.toSorted().filter((text) => text.endsWith("-end"))).toEqual([
      "events-end",
      "messages-end",
    ]);
    expect(observer.log.find(({ kind }) => kind === "message")?.atMs).toBe(0);
    expect(observer.log.at(-1)?.atMs).toBe(10);
    checkInvariants(observer.log);
  });

  test("that breaks breaks no invariant either", async () => {
    const mock = new MockConnection();
    const observer = observe(mock);
    await mock.connect();
    mock.push(warning);
    mock.end("connection_lost");
    await observer.ended;
    expect(observer.log.find(({ kind }) => kind === "messages-end")).toMatchObject({
      error: { code: "connection_lost" },
    });
    checkInvariants(observer.log);
  });
});

describe("an observer", () => {
  test("shows rules that are broken", async () => {
    const loose = new LooseConnection();
    const observer = observe(loose, { clock: new VirtualClock() });
    loose.event("connecting");
    loose.event("connected");
    loose.message("pong");
    loose.event("disconnected");
    loose.event("disconnected");
    loose.endEvents();
    await settle();
    await observer.connection.sendMessage(ping as never);
    loose.endMessages(new Error("x"));
    await observer.ended;
    expect(() => checkInvariants(observer.log)).toThrow(
      expect.objectContaining({
        violations: [
          "legalStateTransitions",
          "noMessageAfterClose",
          "initFirst",
          "singleClose",
          "sameReason",
        ].map((invariant) => expect.objectContaining({ invariant })),
      }),
    );
  });

  test("tells of a loop over events that throws", async () => {
    const loose = new LooseConnection();
    const observer = observe(loose, { readsMessages: false });
    const error = new Error("x");
    loose.endEvents(error);
    await observer.ended;
    expect(observer.log).toMatchObject([{ kind: "events-end", error }]);
  });

  test("leaves messages to the code under test, and sees what that reads", async () => {
    const loose = new LooseConnection();
    using observer = observe(loose, { readsMessages: false });
    const { connection } = observer;
    expect(connection).toBeInstanceOf(LooseConnection);
    loose.message("pong");
    loose.message("warning");
    await settle();
    expect(observer.log).toEqual([]);
    for await (const { type } of connection.receiveMessages()) if (type === "warning") break;
    expect(short(observer.log)).toEqual(["in pong", "in warning"]);
    const error = new Error("lost");
    loose.message("error");
    loose.endMessages(error);
    await expect(
      (async () => {
        for await (const _ of connection.receiveMessages());
      })(),
    ).rejects.toBe(error);
    expect(short(observer.log)).toEqual(["in pong", "in warning", "in error", "messages-end"]);
    expect(observer.log.at(-1)).toMatchObject({ error });
  });

  test("notes what was sent where the call began, and not what was refused", async () => {
    const loose = new LooseConnection();
    using observer = observe(loose, { readsMessages: false });
    const { connection } = observer;
    let open = (): void => {};
    loose.sending = new Promise<void>((resolve) => (open = resolve));
    const slow = connection.sendMessage(ping);
    loose.event("closing");
    await settle();
    expect(short(observer.log)).toEqual(["closing"]);
    open();
    await slow;
    expect(short(observer.log)).toEqual(["out ping", "closing"]);
    loose.sendFailure = new Error("no");
    await expect(connection.sendMessage(ping)).rejects.toBe(loose.sendFailure);
    expect(short(observer.log)).toEqual(["out ping", "closing"]);
    expect(loose.sent).toEqual(["ping"]);
  });

  test("hands on everything else, private fields and settable ones included", async () => {
    const mock = new MockConnection();
    using observer = observe(mock);
    const { connection } = observer;
    expect(connection.close()).toBe(mock.close());
    expect(Reflect.get(connection, "close")).toBe(Reflect.get(connection, "close"));
    expect(connection.localPublicKey).toBe(mock.localPublicKey);
    expect("state" in connection).toBe(true);
    const loose = new LooseConnection();
    const wrapped = observe(loose).connection;
    const init = {};
    wrapped.remoteInit = init;
    expect([loose.remoteInit, wrapped.remoteInit]).toEqual([init, init]);
  });

  test("looks at buffers whenever something happens", async () => {
    const loose = new LooseConnection();
    const queue: number[] = [];
    using observer = observe(loose, { buffers: { queue: { limit: 1, size: () => queue.length } } });
    loose.event("connecting");
    await settle();
    queue.push(1, 2);
    loose.event("handshaking");
    await settle();
    expect(short(observer.log)).toEqual(["connecting", "queue 0/1", "handshaking", "queue 2/1"]);
    expect(() => checkInvariants(observer.log)).toThrow("boundedBuffers does not hold at 3");
  });

  test("stops when it is closed, and lets the connection go on", async () => {
    const mock = new MockConnection();
    const observer = observe(mock);
    await settle();
    observer.close();
    observer.close();
    await observer.ended;
    await mock.connect();
    mock.push(warning);
    expect(observer.log).toEqual([]);
    const messages = mock.receiveMessages();
    expect((await messages.next()).value).toMatchObject({ type: "warning" });
    await mock.close();
  });

  test("stops when its log is full, and says so", async () => {
    const loose = new LooseConnection();
    const observer = observe(loose, { capacity: 3 });
    for (const state of ["a", "b", "c", "d"]) loose.event(state);
    await observer.ended;
    expect(short(observer.log)).toEqual(["a", "b", "full"]);
    expect(() => checkInvariants(observer.log)).toThrow("the log was full after 2 observations");
  });

  test("writes down a hundred thousand things", async () => {
    const loose = new LooseConnection();
    const buffer = { limit: 1, size: () => 0 };
    const buffers = Object.fromEntries(Array.from({ length: 30_000 }, (_, i) => [`b${i}`, buffer]));
    const observer = observe(loose, { buffers });
    for (const state of ["a", "b", "c", "d"]) loose.event(state);
    await observer.ended;
    expect([observer.log.length, observer.log.at(-2)?.kind]).toEqual([100_000, "buffer"]);
    expect(observer.log.at(-1)?.kind).toBe("full");
  });

  test("leaves its loops when it is disposed of, and looks at nothing any more", async () => {
    const loose = new LooseConnection();
    const left: string[] = [];
    const [events, messages] = [loose.connectionEvents(), loose.receiveMessages()];
    const leaving = (what: string) => async () => {
      left.push(what);
      return { done: true, value: undefined } as const;
    };
    loose.connectionEvents = () => Object.assign(events, { return: leaving("events") });
    loose.receiveMessages = () => Object.assign(messages, { return: leaving("messages") });
    let looks = 0;
    const observer = observe(loose, { buffers: { queue: { limit: 1, size: () => looks++ } } });
    observer[Symbol.dispose]();
    await observer.ended;
    loose.event("connecting");
    await observer.connection.sendMessage(ping);
    await settle();
    expect(left.toSorted()).toEqual(["events", "messages"]);
    expect([observer.log, looks]).toEqual([[], 0]);
  });

  test("notes one end of the messages, and none for who has left them", async () => {
    const loose = new LooseConnection();
    using observer = observe(loose, { readsMessages: false });
    const [first, second] = [1, 2].map(() => observer.connection.receiveMessages());
    await first?.return?.();
    for (let i = 0; i < 3; i++) loose.endMessages();
    await first?.next();
    expect(observer.log).toEqual([]);
    await second?.next();
    await second?.next();
    expect(short(observer.log)).toEqual(["messages-end"]);
  });

  test("notes events without words, and hands on the options of a send", async () => {
    const mock = new MockConnection({ isConnected: true, events: [{}] });
    using observer = observe(mock);
    await settle();
    expect(observer.log).toMatchObject([{ kind: "message" }, { kind: "note", text: "" }]);
    const signal = AbortSignal.abort();
    await expect(observer.connection.sendMessage(ping, { signal })).rejects.toMatchObject({
      code: "aborted",
    });
  });

  test.each([0, 1.5, Number.NaN])("refuses a capacity of %d", (capacity) => {
    expect(() => observe(new LooseConnection(), { capacity })).toThrow(RangeError);
  });
});
