import { SimNetwork } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { at, connected, pattern, rejection } from "../support/sim-streams.ts";

describe("a crash", () => {
  test("closes the host's own streams and listeners; its peers hear nothing", async () => {
    const { network, alice, bob, near, far } = await connected({ retransmitMs: 5000 });
    network.crash("bob");
    network.crash("bob");
    await network.clock.advance(1000);
    expect(bob.isUp).toBe(false);
    expect([near.events, far.events]).toEqual([[], ["close closed"]]);
    expect(near.stream.write(pattern(5))).toBe(true);
    await network.clock.advance(5000);
    expect(near.events).toEqual(["close timed_out ETIMEDOUT"]);
    network.restart("bob");
    const refused = rejection(alice.dialer(at("bob")));
    await network.clock.runUntilIdle();
    expect((await refused).code).toBe("refused");
    expect(network.connections).toEqual([]);
  });

  test("is found out by a reset once the host is back and hears something", async () => {
    const { network, bob, near } = await connected({ defaults: { latencyMs: 10 } });
    near.stream.write(pattern(5));
    network.crash(bob);
    await network.clock.advance(1000);
    network.restart(bob);
    expect(near.events).toEqual([]);
    await network.clock.runUntilIdle();
    // Sent again at 0.21, 0.61 and 1.41 s.
    expect([near.events, near.times]).toEqual([["close reset ECONNRESET"], [1430]]);
    expect(network.connections).toEqual([]);
  });

  test("is found out by the next packet when it was short", async () => {
    const { network, bob, near, far } = await connected({ defaults: { latencyMs: 10 } });
    network.crash(bob);
    network.restart(bob);
    await network.clock.advance(60_000);
    expect(near.events).toEqual([]);
    near.stream.end();
    await network.clock.runUntilIdle();
    expect([near.events, near.times]).toEqual([["close reset ECONNRESET"], [60_020]]);
    expect(far.events).toEqual(["close closed"]);
  });

  test("takes what was not sent with it; what is under way arrives", async () => {
    const { network, alice, near, far } = await connected({
      defaults: { latencyMs: 10 },
      capacityBytes: 1000,
    });
    near.stream.write(pattern(5000));
    network.crash(alice);
    await network.clock.runUntilIdle();
    expect(far.bytes).toEqual(pattern(1000));
    expect(near.events).toEqual(["close closed"]);
    expect(() => near.stream.write(pattern(1))).toThrow("write after");
  });

  test("sends no reset when its owner destroys a stream afterwards", async () => {
    const { network, alice, near, far } = await connected();
    network.crash(alice);
    near.stream.destroy();
    network.restart(alice);
    await network.clock.runUntilIdle();
    expect(far.events).toEqual([]);
  });

  test("tells nobody, not even a peer that is sending more than fits", async () => {
    const { network, alice, far } = await connected({
      defaults: { latencyMs: 10 },
      capacityBytes: 1000,
      retransmitMs: 5000,
    });
    far.stream.write(pattern(5000));
    network.crash(alice);
    await network.clock.runUntilIdle();
    expect(far.events).toEqual(["close timed_out ETIMEDOUT"]);
  });

  test("takes what was not read with it, also when both sides had ended", async () => {
    const { network, near, far } = await connected({ defaults: { latencyMs: 10 } });
    far.stream.pause();
    near.stream.write(pattern(5));
    near.stream.end();
    far.stream.end();
    await network.clock.advance(1000);
    expect(network.connections.length).toBe(1);
    network.crash("bob");
    far.stream.resume();
    await network.clock.advance(1000);
    expect(far.events).toEqual(["close closed"]);
    expect(network.connections).toEqual([]);
  });

  test("between the handshake and its end resets", async () => {
    const network = new SimNetwork({ defaults: { latencyMs: 10 } });
    const [alice, bob] = [network.host("alice"), network.host("bob")];
    const listen = (): Promise<unknown> =>
      bob.listen(bob.address(9735), () => {
        throw new Error("a connection from before the crash");
      });
    await listen();
    const dial = alice.dialer(at("bob"));
    await network.clock.advance(25);
    network.crash(bob);
    network.restart(bob);
    await listen();
    await network.clock.runUntilIdle();
    const stream = await dial;
    const closed = new Promise((resolve) => {
      stream.start({ onData() {}, onEnd() {}, onDrain() {}, onClose: resolve });
    });
    expect(await closed).toMatchObject({ code: "reset" });
    expect(network.connections).toEqual([]);
  });

  test("leaves the host its name and its address, and room for a new listener", async () => {
    const { network, alice, bob, listener } = await connected();
    network.crash(["bob"]);
    network.crash("bob");
    network.restart(["bob"]);
    network.restart("bob");
    await listener.close(); // of a port that nobody has any more
    await bob.listen(bob.address(9735), () => {});
    await listener.close();
    const dial = alice.dialer(at("bob"));
    await network.clock.runUntilIdle();
    expect((await dial).remoteAddress).toEqual(bob.address(9735));
    const kinds = network.trace
      .map(({ kind }) => kind)
      .filter((kind) => /crash|restart|listen/.test(kind));
    expect(kinds).toEqual(["listen", "crash", "restart", "listen"]);
  });
});

describe("close", () => {
  test("takes all hosts down for good and leaves no timer", async () => {
    const { network, near, far } = await connected({ defaults: { latencyMs: 10 } });
    network.partition("alice", "bob");
    near.stream.write(pattern(5));
    void network
      .host("alice")
      .dialer(at("bob"))
      .catch(() => {});
    await network.clock.advance(100);
    const closed = network.close();
    expect(network.close()).toBe(closed);
    await closed;
    await network.clock.advance(0);
    expect([near.events, far.events]).toEqual([["close closed"], ["close closed"]]);
    expect(network.connections).toEqual([]);
    expect(network.clock.pending).toEqual([]);
    expect(() => network.restart("bob")).toThrow("the network is closed");
  });

  test("leaves no timer of what is under way", async () => {
    const { network, near, far } = await connected({ defaults: { latencyMs: 10 } });
    near.stream.write(pattern(5));
    await network.close();
    expect(network.clock.pending).toEqual([]);
    await network.clock.advance(1000);
    expect(far.events).toEqual(["close closed"]);
  });

  test("is what `await using` does", async () => {
    let alice: { readonly isUp: boolean };
    {
      await using network = new SimNetwork();
      alice = network.host("alice");
      expect(alice.isUp).toBe(true);
    }
    expect(alice.isUp).toBe(false);
  });
});
