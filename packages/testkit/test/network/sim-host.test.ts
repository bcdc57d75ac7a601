import { type ByteStream, memoryPair, parseHostPort } from "@satwire/net";
import { SimNetwork } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { at, causeCode, connected, rejection, StreamLog } from "../support/sim-streams.ts";

const any = (text: string) => parseHostPort(text, { allowPortZero: true });

describe("hosts", () => {
  test("get addresses of 10.0.0.0/8, and one name gives one host", () => {
    const network = new SimNetwork();
    const alice = network.host("Alice");
    expect([alice.name, alice.ip, alice.isUp]).toEqual(["alice", "10.0.0.1", true]);
    expect(network.host("fixed", "10.0.0.2").ip).toBe("10.0.0.2");
    expect(network.host("bob").ip).toBe("10.0.0.3"); // .2 is taken
    expect(network.host("ALICE")).toBe(alice);
    expect(network.host("alice", alice.ip)).toBe(alice);
    expect(network.hosts.map(({ name }) => name)).toEqual(["alice", "fixed", "bob"]);
  });

  test("have an address for each port", () => {
    const alice = new SimNetwork().host("alice");
    expect(alice.address()).toEqual({ kind: "ipv4", host: "10.0.0.1", port: 0 });
    expect(alice.address(65_535).port).toBe(65_535);
    for (const bad of [-1, 65_536, 1.5])
      expect(() => alice.address(bad)).toThrow(`${bad} is not a port`);
  });

  test.each<[string, (network: SimNetwork) => unknown, string]>([
    ["a name with spaces", (network) => network.host("a b"), '"a b" is no name'],
    ["an address as a name", (network) => network.host("10.0.0.9"), '"10.0.0.9" is no name'],
    ["localhost", (network) => network.host("localhost"), '"localhost" is no name'],
    ["an address that is none", (network) => network.host("x", "10.0.0"), '"10.0.0" is no address'],
    ["127.0.0.1", (network) => network.host("x", "127.0.0.1"), '"127.0.0.1" is no address'],
    ["an address twice", (network) => network.host("x", "10.0.0.1"), "10.0.0.1 is taken"],
    ["another address", (network) => network.host("alice", "10.0.0.9"), "10.0.0.1, not 10.0.0.9"],
    ["a name of DNS", (network) => network.host("www"), '"www" is taken'],
    ["a record that is no address", (network) => network.dns("x", ["y"]), '"y" is no address'],
    ["a record without a name", (network) => network.dns("", []), '"" is no name'],
  ])("cannot have %s", (_, call, text) => {
    const network = new SimNetwork();
    network.host("alice");
    network.dns("www", ["10.1.1.1"]);
    expect(() => call(network)).toThrow(RangeError);
    expect(() => call(network)).toThrow(text);
  });

  test("are not found any more when their name leads nowhere", async () => {
    const { network, alice, bob } = await connected();
    network.dns("bob", []);
    expect((await rejection(alice.dialer(at("bob")))).code).toBe("host_not_found");
    await alice.dialer(bob.address(9735));
  });
});

