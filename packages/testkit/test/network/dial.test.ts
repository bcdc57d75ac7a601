import { type HostPort, parseHostPort } from "@satwire/net";
import { SimNetwork } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { at, causeCode, connected, rejection } from "../support/sim-streams.ts";

/** A dial of alice, and how long it took. */
async function dialed(
  network: SimNetwork,
  target: HostPort,
): Promise<{ code: string; cause: unknown; address: string | undefined; afterMs: number }> {
  const { clock } = network;
  const startedAt = clock.now();
  let afterMs = 0;
  const dial = network.host("alice").dialer(target);
  const failed = rejection(dial);
  dial.catch(() => {
    afterMs = clock.now() - startedAt;
  });
  await clock.runUntilIdle();
  const error = await failed;
  return { code: error.code, cause: causeCode(error), address: error.address, afterMs };
}

describe("a dial", () => {
  test("takes a round trip, and the other side knows after another half", async () => {
    const network = new SimNetwork({ defaults: { latencyMs: 30 } });
    const [alice, bob] = [network.host("alice"), network.host("bob")];
    const { clock } = network;
    const log: string[] = [];
    await bob.listen(bob.address(9735), () => log.push(`accepted at ${clock.now() - startedAt}`));
    const startedAt = clock.now();
    void alice.dialer(at("bob")).then(() => log.push(`open at ${clock.now() - startedAt}`));
    await clock.runUntilIdle();
    expect(log).toEqual(["open at 60", "accepted at 90"]);
  });

  test("gives both sides both addresses", async () => {
    const { near, far, alice, bob } = await connected();
    const client = { kind: "ipv4", host: alice.ip, port: 49_152 };
    const server = { kind: "ipv4", host: bob.ip, port: 9735 };
    expect([near.stream.localAddress, near.stream.remoteAddress]).toEqual([client, server]);
    expect([far.stream.localAddress, far.stream.remoteAddress]).toEqual([server, client]);
  });

  test.each<[string, (network: SimNetwork) => HostPort]>([
    ["its name", () => at("bob")],
    ["its name in other letters", () => ({ kind: "dns", host: "BOB", port: 9735 })],
    ["its name with a dot", () => at("bob.")],
    ["its address", (network) => network.host("bob").address(9735)],
    ["a name that leads there", () => at("www.bob")],
  ])("reaches a host by %s", async (_, target) => {
    const network = new SimNetwork();
    const [alice, bob] = [network.host("alice"), network.host("bob")];
    network.dns("www.bob", [bob.ip]);
    await bob.listen(bob.address(9735), () => {});
    const dial = alice.dialer(target(network));
    await network.clock.runUntilIdle();
    expect((await dial).remoteAddress).toEqual(bob.address(9735));
  });

  test.each(["localhost:1", "127.0.0.1:1", "[::1]:1", "0.0.0.0:1", "alice:1"])(
    "of %s reaches the host itself, in no time",
    async (target) => {
      const network = new SimNetwork({ defaults: { latencyMs: 1000 } });
      const alice = network.host("alice");
      await alice.listen(parseHostPort(target), () => {});
      const stream = await alice.dialer(parseHostPort(target));
      expect(stream.remoteAddress).toEqual(alice.address(1));
    },
  );

  test("goes over IPv6, too", async () => {
    const network = new SimNetwork();
    const [alice, bob] = [network.host("alice", "fd00::1"), network.host("bob", "FD00:0::2")];
    await bob.listen(parseHostPort("[fd00::2]:80"), () => {});
    const dial = alice.dialer(at("bob", 80));
    await network.clock.runUntilIdle();
    const { localAddress, remoteAddress } = await dial;
    expect(localAddress).toEqual({ kind: "ipv6", host: "fd00::1", port: 49_152 });
    expect(remoteAddress).toEqual({ kind: "ipv6", host: "fd00::2", port: 80 });
  });
});

describe("a dial fails", () => {
  const down = (network: SimNetwork): void => network.crash("bob");
  const cut = (network: SimNetwork): unknown => network.partition("alice", "bob");

  test.each<[string, HostPort, (network: SimNetwork) => unknown, string, string, number]>([
    ["where nobody listens", at("bob"), () => {}, "refused", "ECONNREFUSED", 20],
    ["at a host that is down", at("bob"), down, "timed_out", "ETIMEDOUT", 127_000],
    ["at a host that is cut off", at("bob"), cut, "timed_out", "ETIMEDOUT", 127_000],
    ["with a name that nobody has", at("carol"), () => {}, "host_not_found", "ENOTFOUND", 0],
    [
      "with an address that nobody has",
      parseHostPort("10.9.9.9:1"),
      () => {},
      "unreachable",
      "EHOSTUNREACH",
      0,
    ],
    [
      "from a host that is down",
      at("bob"),
      (network) => network.crash("alice"),
      "unreachable",
      "ENETDOWN",
      0,
    ],
  ])("%s", async (_, target, prepare, code, cause, afterMs) => {
    const network = new SimNetwork({ defaults: { latencyMs: 10 } });
    network.host("alice");
    network.host("bob");
    prepare(network);
    expect(await dialed(network, target)).toMatchObject({ code, cause, afterMs });
  });

  test("when only the answer is lost", async () => {
    const { network } = await connected();
    network.partition("bob", "alice", { oneWay: true });
    expect(await dialed(network, at("bob"))).toMatchObject({ code: "timed_out", afterMs: 127_000 });
  });

  test("when only the refusal is lost", async () => {
    const { network } = await connected();
    network.partition("bob", "alice", { oneWay: true });
    expect(await dialed(network, at("bob", 1))).toMatchObject({ code: "timed_out" });
  });

  test("when the host that dials crashes", async () => {
    const network = new SimNetwork({ defaults: { latencyMs: 10 } });
    network.host("bob");
    const dial = rejection(network.host("alice").dialer(at("bob")));
    await network.clock.advance(5);
    network.crash("alice");
    expect(await dial).toMatchObject({ code: "unreachable" });
    expect(network.clock.pending.length).toBe(1); // the packet that is under way
  });

  test.each<[string, HostPort, string]>([
    ["without a port", at("bob", 0), "invalid_address"],
    ["for what is no address", { kind: "dns", host: "not a name", port: 1 }, "invalid_address"],
    [
      "for an onion",
      { kind: "torv3", host: `${"a".repeat(55)}d.onion`, port: 1 },
      "unsupported_address",
    ],
  ])("%s", async (_, target, code) => {
    const network = new SimNetwork();
    network.host("bob");
    expect(await dialed(network, target)).toMatchObject({ code, afterMs: 0 });
  });
});

