import { type MessageFault, MessageFaults, VirtualClock } from "@satwire/testkit";
import { describe, expect, test } from "vitest";
import { MessageFaultLane } from "../src/message-fault-lane.ts";

interface Numbered {
  readonly type: "ping" | "pong";
  readonly n: number;
}
const ping = (n: number): Numbered => ({ type: "ping", n });
const pong = (n: number): Numbered => ({ type: "pong", n });
type Fault = MessageFault<Numbered>;

const untouched = (message: Numbered): unknown => ({
  messages: [message],
  delayMs: 0,
  close: undefined,
});
const lost = { messages: [], delayMs: 0, close: undefined };
const bytes = Uint8Array.of(1, 2);

describe("a verdict", () => {
  test.each<[string, Fault["do"], unknown]>([
    ["drop", "drop", lost],
    ["closeBefore", "closeBefore", { ...lost, close: "before" }],
    ["closeAfter", "closeAfter", { messages: [ping(1)], delayMs: 0, close: "after" }],
    ["blackhole", "blackhole", lost],
    ["delay", { delayMs: 7 }, { messages: [ping(1)], delayMs: 7, close: undefined }],
    ["duplicate", { duplicate: 2 }, { ...lost, messages: [ping(1), ping(1), ping(1)] }],
    ["replace by a message", { replace: pong(2) }, { ...lost, messages: [pong(2)] }],
    ["replace by bytes", { replace: bytes }, { ...lost, messages: [bytes] }],
    [
      "replace by a function",
      { replace: ({ n }: Numbered) => pong(n + 8) },
      { ...lost, messages: [pong(9)] },
    ],
  ])("of %s", (_, action, expected) => {
    const faults = new MessageFaults<Numbered>([{ on: "ping", do: action }]);
    expect(faults.decide("sent", ping(1))).toEqual(expected);
    expect([...faults.hits.values()]).toEqual([1]);
  });

  test("leaves other types and the other direction alone", () => {
    const faults = new MessageFaults<Numbered>([
      { on: "ping", do: "drop" },
      { on: "pong", direction: "received", do: "drop" },
    ]);
    expect(faults.decide("sent", pong(1))).toEqual(untouched(pong(1)));
    expect(faults.decide("received", ping(1))).toEqual(untouched(ping(1)));
    expect(faults.decide("received", pong(1))).toEqual(lost);
  });

  test("is for those that a function picks", () => {
    const faults = new MessageFaults<Numbered>([{ on: ({ n }) => n % 2 === 0, do: "drop" }]);
    expect([1, 2, 3, 4].map((n) => faults.decide("sent", ping(n)).messages.length)).toEqual([
      1, 0, 1, 0,
    ]);
  });
});

describe("a fault", () => {
  const passing = (faults: MessageFaults<Numbered>, count: number): number[] =>
    Array.from({ length: count }, (_, i) => ping(i + 1))
      .filter((message) => faults.decide("sent", message).messages.length > 0)
      .map(({ n }) => n);

  test("lets some pass first, and happens as often as it should", () => {
    const fault: Fault = { on: "ping", do: "drop", skip: 2, times: 2 };
    const faults = new MessageFaults([fault]);
    expect(passing(faults, 6)).toEqual([1, 2, 5, 6]);
    expect(faults.hits.get(fault)).toBe(2);
  });

  test("that was added first happens, the other one counts the message", () => {
    const once: Fault = { on: "ping", do: "closeAfter", times: 1 };
    const second: Fault = { on: "ping", do: "drop", skip: 1, times: 1 };
    const faults = new MessageFaults([once, second]);
    expect(faults.decide("sent", ping(1)).close).toBe("after");
    expect(faults.decide("sent", ping(2))).toEqual(lost);
    expect(faults.decide("sent", ping(3))).toEqual(untouched(ping(3)));
    expect([...faults.hits]).toEqual([
      [once, 1],
      [second, 1],
    ]);
  });

  test("can be taken back", () => {
    const faults = new MessageFaults<Numbered>();
    const placed = faults.add({ on: "ping", do: "drop" });
    expect(faults.isEmpty).toBe(false);
    expect(passing(faults, 2)).toEqual([]);
    placed[Symbol.dispose]();
    expect(faults.isEmpty).toBe(true);
    expect(passing(faults, 2)).toEqual([1, 2]);
    expect(placed.hits).toBe(2);
    expect(faults.hits.size).toBe(0);
  });

  test("of the parent happens when none of its own does", () => {
    const parent = new MessageFaults<Numbered>([{ on: "ping", do: "drop" }]);
    const own = new MessageFaults<Numbered>([{ on: "ping", do: "closeAfter", times: 1 }], {
      parent,
    });
    expect(own.decide("sent", ping(1)).close).toBe("after");
    expect(own.decide("sent", ping(2))).toEqual(lost);
    expect([...parent.hits.values()]).toEqual([1]);
    expect([own.isEmpty, new MessageFaults<Numbered>([], { parent }).isEmpty]).toEqual([
      false,
      false,
    ]);
  });

  test.each<[string, unknown]>([
    ["is about nothing", { on: "", do: "drop" }],
    ["has no action", { on: "ping" }],
    ["has an unknown action", { on: "ping", do: "explode" }],
    ["has an empty action", { on: "ping", do: {} }],
    ["replaces by nothing", { on: "ping", do: { replace: undefined } }],
    ["goes nowhere", { on: "ping", do: "drop", direction: "up" }],
    ["skips half a message", { on: "ping", do: "drop", skip: 0.5 }],
    ["skips less than none", { on: "ping", do: "drop", skip: -1 }],
    ["never happens", { on: "ping", do: "drop", times: 0 }],
    ["comes before its time", { on: "ping", do: { delayMs: -1 } }],
    ["never comes", { on: "ping", do: { delayMs: Infinity } }],
    ["makes no copy", { on: "ping", do: { duplicate: 0 } }],
    ["makes too many copies", { on: "ping", do: { duplicate: 1001 } }],
  ])("that %s is refused", (_, fault) => {
    expect(() => new MessageFaults([fault as Fault])).toThrow(RangeError);
  });
});