describe("listen", () => {
  test.each(["10.0.0.1:0", "alice:0", "127.0.0.1:0", "0.0.0.0:0", "[::]:0"])(
    "at %s reports the host's address and a free port",
    async (target) => {
      const alice = new SimNetwork().host("alice");
      const { address } = await alice.listen(any(target), () => {});
      expect(address).toEqual(alice.address(49_152));
    },
  );

  test("skips ports that are taken, for both sides", async () => {
    const alice = new SimNetwork().host("alice");
    await alice.listen(alice.address(49_153), () => {});
    expect((await alice.listen(alice.address(), () => {})).address.port).toBe(49_152);
    const stream = await alice.dialer(alice.address(49_153));
    expect(stream.localAddress?.port).toBe(49_154);
  });

  test.each([
    ["at a port in use", "alice:9735", "address_in_use", "EADDRINUSE"],
    ["at another host", "bob:9735", "failed", "EADDRNOTAVAIL"],
    ["at a name that nobody has", "carol:9735", "host_not_found", "ENOTFOUND"],
  ])("fails %s", async (_, target, code, cause) => {
    const network = new SimNetwork();
    const [alice] = [network.host("alice"), network.host("bob")];
    await alice.listen(alice.address(9735), () => {});
    const error = await rejection(alice.listen(any(target), () => {}));
    expect([error.code, causeCode(error), error.address]).toEqual([code, cause, target]);
  });

  test("fails on a host that is down, after an abort and for limits that are none", async () => {
    const network = new SimNetwork();
    const alice = network.host("alice");
    const signal = AbortSignal.abort("enough");
    const aborted = await rejection(alice.listen(alice.address(), () => {}, { signal }));
    expect(aborted).toMatchObject({ code: "aborted", cause: "enough" });
    for (const limits of [{ maxConnections: 0 }, { keepAliveMs: 0.5 }]) {
      const error = await rejection(alice.listen(alice.address(), () => {}, limits));
      expect(error).toBeInstanceOf(RangeError);
    }
    network.crash(alice);
    expect((await rejection(alice.listen(alice.address(), () => {}))).code).toBe("unreachable");
  });

  test("frees its port when it is closed, and leaves streams alone", async () => {
    const { network, alice, bob, listener, near, far } = await connected();
    const closed = listener.close();
    expect(listener.close()).toBe(closed);
    await closed;
    const refused = rejection(alice.dialer(at("bob")));
    await network.clock.runUntilIdle();
    expect((await refused).code).toBe("refused");
    near.stream.write(Uint8Array.of(1));
    await network.clock.runUntilIdle();
    expect(far.events).toEqual(["data 1"]);
    await using again = await bob.listen(bob.address(9735), () => {});
    await listener.close(); // the port is another's now
    await alice.dialer(again.address);
  });

  test("resets a connection that comes too late", async () => {
    const network = new SimNetwork({ defaults: { latencyMs: 10 } });
    const [alice, bob] = [network.host("alice"), network.host("bob")];
    const listener = await bob.listen(bob.address(9735), () => {});
    const dial = alice.dialer(at("bob"));
    await network.clock.advance(20); // open for alice, and not yet accepted
    await listener.close();
    const near = new StreamLog(await dial);
    await network.clock.runUntilIdle();
    expect(near.events).toEqual(["close reset ECONNRESET"]);
    expect(network.connections).toEqual([]);
  });

  test.each([
    ["resets", (stream: ByteStream) => stream.destroy()],
    ["ends in order", (stream: ByteStream) => stream.end()],
  ])("takes so many connections at once; one that %s makes room", async (_, finish) => {
    const network = new SimNetwork();
    const [alice, bob] = [network.host("alice"), network.host("bob")];
    const far: StreamLog[] = [];
    const accept = (stream: ByteStream): void => void far.push(new StreamLog(stream));
    await bob.listen(bob.address(1), accept, { maxConnections: 2 });
    const near: StreamLog[] = [];
    const dial = async (): Promise<void> => {
      near.push(new StreamLog(await alice.dialer(bob.address(1))));
      await network.clock.runUntilIdle();
    };
    for (let i = 0; i < 3; i++) await dial();
    expect(near.map(({ events }) => events)).toEqual([[], [], ["close reset ECONNRESET"]]);
    for (const side of [near, far]) finish((side[0] as StreamLog).stream);
    await network.clock.runUntilIdle();
    await dial();
    expect(near[3]?.events).toEqual([]);
    expect(network.connections.length).toBe(2);
  });

  test("destroys the stream of an owner that throws", async () => {
    const network = new SimNetwork();
    const alice = network.host("alice");
    const thrown: unknown[] = [];
    const original = globalThis.queueMicrotask;
    globalThis.queueMicrotask = (task) =>
      original(() => {
        try {
          task();
        } catch (error) {
          thrown.push(error);
        }
      });
    try {
      await alice.listen(alice.address(1), () => {
        throw new Error("not today");
      });
      const near = new StreamLog(await alice.dialer(alice.address(1)));
      await network.clock.runUntilIdle();
      expect(near.events).toEqual(["close reset ECONNRESET"]);
    } finally {
      globalThis.queueMicrotask = original;
    }
    expect(thrown).toEqual([new Error("not today")]);
  });
});

test("streams are those of memoryPair in all but time", async () => {
  const { network, near } = await connected({ capacityBytes: 10 });
  const [memory] = memoryPair({ capacityBytes: 10 });
  expect([near.stream.write(new Uint8Array(9)), near.stream.write(new Uint8Array(1))]).toEqual([
    memory.write(new Uint8Array(9)),
    memory.write(new Uint8Array(1)),
  ]);
  await network.clock.runUntilIdle();
  expect(near.events).toEqual(["drain"]);
});