describe("a dial is repeated", () => {
  test("until the network is whole again", async () => {
    const network = new SimNetwork({ defaults: { latencyMs: 10 } });
    const [alice, bob] = [network.host("alice"), network.host("bob")];
    await bob.listen(bob.address(9735), () => {});
    const cut = network.partition(alice, bob);
    const startedAt = network.clock.now();
    const opened = alice.dialer(at("bob")).then(() => network.clock.now() - startedAt);
    await network.clock.advance(5000);
    cut[Symbol.dispose]();
    await network.clock.runUntilIdle();
    expect(await opened).toBe(7020); // tried at 0, 1, 3 and 7 s
  });

  test("with the next address of the name after 250 ms", async () => {
    const network = new SimNetwork();
    const [dead, bob] = [network.host("dead"), network.host("bob")];
    await bob.listen(bob.address(9735), () => {});
    network.crash(dead);
    network.dns("both", [dead.ip, "10.1.1.1", bob.ip]);
    const startedAt = network.clock.now();
    const dial = network.host("alice").dialer(at("both"));
    const opened = dial.then(() => network.clock.now() - startedAt);
    await network.clock.runUntilIdle();
    expect((await dial).remoteAddress).toEqual(bob.address(9735));
    expect(await opened).toBe(250);
  });

  test("but not after a crash of the host that dials, even if it is back", async () => {
    const network = new SimNetwork({ defaults: { latencyMs: 10 } });
    const [alice, bob] = [network.host("alice"), network.host("bob")];
    await bob.listen(bob.address(9735), () => {});
    network.dns("both", ["10.1.1.2", bob.ip]);
    network.host("dead", "10.1.1.2");
    network.crash("dead");
    for (const waitMs of [0, 5]) {
      const dial = rejection(alice.dialer(at("both")));
      if (waitMs > 0) await network.clock.advance(waitMs);
      network.crash(alice);
      network.restart(alice);
      await network.clock.runUntilIdle();
      expect(await dial).toMatchObject({ code: "unreachable" });
    }
  });

  test("and fails with the first failure when no address works", async () => {
    const network = new SimNetwork();
    const bob = network.host("bob");
    network.dns("both", [bob.ip, "10.1.1.1"]);
    const result = await dialed(network, at("both"));
    expect(result).toMatchObject({ code: "refused", address: `${bob.ip}:9735` });
  });
});

test("a dial that is done leaves no timer and no listener", async () => {
  const network = new SimNetwork({ defaults: { latencyMs: 10 } });
  const [alice, bob] = [network.host("alice"), network.host("bob")];
  await bob.listen(bob.address(9735), () => {});
  network.dns("both", [bob.ip, "10.1.1.1"]);
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners += 1;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...args);
  };
  const dial = alice.dialer(at("both"), { signal });
  await network.clock.advance(5);
  expect(listeners).toBe(1);
  await network.clock.advance(30);
  await dial;
  expect([listeners, network.clock.pending]).toEqual([0, []]);
});

describe("an aborted dial", () => {
  test.each([
    ["before", 0],
    ["while it waits", 500],
  ])("rejects %s with the reason", async (_, ms) => {
    const network = new SimNetwork({ defaults: { latencyMs: 1000 } });
    const [alice, bob] = [network.host("alice"), network.host("bob")];
    const accepted: unknown[] = [];
    await bob.listen(bob.address(9735), (stream) => accepted.push(stream));
    const controller = new AbortController();
    if (ms === 0) controller.abort("enough");
    const dial = rejection(alice.dialer(at("bob"), { signal: controller.signal }));
    await network.clock.advance(ms);
    controller.abort("enough");
    expect(await dial).toMatchObject({ code: "aborted", cause: "enough" });
    await network.clock.runUntilIdle();
    expect(accepted).toEqual([]);
    expect(network.connections).toEqual([]);
  });

  test("leaves an open stream alone", async () => {
    const network = new SimNetwork();
    const [alice, bob] = [network.host("alice"), network.host("bob")];
    await bob.listen(bob.address(9735), () => {});
    const controller = new AbortController();
    await alice.dialer(at("bob"), { signal: controller.signal });
    controller.abort();
    expect(network.connections.length).toBe(1);
  });
});
