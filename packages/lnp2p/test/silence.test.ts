// A peer that falls silent is given up after the time that its phase may take, and not before.
import { systemClock } from "@satwire/actor";
import { defaultTimeouts, type PeerErrorCode, SimplePeer, type Timeouts } from "@satwire/lnp2p";
import type { Dialer } from "@satwire/net";
import { generatePrivateKey } from "@satwire/noise";
import { settle, VirtualClock } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { collect, failure, states } from "./collect.ts";
import { plainInit, type RawConnection, rawServer } from "./raw-server.ts";

interface Phase {
  readonly name: string;
  readonly code: PeerErrorCode;
  readonly timeout: keyof Timeouts;
  /** Where in the handshake the peer stops. */
  readonly script: (connection: RawConnection) => Promise<void> | void;
}

const phases: Phase[] = [
  {
    name: "instead of act two",
    code: "handshake_timeout",
    timeout: "handshakeMs",
    script: () => {},
  },
  {
    name: "in the middle of act two",
    code: "handshake_timeout",
    timeout: "handshakeMs",
    script: ({ stream }) => void stream.write(Uint8Array.of(0, 2, 3)),
  },
  {
    name: "instead of init",
    code: "init_timeout",
    timeout: "initMs",
    script: (connection) => connection.handshake(),
  },
  {
    name: "in the middle of init",
    code: "init_timeout",
    timeout: "initMs",
    script: async (connection) => {
      await connection.handshake();
      connection.stream.write(connection.frames(plainInit).subarray(0, 20));
    },
  },
];

describe("silence", () => {
  test.each(phases)("$name", async ({ code, timeout, script }) => {
    const clock = new VirtualClock();
    const { target, network, connection } = await rawServer(script);
    const peer = new SimplePeer({ target, dialer: network.dialer, clock });
    const failed = failure(peer.connect());
    const raw = await connection;
    await settle();
    expect(clock.pending).toMatchObject([{ dueInMs: defaultTimeouts()[timeout] }]);
    await clock.advance(defaultTimeouts()[timeout] - 1);
    expect(peer.state).not.toBe("disconnected");
    await clock.advance(1);
    expect((await failed).code).toBe(code);
    expect(clock.pending).toEqual([]);
    await raw.closed;
    expect((await states(peer.connectionEvents())).at(-1)).toBe("disconnected");
  });

  test("of the address itself aborts the dial and destroys a stream that comes all the same", async () => {
    const clock = new VirtualClock();
    const { target, network, connection } = await rawServer(() => {});
    const abortReasons: unknown[] = [];
    let answer: () => void = () => {};
    const dialer: Dialer = async (address, { signal } = {}) => {
      signal?.addEventListener("abort", () => abortReasons.push(signal.reason));
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return network.dialer(address);
    };
    const peer = new SimplePeer({ target, dialer, clock, timeouts: { dialMs: 100 } });
    const failed = failure(peer.connect());
    await clock.advance(99);
    expect(abortReasons).toEqual([]);
    await clock.advance(1);
    const error = await failed;
    expect(error).toMatchObject({ code: "dial_timeout", phase: "connecting" });
    expect(abortReasons).toEqual([error]);
    answer();
    expect(await (await connection).closed).toMatchObject({ code: "reset" });
    expect(peer.remoteAddress).toBeUndefined();
  });

  test("broken by a byte now and then does not help", async () => {
    const clock = new VirtualClock();
    const { target, network, connection } = await rawServer(() => {});
    const peer = new SimplePeer({ target, dialer: network.dialer, clock });
    const failed = failure(peer.connect());
    const { stream, closed } = await connection;
    for (let i = 0; i < 15; i++) {
      stream.write(Uint8Array.of(i === 0 ? 0 : 2));
      await clock.advance(1000);
    }
    expect((await failed).code).toBe("handshake_timeout");
    await closed;
  });

  test("after close ends in a reset once the time for an end in order is over", async () => {
    const clock = new VirtualClock();
    const { target, network, connection } = await rawServer(async (raw) => {
      await raw.handshake();
      raw.answersEnd = false;
      raw.send(plainInit);
    });
    const peer = new SimplePeer({ target, dialer: network.dialer, clock });
    await peer.connect();
    const raw = await connection;
    const closed = peer.close();
    expect(peer.close()).toBe(closed);
    await clock.advance(defaultTimeouts().closeMs - 1);
    expect(peer.state).toBe("closing");
    await clock.advance(1);
    await closed;
    expect(await raw.closed).toMatchObject({ code: "reset" });
    expect((await collect(peer.connectionEvents())).at(-1)).not.toHaveProperty("error");
  });

  test("of a peer that has ended its side and does not read ends in a reset as well", async () => {
    const clock = new VirtualClock();
    const { target, network, connection } = await rawServer(async (raw) => {
      await raw.handshake();
      raw.send(plainInit);
      await raw.receive(1);
      raw.stream.pause();
    });
    const peer = new SimplePeer({ target, dialer: network.dialer, clock });
    await peer.connect();
    const raw = await connection;
    const payload = new Uint8Array(60_000);
    for (let i = 0; i < 3; i++)
      await Promise.race([settle(), peer.sendMessage({ type: "unknown", id: 32769, payload })]);
    const waiting = failure(peer.sendMessage({ type: "unknown", id: 32769, payload }));
    raw.stream.end();
    expect((await waiting).code).toBe("closed");
    expect((await failure(peer.sendMessage({ type: "unknown", id: 32769, payload }))).code).toBe(
      "closed",
    );
    await clock.advance(defaultTimeouts().closeMs - 1);
    expect(peer.state).toBe("connected");
    await clock.advance(1);
    const last = (await collect(peer.connectionEvents())).at(-1);
    expect(last).toMatchObject({ state: "disconnected", details: "the peer ended the connection" });
    expect(last).not.toHaveProperty("error");
    expect(await raw.closed).toMatchObject({ code: "reset" });
  });

  test("of a caller is not a failure: a connected peer has no deadline and no timer", async () => {
    const clock = new VirtualClock();
    const { target, network } = await rawServer(async (raw) => {
      await raw.handshake();
      raw.send(plainInit);
    });
    await using peer = new SimplePeer({ target, dialer: network.dialer, clock });
    await peer.connect();
    expect(clock.pending).toEqual([]);
    await clock.advance(3_600_000);
    expect(peer.isConnected).toBe(true);
  });
});

test.each([0, -1, Number.NaN])("a timeout of %s is refused", (dialMs) => {
  const target = {
    publicKey: new Uint8Array(33),
    address: { kind: "dns", host: "a", port: 1 },
  } as const;
  const options = { target, localKey: generatePrivateKey(), timeouts: { dialMs } };
  expect(() => new SimplePeer({ ...options, clock: systemClock })).toThrow(
    expect.objectContaining({ code: "invalid_option" }),
  );
});
