// Closing and aborting in every state: once, for all callers, without leaving anything behind.
import { type ConnectionState, SimplePeer } from "@satwire/lnp2p";
import { type Dialer, NetError } from "@satwire/net";
import { settle, VirtualClock } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { collect, failure, states } from "./collect.ts";
import { plainInit, type RawConnection, rawServer } from "./raw-server.ts";

const never: Dialer = (_target, { signal } = {}) =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener("abort", () =>
      reject(new NetError("aborted", "dialing was aborted", { cause: signal.reason })),
    );
  });

interface Stage {
  readonly state: ConnectionState;
  readonly script: (connection: RawConnection) => Promise<void> | void;
  readonly dialer?: Dialer;
}

const stages: Stage[] = [
  { state: "connecting", script: () => {}, dialer: never },
  { state: "handshaking", script: () => {} },
  { state: "initializing", script: (connection) => connection.handshake() },
];

describe.each(stages)("while $state", ({ state, script, dialer }) => {
  const start = async () => {
    const clock = new VirtualClock();
    const { target, network } = await rawServer(script);
    const peer = new SimplePeer({ target, dialer: dialer ?? network.dialer, clock });
    const controller = new AbortController();
    const failed = failure(peer.connect({ signal: controller.signal }));
    for (let turn = 0; peer.state !== state && turn < 50; turn++) await settle();
    expect(peer.state).toBe(state);
    return { peer, clock, controller, failed };
  };

  test("close ends it for every caller", async () => {
    const { peer, clock, failed } = await start();
    const closed = peer.close();
    expect(peer.close()).toBe(closed);
    await closed;
    expect((await failed).code).toBe("closed");
    expect(clock.pending).toEqual([]);
    const events = await collect(peer.connectionEvents());
    expect(events.slice(-2).map((event) => event.state)).toEqual(["closing", "disconnected"]);
    expect(events.at(-1)).not.toHaveProperty("error");
    expect(await collect(peer.receiveMessages())).toEqual([]);
  });

  test("an abort after close changes nothing", async () => {
    const { peer, controller, failed } = await start();
    const closed = peer.close();
    controller.abort("too late");
    await closed;
    expect((await failed).code).toBe("closed");
    expect((await collect(peer.connectionEvents())).at(-1)).not.toHaveProperty("error");
  });

  test("an abort ends it with the signal's reason", async () => {
    const { peer, clock, controller, failed } = await start();
    controller.abort("changed my mind");
    const error = await failed;
    expect(error).toMatchObject({ code: "aborted", cause: "changed my mind", phase: state });
    expect(clock.pending).toEqual([]);
    expect((await collect(peer.connectionEvents())).at(-1)).toMatchObject({
      state: "disconnected",
      error,
    });
    await peer.close();
  });
});

describe("while connected", () => {
  const start = async () => {
    const { target, network, connection } = await rawServer(async (raw) => {
      await raw.handshake();
      raw.send(plainInit);
    });
    const peer = new SimplePeer({ target, dialer: network.dialer });
    await peer.connect();
    return { peer, raw: await connection };
  };

  test("what was sent before close still arrives", async () => {
    const { peer, raw } = await start();
    await raw.receive(1); // init
    const messages = raw.receive(10);
    for (let i = 0; i < 10; i++) {
      await peer.sendMessage({ type: "unknown", id: 32769, payload: Uint8Array.of(i) });
    }
    await peer.close();
    expect((await messages).map((frame) => frame[2])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await raw.closed).toBeUndefined();
  });

  test("close does not wait for its deadline when nobody has read the messages", async () => {
    const clock = new VirtualClock();
    const { target, network, connection } = await rawServer(async (raw) => {
      await raw.handshake();
      raw.send(plainInit);
    });
    const peer = new SimplePeer({ target, dialer: network.dialer, receiveCapacity: 2, clock });
    await peer.connect();
    const raw = await connection;
    for (let i = 0; i < 9; i++) raw.send({ type: "unknown", id: 32769, payload: Uint8Array.of(i) });
    await settle();
    await peer.close();
    expect(await raw.closed).toBeUndefined();
  });

  test("calls of sendMessage that wait are served before the end", async () => {
    const { peer, raw } = await start();
    await raw.receive(1); // init
    raw.stream.pause();
    const payload = new Uint8Array(30_000);
    const sent = Array.from({ length: 20 }, () =>
      peer.sendMessage({ type: "unknown", id: 32769, payload }),
    );
    const closed = peer.close();
    expect((await failure(peer.sendMessage({ type: "pong", ignored: payload }))).code).toBe(
      "closed",
    );
    raw.stream.resume();
    expect(await raw.receive(20)).toHaveLength(20);
    await Promise.all([...sent, closed]);
    expect(await raw.closed).toBeUndefined();
  });

  test("what the peer does wrong after close is of no concern any more", async () => {
    const { peer, raw } = await start();
    raw.answersEnd = false;
    const closed = peer.close();
    await settle();
    raw.send({ type: "unknown", id: 32770, payload: Uint8Array.of(1) });
    raw.stream.end();
    await closed;
    expect(await collect(peer.receiveMessages())).toEqual([]);
    expect((await collect(peer.connectionEvents())).at(-1)).not.toHaveProperty("error");
  });

  test("close may be called inside the loop that reads messages", async () => {
    const { peer, raw } = await start();
    raw.send({ type: "unknown", id: 32769, payload: Uint8Array.of(1) });
    let seen = 0;
    for await (const _message of peer.receiveMessages()) {
      seen++;
      await peer.close();
    }
    expect(seen).toBe(1);
    expect(peer.state).toBe("disconnected");
  });

  test("close may be called inside the loop that reads events", async () => {
    const { peer } = await start();
    const seen: string[] = [];
    for await (const { state } of peer.connectionEvents()) {
      seen.push(state);
      if (state === "connected") await peer.close();
    }
    expect(seen.slice(-3)).toEqual(["connected", "closing", "disconnected"]);
  });

  test("an abort of the signal that connect was given has no effect any more", async () => {
    const { target, network } = await rawServer(async (raw) => {
      await raw.handshake();
      raw.send(plainInit);
    });
    await using peer = new SimplePeer({ target, dialer: network.dialer });
    const controller = new AbortController();
    await peer.connect({ signal: controller.signal });
    controller.abort();
    await settle();
    expect(peer.isConnected).toBe(true);
  });

  test("events can be read by many, early and late, and leaving one reader harms no other", async () => {
    const { peer } = await start();
    const [all, some] = [states(peer.connectionEvents()), peer.connectionEvents()];
    await some.next();
    await some.return?.();
    await peer.close();
    expect(await all).toEqual(await states(peer.connectionEvents()));
  });
});

test("a peer that was never connected closes too", async () => {
  const { target, network } = await rawServer(() => {});
  const peer = new SimplePeer({ target, dialer: network.dialer });
  await peer.close();
  expect(await states(peer.connectionEvents())).toEqual(["disconnected"]);
  expect((await failure(peer.connect())).code).toBe("closed");
});

test("a signal that has aborted before connects nothing", async () => {
  const { target } = await rawServer(() => {});
  let dials = 0;
  const dialer: Dialer = (...call) => {
    dials++;
    return never(...call);
  };
  const peer = new SimplePeer({ target, dialer });
  expect((await failure(peer.connect({ signal: AbortSignal.abort("no") }))).code).toBe("aborted");
  expect(dials).toBe(0);
});