describe("a blackhole", () => {
  test("swallows everything later in its direction, until it is taken back", () => {
    const faults = new MessageFaults<Numbered>();
    const placed = faults.add({ on: "pong", do: "blackhole" });
    expect(faults.decide("sent", ping(1))).toEqual(untouched(ping(1)));
    expect(faults.decide("sent", pong(2))).toEqual(lost);
    expect(faults.decide("sent", ping(3))).toEqual(lost);
    expect(faults.decide("received", ping(4))).toEqual(untouched(ping(4)));
    expect(placed.hits).toBe(1);
    placed[Symbol.dispose]();
    expect(faults.decide("sent", ping(5))).toEqual(untouched(ping(5)));
  });

  test("is one connection's, if several share the faults", () => {
    const faults = new MessageFaults<Numbered>([{ on: "pong", do: "blackhole", times: 1 }]);
    const [one, two] = [{}, {}];
    expect(faults.decide("sent", pong(1), one)).toEqual(lost);
    expect(faults.decide("sent", ping(2), one)).toEqual(lost);
    expect(faults.decide("sent", ping(2), two)).toEqual(untouched(ping(2)));
  });
});

describe("a lane", () => {
  const setting = (...faults: Fault[]) => {
    const clock = new VirtualClock();
    const log: string[] = [];
    const lane = new MessageFaultLane<Numbered>({
      faults: new MessageFaults(faults),
      direction: "sent",
      connection: {},
      clock,
      pass: (message) =>
        log.push(message instanceof Uint8Array ? "bytes" : `${message.type} ${message.n}`),
      end: () => log.push("end"),
    });
    return { clock, log, lane };
  };

  test("passes on at once what no fault is about", () => {
    const { log, lane, clock } = setting({ on: "pong", do: "drop" });
    lane.take(ping(1));
    expect(log).toEqual(["ping 1"]);
    expect(clock.pending).toEqual([]);
  });

  test("holds what follows a delayed message behind it, for no longer than that", async () => {
    const { clock, log, lane } = setting({ on: "pong", do: { delayMs: 100 }, times: 2 });
    for (const message of [ping(1), pong(2), ping(3)]) lane.take(message);
    await clock.advance(50);
    for (const message of [pong(4), ping(5)]) lane.take(message);
    expect(log).toEqual(["ping 1"]);
    expect(lane.heldCount).toBe(4);
    await clock.advance(50);
    expect(log).toEqual(["ping 1", "pong 2", "ping 3"]);
    await clock.advance(50);
    expect(log.slice(3)).toEqual(["pong 4", "ping 5"]);
    lane.take(ping(6));
    expect(log.at(-1)).toBe("ping 6");
    expect(clock.pending).toEqual([]);
  });

  test("ends before or after the message, and passes nothing on from then on", () => {
    const before = setting({ on: "pong", do: "closeBefore" });
    for (const message of [ping(1), pong(2), ping(3)]) before.lane.take(message);
    expect(before.log).toEqual(["ping 1", "end"]);
    const after = setting({ on: "pong", do: "closeAfter" });
    for (const message of [ping(1), pong(2), pong(3)]) after.lane.take(message);
    expect(after.log).toEqual(["ping 1", "pong 2", "end"]);
  });

  test("ends in its turn, behind what is delayed", async () => {
    const { clock, log, lane } = setting(
      { on: "ping", do: { delayMs: 10 }, times: 1 },
      { on: "pong", do: "closeBefore" },
    );
    for (const message of [ping(1), pong(2), ping(3)]) lane.take(message);
    expect(log).toEqual([]);
    await clock.advance(10);
    expect(log).toEqual(["ping 1", "end"]);
    expect(clock.pending).toEqual([]);
  });

  test("duplicates and replaces", () => {
    const { log, lane } = setting(
      { on: "ping", do: { duplicate: 1 } },
      { on: "pong", do: { replace: bytes } },
    );
    for (const message of [ping(1), pong(2)]) lane.take(message);
    expect(log).toEqual(["ping 1", "ping 1", "bytes"]);
  });

  test("forgets what it holds when it is closed", async () => {
    const { clock, log, lane } = setting({ on: "ping", do: { delayMs: 10 } });
    lane.take(ping(1));
    lane.close();
    expect(clock.pending).toEqual([]);
    await clock.advance(10);
    lane.take(pong(2));
    expect(log).toEqual([]);
  });

  test("ends the connection when 10,000 messages are held and one more comes", () => {
    const { log, lane } = setting({ on: "ping", do: { delayMs: 10 }, times: 1 });
    for (let n = 0; n < 10_000; n++) lane.take(ping(n));
    expect(log).toEqual([]);
    lane.take(ping(10_000));
    expect(log).toEqual(["end"]);
    expect(lane.heldCount).toBe(0);
  });
});
