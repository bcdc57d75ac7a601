import {
  type ByteStream,
  type Dialer,
  MemoryNetwork,
  type NetError,
  parseHostPort,
} from "@satwire/net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  fault,
  type FaultPlan,
  faultyDialer,
  faultyListen,
  settle,
  type SimStream,
  VirtualClock,
} from "../../src/index.ts";
import { logChunks } from "../support/chunk-log.ts";

const address = parseHostPort("alice:9735");
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

let clock: VirtualClock;
let network: MemoryNetwork;
let accepted: ByteStream[];
let dials: number;

/** The real dialer beneath, which counts. */
const dialer: Dialer = (target, options) => {
  dials += 1;
  return network.dialer(target, options);
};

beforeEach(async () => {
  clock = new VirtualClock();
  network = new MemoryNetwork();
  accepted = [];
  dials = 0;
});

const listen = () => network.listen(address, (stream) => accepted.push(stream));

async function rejection(promise: Promise<unknown>): Promise<NetError> {
  return promise.then(
    () => expect.unreachable("it was connected"),
    (error: NetError) => error,
  );
}

describe("faultyDialer", () => {
  test.for<[FaultPlan, string, string, string]>([
    [[fault.refuse()], "refused", "ECONNREFUSED", "connect"],
    [[fault.unreachable()], "unreachable", "EHOSTUNREACH", "connect"],
    [[fault.notFound()], "host_not_found", "ENOTFOUND", "getaddrinfo"],
    [[fault.timedOut(0)], "timed_out", "ETIMEDOUT", "connect"],
  ])("%j asks nobody and fails as a socket does", async ([plan, code, name, syscall]) => {
    const failed = rejection(faultyDialer(dialer, plan, { clock })(address));
    await clock.advance(0);
    expect(await failed).toMatchObject({
      name: "NetError",
      code,
      address: "alice:9735",
      message: `connecting to alice:9735 failed: ${name}`,
      cause: { code: name, syscall },
    });
    expect(dials).toBe(0);
  });

  test("takes time where it is told to, before anything else", async () => {
    const log: string[] = [];
    const start = clock.now();
    const dialing = async (name: string, plan: FaultPlan): Promise<void> => {
      const outcome = await faultyDialer(dialer, plan, { clock })(address).then(
        () => "connected",
        (error: NetError) => error.code,
      );
      log.push(`${clock.now() - start} ${name} ${outcome}`);
    };
    await listen();
    void dialing("time-out", [fault.timedOut(100)]);
    void dialing("late time-out", [fault.timedOut(100), fault.connectDelay(20)]);
    void dialing("delay", [fault.connectDelay(30), fault.connectDelay(40)]);
    void dialing("delay, refuse", [fault.refuse(), fault.connectDelay(50)]);
    void dialing("usual time-out", [fault.timedOut()]);
    await clock.advance(200_000);
    expect(log).toEqual([
      "50 delay, refuse refused",
      "70 delay connected",
      "100 time-out timed_out",
      "120 late time-out timed_out",
      "127000 usual time-out timed_out",
    ]);
  });

  test("asks a function for the plan of each dial", async () => {
    await listen();
    const asked: unknown[] = [];
    const dial = faultyDialer(dialer, (target, attempt) => {
      asked.push([target, attempt]);
      return attempt === 1 ? [] : [fault.refuse()];
    });
    expect((await rejection(dial(address))).code).toBe("refused");
    (await dial(address)).destroy();
    expect((await rejection(dial(address))).code).toBe("refused");
    expect([asked, dials]).toEqual([[0, 1, 2].map((attempt) => [address, attempt]), 1]);
  });

  test("passes what is left of the plan to the stream, and shows it", async () => {
    await listen();
    const seen: SimStream[] = [];
    const plan = [fault.connectDelay(1), fault.finAfter(2)];
    const onStream = (stream: SimStream): void => void seen.push(stream);
    const dialing = faultyDialer(dialer, plan, { clock, onStream })(address);
    await clock.advance(1);
    const stream = await dialing;
    expect(seen).toEqual([stream]);
    const atFar = logChunks(accepted[0] as ByteStream, clock);
    stream.write(bytes("1234"));
    await settle();
    expect(atFar.lines).toEqual(["0 data 12", "0 end"]);
  });

  test("passes failures of the real dialer on", async () => {
    const error = await rejection(faultyDialer(dialer, [fault.byteAtATime()])(address));
    expect([error.code, dials]).toEqual(["refused", 1]);
  });

  test.for<[string, FaultPlan]>([
    ["a delay", [fault.connectDelay(100)]],
    ["a time-out", [fault.timedOut(100)]],
  ])("an abort ends %s at once and leaves no timer", async ([, plan]) => {
    const controller = new AbortController();
    const { signal } = controller;
    const failed = rejection(faultyDialer(dialer, plan, { clock })(address, { signal }));
    await clock.advance(50);
    controller.abort("enough");
    expect(await failed).toMatchObject({
      code: "aborted",
      message: "connecting to alice:9735 was aborted",
      address: "alice:9735",
      cause: "enough",
    });
    expect([clock.pending, dials]).toEqual([[], 0]);
  });

  test("an abort before the dial comes before every failure", async () => {
    for (const plan of [[], [fault.refuse()], [fault.timedOut()]]) {
      const dial = faultyDialer(dialer, plan, { clock });
      const error = await rejection(dial(address, { signal: AbortSignal.abort("enough") }));
      expect([error.code, error.cause]).toEqual(["aborted", "enough"]);
    }
  });

  test("refuses a bad plan when it is made, or when it is asked for", async () => {
    const bad: FaultPlan = [{ kind: "connectDelay", ms: -1 }];
    expect(() => faultyDialer(dialer, bad)).toThrow(RangeError);
    expect(() => faultyDialer(dialer, [], { capacityBytes: 0 })).toThrow(RangeError);
    await expect(faultyDialer(dialer, () => bad)(address)).rejects.toThrow(RangeError);
    expect(dials).toBe(0);
  });
});

