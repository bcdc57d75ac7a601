import { ActorSystem, type Message } from "@satwire/actor";
import {
  type ByteStream,
  type ByteStreamHandler,
  memoryPair,
  MemoryNetwork,
  type NetError,
  parseHostPort,
} from "@satwire/net";
import { AssertionError, type LeakCheck, leakCheck, settle, VirtualClock } from "@satwire/testkit";
import { describe, expect, test, vi } from "vitest";
import { watchedListenerCount } from "../../src/checks/abort-listeners.ts";

interface Work extends Message {
  readonly type: "work";
}

const handler: ByteStreamHandler = {
  onData: () => {},
  onEnd: () => {},
  onDrain: () => {},
  onClose: () => {},
};

/** Without the process: what the runner does at the same time is not ours. */
const options = { processResources: false };

/** The leaks that a check reports. */
async function leaksOf(check: LeakCheck): Promise<unknown> {
  try {
    await check.assertClean({ timeoutMs: 0 });
  } catch (error) {
    if (error instanceof AssertionError) return error.actual;
    throw error;
  }
  return [];
}

describe("timers of a virtual clock", () => {
  test("leak when they were set since, but for background ones", async () => {
    const clock = new VirtualClock();
    clock.setTimer(() => {}, 1000);
    const check = leakCheck({ ...options, clock });
    clock.setTimer(() => {}, 5000, { background: true });
    await check.assertClean();
    const timers = [30, 40].map((ms) => clock.setTimer(() => {}, ms));
    await clock.advance(10.25);
    expect(await leaksOf(check)).toEqual([
      "a timer of the clock, due in 19.75 ms",
      "a timer of the clock, due in 29.75 ms",
    ]);
    for (const timer of timers) timer.cancel();
    await check.assertClean();
  });

  test("are told from older ones, though these have fired", async () => {
    const clock = new VirtualClock();
    clock.setTimer(() => {}, 10);
    clock.setTimer(() => {}, 50);
    clock.setTimer(() => {}, 50);
    const check = leakCheck({ ...options, clock });
    clock.setTimer(() => {}, 50);
    await clock.advance(20);
    expect(await leaksOf(check)).toEqual(["a timer of the clock, due in 30 ms"]);
    await clock.advance(30);
    await check.assertClean();
  });
});

test("actors leak that were spawned since and live", async () => {
  await using system = new ActorSystem();
  system.spawn<Work>("old", () => {});
  const check = leakCheck({ ...options, systems: [system] });
  const fresh = system.spawn<Work>("new", () => {});
  expect(await leaksOf(check)).toEqual(['actor "new", running']);
  const stopped = system.stop(fresh);
  await check.assertClean();
  await stopped;
});

describe("listeners of a signal", () => {
  test("leak when there are more than before", async () => {
    const { signal } = new AbortController();
    const other = new AbortController().signal;
    const check = leakCheck({ ...options, signals: [other, signal] });
    const listener = (): void => {};
    signal.addEventListener("abort", listener);
    expect(await leaksOf(check)).toEqual(["listener for the abort of signals[1]"]);
    signal.addEventListener("abort", () => {}, { once: true });
    expect(await leaksOf(check)).toEqual(["listener for the abort of signals[1] (2 times)"]);
    signal.removeEventListener("abort", listener);
    expect(await leaksOf(check)).toEqual(["listener for the abort of signals[1]"]);
  });

  test("that Node does not tell of are seen from then on", () => {
    const stop = new AbortController();
    const { signal } = stop;
    const heard: string[] = [];
    const early = (): void => void heard.push("early");
    signal.addEventListener("abort", early);
    const count = watchedListenerCount(signal);
    const listener = (): void => void heard.push("listener");
    expect(count()).toBe(0);
    signal.addEventListener("abort", listener);
    signal.addEventListener("abort", listener, { once: true }); // the platform ignores the second
    expect(count()).toBe(1);
    signal.addEventListener("abort", listener, true);
    signal.addEventListener("abort", listener, { capture: true });
    expect(count()).toBe(2);
    signal.removeEventListener("abort", listener, { capture: true });
    expect(count()).toBe(1);
    signal.addEventListener("other", () => {});
    signal.removeEventListener("other", listener);
    signal.removeEventListener("abort", early);
    expect(count()).toBe(1);

    const until = new AbortController();
    signal.addEventListener("abort", () => heard.push("until"), { signal: until.signal });
    expect(count()).toBe(2);
    until.abort();
    expect(count()).toBe(1);
    signal.addEventListener("abort", () => heard.push("until"), { signal: until.signal });
    expect(count()).toBe(1);

    const object = { handleEvent: (): void => void heard.push("once") };
    signal.addEventListener("abort", object, { once: true });
    expect(count()).toBe(2);
    stop.abort();
    expect(heard).toEqual(["listener", "once"]);
    expect(count()).toBe(1); // it would be called no more, but it holds on to what it knows
    signal.removeEventListener("abort", listener);
    expect(count()).toBe(0);
  });
});

