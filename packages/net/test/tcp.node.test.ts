import { getEventListeners } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import {
  type ByteStream,
  defaultDialer,
  type HostPort,
  listenTcp,
  NetError,
  parseHostPort,
  tcpDialer,
} from "../src/index.ts";
import { rejectionOf, thrownBy } from "./failure.ts";
import { collectUncaught, record } from "./recorder.ts";

const anyPort = parseHostPort("127.0.0.1:0", { allowPortZero: true });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A queue of accepted streams that a test can wait for. */
class Accepted {
  readonly streams: ByteStream[] = [];
  #waiting: (() => void)[] = [];
  readonly add = (stream: ByteStream): void => {
    this.streams.push(stream);
    for (const resolve of this.#waiting.splice(0)) resolve();
  };

  async at(index: number): Promise<ByteStream> {
    for (;;) {
      const stream = this.streams[index];
      if (stream !== undefined) return stream;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

/** Sockets, servers and name look-ups of this process that are open. */
const openHandles = (): string[] =>
  process.getActiveResourcesInfo().filter((name) => /TCP|GetAddrInfo/.test(name));

/** Closing takes the system a few turns; what stays open lets the test run into its time limit. */
async function untilNoHandles(): Promise<void> {
  while (openHandles().length > 0) await nextTurn();
}

/** A port of this machine where nobody listens. */
async function closedPort(): Promise<HostPort> {
  const listener = await listenTcp(anyPort, () => {});
  await listener.close();
  return listener.address;
}

describe("dialing", () => {
  test("is refused where nobody listens", async () => {
    const target = await closedPort();
    const error = await rejectionOf(defaultDialer(target));
    expect(error).toBeInstanceOf(NetError);
    expect(error).toMatchObject({
      code: "refused",
      address: `127.0.0.1:${target.port}`,
      message: `connecting to 127.0.0.1:${target.port} failed: ECONNREFUSED`,
      cause: { code: "ECONNREFUSED" },
    });
  });

  test("is refused by all addresses of a name", async () => {
    const { port } = await closedPort();
    const error = await rejectionOf(defaultDialer(parseHostPort(`localhost:${port}`)));
    expect(error).toMatchObject({ code: "refused" });
  });

  test("does not find names that cannot exist", { timeout: 30_000 }, async () => {
    const error = await rejectionOf(defaultDialer(parseHostPort("nobody.invalid:9735")));
    expect(error).toMatchObject({ code: "host_not_found" });
  });

  test("does not look up .onion names", async () => {
    const target = parseHostPort(`${"a".repeat(54)}ad.onion:9735`);
    const unsupported = { name: "NetError", code: "unsupported_address" };
    expect(await rejectionOf(defaultDialer(target))).toMatchObject(unsupported);
    expect(await rejectionOf(listenTcp(target, () => {}))).toMatchObject(unsupported);
  });

  test("checks addresses that were put together by hand", async () => {
    const bad: HostPort[] = [
      { kind: "dns", host: "", port: 9735 },
      { kind: "dns", host: "x.onion", port: 9735 },
      { kind: "ipv4", host: "127.1", port: 9735 },
      { kind: "ipv4", host: "127.0.0.1", port: 0 },
      { kind: "ipv4", host: "127.0.0.1", port: 65_536 },
    ];
    for (const target of bad) {
      expect(await rejectionOf(defaultDialer(target))).toMatchObject({ code: "invalid_address" });
    }
  });

  test("refuses a keep-alive time that is not a positive integer", () => {
    for (const keepAliveMs of [0, -1, 0.5, Number.NaN]) {
      expect(thrownBy(() => tcpDialer({ keepAliveMs }))).toBeInstanceOf(RangeError);
    }
  });

  test("connects with keep-alive", async () => {
    const accepted = new Accepted();
    await using listener = await listenTcp(anyPort, accepted.add, { keepAliveMs: 30_000 });
    const stream = await tcpDialer({ keepAliveMs: 30_000 })(listener.address);
    const at = record(stream);
    (await accepted.at(0)).write(bytes("x"));
    await at.until(() => at.text === "x");
    stream.destroy();
    (await accepted.at(0)).destroy();
  });

  test("names both ends, each seen from its own side", async () => {
    const accepted = new Accepted();
    await using listener = await listenTcp(anyPort, accepted.add);
    const dialed = await defaultDialer(parseHostPort(`localhost:${listener.address.port}`));
    const stream = await accepted.at(0);
    expect(dialed.remoteAddress).toEqual(listener.address);
    expect(dialed.localAddress).toEqual(stream.remoteAddress);
    expect(stream.localAddress).toEqual(listener.address);
    dialed.destroy();
    const at = record(stream);
    await at.closed();
    expect(stream.remoteAddress).toEqual(dialed.localAddress); // also when it is closed
  });
});

describe("aborting a dial", () => {
  const reason = new Error("enough");
  const aborted = { name: "NetError", code: "aborted", cause: reason };

  test("before it starts opens nothing", async () => {
    await untilNoHandles();
    const dial = defaultDialer(anyAddress(9), { signal: AbortSignal.abort(reason) });
    expect(openHandles()).toEqual([]);
    expect(await rejectionOf(dial)).toMatchObject(aborted);
  });

  for (const host of ["127.0.0.1", "localhost"]) {
    test(`while connecting to ${host} closes the socket and removes the listener`, async () => {
      await untilNoHandles();
      const accepted = new Accepted();
      const listener = await listenTcp(anyPort, accepted.add);
      const controller = new AbortController();
      const target = parseHostPort(`${host}:${listener.address.port}`);
      const dial = defaultDialer(target, { signal: controller.signal });
      expect(getEventListeners(controller.signal, "abort").length).toBe(1);
      controller.abort(reason);
      expect(getEventListeners(controller.signal, "abort").length).toBe(0);
      expect(await rejectionOf(dial)).toMatchObject(aborted);
      // The system may have connected before the abort: then the other side sees the socket go.
      await defaultDialer(listener.address).then((probe) => probe.destroy());
      await accepted.at(0);
      await listener.close();
      for (const stream of accepted.streams) stream.destroy();
      await untilNoHandles();
    });
  }

  test("after it connected changes nothing", async () => {
    const accepted = new Accepted();
    await using listener = await listenTcp(anyPort, accepted.add);
    const controller = new AbortController();
    const stream = await defaultDialer(listener.address, { signal: controller.signal });
    controller.abort(reason);
    const at = record(stream);
    (await accepted.at(0)).write(bytes("x"));
    await at.until(() => at.text === "x");
    stream.destroy();
    (await accepted.at(0)).destroy();
  });

  test("10,000 dials leave no listener on their signal and no socket", {
    timeout: 60_000,
  }, async () => {
    await untilNoHandles();
    const target = await closedPort();
    const { signal } = new AbortController();
    const codes = new Set<unknown>();
    for (let round = 0; round < 100; round += 1) {
      const dials = Array.from({ length: 100 }, () =>
        rejectionOf(defaultDialer(target, { signal })),
      );
      for (const error of await Promise.all(dials))
        codes.add(error instanceof NetError && error.code);
    }
    expect([...codes]).toEqual(["refused"]);
    expect(getEventListeners(signal, "abort").length).toBe(0);
    await untilNoHandles();
  });

  test("dials that succeed leave no listener on their signal either", async () => {
    const accepted = new Accepted();
    await using listener = await listenTcp(anyPort, accepted.add);
    const { signal } = new AbortController();
    const dials = Array.from({ length: 50 }, () => defaultDialer(listener.address, { signal }));
    const streams = await Promise.all(dials);
    expect(getEventListeners(signal, "abort").length).toBe(0);
    for (const [index, stream] of streams.entries()) {
      stream.destroy();
      (await accepted.at(index)).destroy();
    }
  });
});

describe("listening", () => {
  test("at port 0 gives the real port, and two listeners cannot share it", async () => {
    await using listener = await listenTcp(anyPort, () => {});
    expect(listener.address).toMatchObject({ kind: "ipv4", host: "127.0.0.1" });
    expect(listener.address.port).toBeGreaterThan(0);
    expect(await rejectionOf(listenTcp(listener.address, () => {}))).toMatchObject({
      name: "NetError",
      code: "address_in_use",
      address: `127.0.0.1:${listener.address.port}`,
    });
  });

  test("calls IPv4 peers IPv4 when it listens at ::", async () => {
    const accepted = new Accepted();
    await using listener = await listenTcp(
      parseHostPort("[::]:0", { allowPortZero: true }),
      accepted.add,
    );
    const stream = await defaultDialer(parseHostPort(`127.0.0.1:${listener.address.port}`));
    expect((await accepted.at(0)).remoteAddress).toMatchObject({ kind: "ipv4", host: "127.0.0.1" });
    stream.destroy();
    (await accepted.at(0)).destroy();
  });

  test("close frees the port at once while streams stay open, for all callers", async () => {
    const accepted = new Accepted();
    const listener = await listenTcp(anyPort, accepted.add);
    const at = record(await defaultDialer(listener.address));
    const stream = await accepted.at(0);
    const closing = listener.close();
    expect(listener.close()).toBe(closing);
    await closing;
    expect(await rejectionOf(defaultDialer(listener.address))).toMatchObject({ code: "refused" });
    const again = await listenTcp(listener.address, () => {});
    stream.write(bytes("alive"));
    await at.until(() => at.text === "alive");
    stream.destroy();
    await Promise.all([at.closed(), again.close()]);
  });

  test("leaves no handle after everything is closed", async () => {
    await untilNoHandles();
    const accepted = new Accepted();
    const listener = await listenTcp(anyPort, accepted.add);
    const dialed = await Promise.all(
      Array.from({ length: 10 }, () => defaultDialer(listener.address)),
    );
    const recorders = dialed.map((stream) => record(stream));
    for (const [index, stream] of dialed.entries()) {
      const other = await accepted.at(index);
      recorders.push(record(other, { end: () => other.end() }));
      if (index % 2 === 0) stream.end();
      else stream.destroy();
    }
    await Promise.all([listener.close(), ...recorders.map((each) => each.closed())]);
    expect(openHandles()).toEqual([]);
  });

  test("survives a reset of streams that nobody started, also when they are written to", async () => {
    const accepted = new Accepted();
    await using listener = await listenTcp(anyPort, accepted.add);
    for (let index = 0; index < 5; index += 1) (await defaultDialer(listener.address)).destroy();
    const streams = await Promise.all([0, 1, 2, 3, 4].map((index) => accepted.at(index)));
    for (const stream of streams) stream.write(bytes("nobody reads this"));
    const at = record(await defaultDialer(listener.address));
    (await accepted.at(5)).destroy();
    await at.closed();
    for (const stream of streams) {
      const late = record(stream);
      await late.closed();
      expect(late.error?.code).toBe("reset");
    }
  });

  test("drops connections above maxConnections until an open one is over", async () => {
    const accepted = new Accepted();
    await using listener = await listenTcp(anyPort, accepted.add, { maxConnections: 1 });
    const first = record(await defaultDialer(listener.address));
    await accepted.at(0);
    const dropped = await defaultDialer(listener.address);
    const at = record(dropped, { end: () => dropped.end() });
    await at.closed();
    expect(accepted.streams.length).toBe(1);
    const closing = record(await accepted.at(0));
    (await accepted.at(0)).destroy();
    await Promise.all([first.closed(), closing.closed()]);
    const third = record(await defaultDialer(listener.address));
    (await accepted.at(1)).write(bytes("in"));
    await third.until(() => third.text === "in");
    (await accepted.at(1)).destroy();
    await third.closed();
    for (const maxConnections of [0, -1, 1.5]) {
      const error = await rejectionOf(listenTcp(anyPort, () => {}, { maxConnections }));
      expect(error).toBeInstanceOf(RangeError);
    }
  });

  test("destroys the stream and throws again, uncaught, what onStream threw", async () => {
    const bug = new Error("bug");
    await using listener = await listenTcp(anyPort, () => {
      throw bug;
    });
    const thrown = await collectUncaught(async () => {
      // The reset may come before the dialing side knows that it is connected.
      const error = await defaultDialer(listener.address).then(
        async (stream) => {
          const at = record(stream);
          await at.closed();
          return at.error;
        },
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject({ name: "NetError", code: "reset" });
    });
    expect(thrown).toEqual([bug]);
  });

  for (const host of ["127.0.0.1", "localhost"]) {
    test(`stops when aborted before it listens at ${host}`, async () => {
      await untilNoHandles();
      const reason = new Error("enough");
      const aborted = { name: "NetError", code: "aborted", cause: reason };
      const target = parseHostPort(`${host}:0`, { allowPortZero: true });
      const controller = new AbortController();
      const listening = listenTcp(target, () => {}, { signal: controller.signal });
      controller.abort(reason);
      expect(await rejectionOf(listening)).toMatchObject(aborted);
      expect(getEventListeners(controller.signal, "abort").length).toBe(0);
      const { signal } = controller;
      expect(await rejectionOf(listenTcp(target, () => {}, { signal }))).toMatchObject(aborted);
      await untilNoHandles();
    });
  }
});

describe("against a plain socket", () => {
  async function withSocket(
    body: (stream: ByteStream, socket: Socket) => Promise<void>,
  ): Promise<void> {
    const accepted = new Accepted();
    await using listener = await listenTcp(anyPort, accepted.add);
    const socket = connect({ host: "127.0.0.1", port: listener.address.port, allowHalfOpen: true });
    socket.on("error", () => {});
    await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
    const stream = await accepted.at(0);
    await body(stream, socket);
    socket.destroy();
    stream.destroy();
  }

  test("takes Buffers and hands out plain arrays", () =>
    withSocket(async (stream, socket) => {
      const at = record(stream);
      stream.write(Buffer.from("to socket"));
      const received = new Promise((resolve) => socket.once("data", resolve));
      expect(String(await received)).toBe("to socket");
      socket.write("from socket");
      await at.until(() => at.text === "from socket");
      expect(Buffer.isBuffer(at.chunks[0])).toBe(false);
    }));

  test("a destroyed stream is a reset connection, not an ended one", () =>
    withSocket(async (stream, socket) => {
      const events: string[] = [];
      const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
      socket.on("end", () => events.push("end")).on("error", (error) => events.push(error.message));
      socket.resume();
      stream.write(new Uint8Array(10_000_000));
      stream.destroy();
      await closed;
      expect(events).toEqual(["read ECONNRESET"]);
    }));

  test("an ended stream still gets what the socket sends", () =>
    withSocket(async (stream, socket) => {
      const at = record(stream);
      stream.end();
      await new Promise((resolve) => socket.resume().once("end", resolve));
      socket.end("late");
      await at.closed();
      expect([at.text, at.error]).toEqual(["late", undefined]);
    }));
});

test("a dialed server that says nothing and closes is an end, not an error", async () => {
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const info = server.address();
  const stream = await defaultDialer(anyAddress(typeof info === "object" ? (info?.port ?? 0) : 0));
  const at = record(stream, { end: () => stream.end() });
  await at.closed();
  expect([at.events, at.error]).toEqual([["end", "close"], undefined]);
  await new Promise((resolve) => server.close(resolve));
});

function anyAddress(port: number): HostPort {
  return { kind: "ipv4", host: "127.0.0.1", port };
}