describe("faultyListen", () => {
  let listener: AsyncDisposable | undefined;
  afterEach(() => listener?.[Symbol.asyncDispose]());

  async function serve(plan: Parameters<typeof faultyListen>[1]): Promise<SimStream[]> {
    const shown: SimStream[] = [];
    const onStream = (stream: SimStream): void => void shown.push(stream);
    const listening = faultyListen(network.listen, plan, { clock, onStream });
    listener = await listening(address, (stream) => accepted.push(stream));
    return shown;
  }

  test("gives what it accepts its faults, and shows it", async () => {
    const shown = await serve([fault.finAfter(2)]);
    const atNear = logChunks(await network.dialer(address), clock);
    accepted[0]?.write(bytes("1234"));
    await settle();
    expect([atNear.lines, shown]).toEqual([["0 data 12", "0 end"], accepted]);
  });

  test("refuse resets at once what was accepted", async () => {
    await serve([fault.refuse()]);
    const atNear = logChunks(await network.dialer(address), clock);
    await settle();
    expect([atNear.lines, accepted]).toEqual([["0 close reset"], []]);
  });

  test("connectDelay hands over later what has waited", async () => {
    await serve([fault.connectDelay(20), fault.connectDelay(10)]);
    const stream = await network.dialer(address);
    stream.write(bytes("early"));
    stream.end();
    await clock.advance(29);
    expect(accepted).toEqual([]);
    await clock.advance(1);
    const atFar = logChunks(accepted[0] as ByteStream, clock);
    await settle();
    expect(atFar.lines).toEqual(["0 data early", "0 end"]);
  });

  test("asks a function for the plan of each connection", async () => {
    const indexes: number[] = [];
    await serve((_, index) => {
      indexes.push(index);
      return index === 0 ? [fault.refuse()] : [];
    });
    for (let i = 0; i < 3; i++) await network.dialer(address);
    expect([indexes, accepted.length]).toEqual([[0, 1, 2], 2]);
  });

  test("refuses faults that only dials have", () => {
    for (const each of [fault.unreachable(), fault.notFound(), fault.timedOut()]) {
      expect(() => faultyListen(network.listen, [each])).toThrow(
        new RangeError(`${each.kind} is a fault of dialing, not of accepting`),
      );
    }
  });
});