describe("streams", () => {
  test("leak until onClose", async () => {
    const check = leakCheck(options);
    const [a, b] = memoryPair();
    const tracked = check.track(a, "the client's stream");
    let closed = 0;
    tracked.start({ ...handler, onClose: () => closed++ });
    b.start(handler);
    expect(await leaksOf(check)).toEqual(["the client's stream"]);
    tracked.destroy();
    expect(check.leaks).toEqual(["the client's stream"]);
    await check.assertClean();
    expect(closed).toBe(1);
  });

  test("that were never started leak until they are destroyed", async () => {
    const check = leakCheck(options);
    const stream = check.track(memoryPair()[0]);
    stream.end();
    expect(await leaksOf(check)).toEqual(["a stream"]);
    stream.destroy();
    await check.assertClean();
    stream.start(handler);
    await check.assertClean();
  });

  test("do through the wrapper what they do without", async () => {
    const check = leakCheck(options);
    const addresses = [parseHostPort("alice:1"), parseHostPort("bob:2")] as const;
    const [inner, peer] = memoryPair({ addresses, capacityBytes: 4 });
    const stream = check.track(inner);
    const log: string[] = [];
    const recorder = (name: string): ByteStreamHandler => ({
      onData: (chunk) => log.push(`${name} data ${chunk.join(" ")}`),
      onEnd: () => log.push(`${name} end`),
      onDrain: () => log.push(`${name} drain`),
      onClose: (error) => log.push(`${name} close ${error?.code}`),
    });
    expect([stream.localAddress, stream.remoteAddress]).toEqual(addresses);
    expect(stream.write(Uint8Array.of(1, 2, 3, 4))).toBe(false);
    stream.start(recorder("a"));
    peer.start(recorder("b"));
    await settle();
    expect(log.splice(0).sort()).toEqual(["a drain", "b data 1 2 3 4"]);
    stream.pause();
    peer.write(Uint8Array.of(5));
    await settle();
    expect(log).toEqual([]);
    stream.resume();
    peer.end();
    await settle();
    stream.end();
    await settle();
    expect(log.splice(0)).toEqual([
      "a data 5",
      "a end",
      "b end",
      "a close undefined",
      "b close undefined",
    ]);
    expect(() => stream.start(handler)).toThrow(
      expect.objectContaining({ code: "already_started" }),
    );
    await check.assertClean();
  });

  test("fail the check at once when they call back after onClose", async () => {
    let started: ByteStreamHandler = handler;
    const bad: ByteStream = {
      localAddress: undefined,
      remoteAddress: undefined,
      start: (given) => void (started = given),
      pause: () => {},
      resume: () => {},
      write: () => true,
      end: () => {},
      destroy: () => {},
    };
    const check = leakCheck(options);
    const closes: (NetError | undefined)[] = [];
    check.track(bad, "a bad one").start({ ...handler, onClose: (error) => closes.push(error) });
    started.onClose();
    await check.assertClean();
    started.onData(Uint8Array.of(1));
    started.onEnd();
    started.onDrain();
    started.onClose();
    expect(closes).toHaveLength(2);
    await expect(check.assertClean({ timeoutMs: 1e9 })).rejects.toMatchObject({
      message: [
        "4 leaks:",
        "- a bad one: onData was called after onClose",
        "- a bad one: onEnd was called after onClose",
        "- a bad one: onDrain was called after onClose",
        "- a bad one: onClose was called after onClose",
      ].join("\n"),
    });
    for (let i = 0; i < 200; i++) started.onEnd();
    expect(check.leaks).toHaveLength(100);
  });
});

describe("a network", () => {
  test("leaks listeners, streams of both sides, and dials", async () => {
    const network = new MemoryNetwork();
    const check = leakCheck(options);
    const accepted: ByteStream[] = [];
    const address = parseHostPort("bob:9735");
    const listener = await check.trackListen(network.listen)(address, (stream) => {
      accepted.push(stream);
    });
    expect(listener.address).toEqual(address);
    const stream = await check.trackDialer(network.dialer)(address);
    expect(await leaksOf(check)).toEqual([
      "a listener at bob:9735",
      expect.stringMatching(/^a stream accepted at bob:9735 from 127\.0\.0\.1:\d+$/),
      "a stream dialed to bob:9735",
    ]);
    const closed = listener.close();
    expect(listener.close()).toBe(closed);
    await closed;
    stream.destroy();
    accepted[0]?.destroy();
    await check.assertClean();
    await using _later = await check.trackListen(network.listen)(address, () => {});
    expect(await leaksOf(check)).toEqual(["a listener at bob:9735"]);
  });

  test("leaks nothing when a dial or a listener fails, but what has not failed yet", async () => {
    const network = new MemoryNetwork();
    const check = leakCheck(options);
    const address = parseHostPort("bob:9735");
    const stop = new AbortController();
    const hanging = check.trackDialer(
      (_target, { signal } = {}) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason as Error));
        }),
    )(address, { signal: stop.signal });
    expect(await leaksOf(check)).toEqual(["a dial to bob:9735"]);
    stop.abort(new Error("enough"));
    await expect(hanging).rejects.toThrow("enough");
    await expect(check.trackDialer(network.dialer)(address)).rejects.toMatchObject({
      code: "refused",
    });
    await check
      .trackListen(network.listen)(address, () => {})
      .then((listener) => listener.close());
    await network.listen(address, () => {});
    await expect(check.trackListen(network.listen)(address, () => {})).rejects.toMatchObject({
      code: "address_in_use",
    });
    await check.assertClean();
  });
});

describe("a check", () => {
  test("counts whatever else it is told to", async () => {
    const check = leakCheck(options);
    const subscriptions = ["old"];
    check.watch("subscription", () => subscriptions.length);
    subscriptions.push("new");
    expect(await leaksOf(check)).toEqual(["subscription"]);
    subscriptions.splice(0);
    await check.assertClean();
  });

  test("waits for what closes in a moment, also beside fake timers", async () => {
    vi.useFakeTimers();
    try {
      const check = leakCheck(options);
      let open = 0;
      check.watch("thing", () => open);
      open = 1;
      void settle(100).then(() => {
        open = 0;
      });
      await check.assertClean();
      open = 1;
      await expect(check.assertClean({ timeoutMs: 5 })).rejects.toThrow("1 leak:\n- thing");
    } finally {
      vi.useRealTimers();
    }
  });

  test("gives what is about to close a few turns, whatever the time", async () => {
    const check = leakCheck(options);
    let open = 1;
    check.watch("thing", () => open);
    open = 2;
    void (async () => {
      for (let i = 0; i < 5; i++) await settle();
      open = 1;
    })();
    await check.assertClean({ timeoutMs: 0 });
  });

  test("lists everything in one error", async () => {
    const clock = new VirtualClock();
    const check = leakCheck({ ...options, clock });
    clock.setTimer(() => {}, 5);
    check.track(memoryPair()[0]);
    await expect(check.assertClean({ timeoutMs: 1 })).rejects.toMatchObject({
      name: "AssertionError",
      message: "2 leaks:\n- a timer of the clock, due in 5 ms\n- a stream",
      expected: [],
    });
  });

  test("ends its wait with the signal's reason", async () => {
    const check = leakCheck(options);
    check.track(memoryPair()[0]);
    const stop = new AbortController();
    const reason = new Error("enough");
    const failed = expect(check.assertClean({ signal: stop.signal, timeoutMs: 1e9 })).rejects.toBe(
      reason,
    );
    await settle();
    stop.abort(reason);
    await failed;
  });

  test.each([-1, Number.NaN])("refuses a timeout of %d ms", async (timeoutMs) => {
    await expect(leakCheck(options).assertClean({ timeoutMs })).rejects.toThrow(RangeError);
  });
});
