import {
  AssertionError,
  boundedBuffers,
  checkInvariants,
  connectionInvariants,
  eventsEnd,
  initFirst,
  type Invariant,
  InvariantError,
  legalStateTransitions,
  noMessageAfterClose,
  type Observation,
  sameReason,
  singleClose,
  stateTransitions,
  timeMovesForward,
} from "@satwire/testkit";
import { describe, expect, test } from "vitest";

const state = (name: string, error?: unknown): Observation => ({
  atMs: 0,
  kind: "state",
  state: name,
  ...(error === undefined ? {} : { error }),
});
const came = (type: string): Observation => ({ atMs: 0, kind: "message", direction: "in", type });
const sent = (type: string): Observation => ({ atMs: 0, kind: "message", direction: "out", type });
const buffer = (size: number): Observation => ({
  atMs: 0,
  kind: "buffer",
  name: "inbox",
  size,
  limit: 8,
});
const note: Observation = { atMs: 0, kind: "note", text: "hm" };
const close: Observation = { atMs: 0, kind: "close" };
const eventsOver: Observation = { atMs: 0, kind: "events-end" };
const messagesOver = (error?: unknown): Observation => ({ atMs: 0, kind: "messages-end", error });
const boom = new Error("boom");

const phases = [
  "connecting",
  "handshaking",
  "initializing",
  "connected",
  "closing",
  "disconnected",
];
const whole: readonly Observation[] = [
  ...phases.slice(0, 3).map((name) => state(name)),
  came("init"),
  state("connected"),
  sent("ping"),
  came("warning"),
  note,
  buffer(8),
  state("closing"),
  state("disconnected"),
  came("error"), // read late
  messagesOver(),
  eventsOver,
];

test("a connection from its beginning to its end breaks none", () => {
  checkInvariants(whole);
  expect(connectionInvariants).toHaveLength(8);
  for (const invariant of connectionInvariants) expect(invariant(whole)).toBeUndefined();
});

const cases: [Invariant, good: Observation[][], bad: [Observation[], number, string][]][] = [
  [
    legalStateTransitions,
    [
      [],
      [state("disconnected")],
      [state("handshaking"), state("disconnected")],
      ...phases
        .slice(0, 5)
        .map((_, i) => [...phases.slice(0, i + 1), "disconnected"].map((name) => state(name))),
      ...phases
        .slice(0, 4)
        .map((_, i) => [...phases.slice(0, i + 1), "closing"].map((name) => state(name))),
    ],
    [
      [[state("connected")], 0, "it went from new to connected"],
      [[state("closing")], 0, "it went from new to closing"],
      [[state("connecting"), note, state("connecting")], 2, "from connecting to connecting"],
      [[state("connecting"), state("initializing")], 1, "from connecting to initializing"],
      [[state("handshaking"), state("connecting")], 1, "from handshaking to connecting"],
      [[state("disconnected"), state("connecting")], 1, "from disconnected to connecting"],
      [[state("disconnected"), state("disconnected")], 1, "to disconnected"],
      [[state("constructor")], 0, "to constructor"],
    ],
  ],
  [
    noMessageAfterClose,
    [
      [sent("ping"), state("disconnected"), came("pong"), messagesOver()],
      [messagesOver(), sent("ping")],
    ],
    [
      [[messagesOver(), came("pong")], 1, "pong came after the messages had ended"],
      [[state("disconnected"), sent("ping")], 1, "ping was sent after it was disconnected"],
      [[close, came("pong")], 1, "pong came after it was closed"],
      [[close, note, sent("ping")], 2, "ping was sent after it was closed"],
      [[close, messagesOver(), came("pong")], 2, "pong came after it was closed"],
      [[close, state("disconnected"), sent("ping")], 2, "ping was sent after it was closed"],
    ],
  ],
  [
    initFirst,
    [
      [],
      [sent("init"), came("init"), sent("ping")],
      [came("init"), came("pong"), came("init")],
      [note],
    ],
    [
      [[sent("init"), came("pong"), came("init")], 1, "pong came before init"],
      [[sent("init"), sent("ping"), came("init")], 1, "ping was sent before init had come"],
      [[sent("ping")], 0, "ping was sent before init had come"],
    ],
  ],
  [
    eventsEnd,
    [[state("connecting"), state("disconnected", boom), eventsOver, came("pong"), messagesOver()]],
    [
      [[], 0, "the events have not ended"],
      [[state("disconnected")], 1, "the events have not ended"],
      [[eventsOver], 0, "the events ended after no state"],
      [[state("closing"), eventsOver], 1, "the events ended after closing"],
      [[state("disconnected"), eventsOver, note], 2, "note after the events had ended"],
      [[state("disconnected"), eventsOver, state("closing")], 2, "state after"],
      [[state("disconnected"), eventsOver, eventsOver], 2, "events-end after"],
      [
        [state("disconnected"), { ...eventsOver, error: boom } as Observation],
        1,
        "the loop over the events threw",
      ],
    ],
  ],
  [
    singleClose,
    [[close], [state("disconnected")], [state("closing"), state("disconnected"), close]],
    [
      [[state("closing")], 1, "it never told its end"],
      [[close, note, close], 2, "a second close"],
      [
        [state("disconnected"), state("disconnected", boom)],
        1,
        'a second state disconnected, Error: "boom"',
      ],
    ],
  ],
  [
    sameReason,
    [
      [],
      [messagesOver(boom)],
      [state("disconnected", boom)],
      [state("closing"), messagesOver(boom), state("disconnected", boom)],
      [messagesOver(), state("disconnected")],
    ],
    [
      [[state("disconnected", boom), messagesOver()], 1, "another reason"],
      [[messagesOver(boom), state("disconnected")], 0, "another reason"],
      [[messagesOver(boom), state("disconnected", new Error("boom"))], 0, "another reason"],
    ],
  ],
  [
    boundedBuffers,
    [[buffer(0), buffer(8)]],
    [
      [[buffer(8), buffer(9)], 1, "inbox holds 9, more than 8"],
      [[buffer(Number.NaN)], 0, "inbox holds NaN, more than 8"],
    ],
  ],
  [
    timeMovesForward,
    [[], [{ ...note, atMs: -5 }, { ...note, atMs: -5 }, note]],
    [
      [[note, { ...note, atMs: -1 }], 1, "it was before what came before"],
      [[{ ...note, atMs: Number.NaN }], 0, "it was before"],
    ],
  ],
];

describe.each(cases.map((one) => [one[0].name, ...one] as const))(
  "%s",
  (_name, invariant, good, bad) => {
    test.each(good.map((log, i) => [i, log] as const))("holds for %d", (_i, log) => {
      expect(invariant(log)).toBeUndefined();
    });

    test.each(bad.map((one, i) => [i, ...one] as const))(
      "is broken by %d",
      (_i, log, position, text) => {
        expect(invariant(log)).toEqual({ position, text: expect.stringContaining(text) });
      },
    );
  },
);

describe("an error", () => {
  test("names the invariant and the position, and shows what was around it", () => {
    const log: Observation[] = [
      { ...state("connecting"), atMs: 1000 },
      { ...state("disconnected", boom), atMs: 1500 },
      { ...close, atMs: 1600 },
      { ...sent("ping"), atMs: 2000 },
      { ...note, atMs: 2500 },
      { ...eventsOver, atMs: 2500 },
    ];
    let error: unknown;
    try {
      checkInvariants(log);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(InvariantError);
    expect(error).toBeInstanceOf(AssertionError);
    expect(error).toMatchObject({
      name: "AssertionError",
      invariant: "noMessageAfterClose",
      position: 3,
      actual: log,
      operator: "invariants",
      violations: [
        { invariant: "noMessageAfterClose", position: 3 },
        { invariant: "initFirst", position: 3 },
      ],
    });
    expect((error as Error).message.split("\n")).toEqual([
      "invariant noMessageAfterClose does not hold at 3: ping was sent after it was disconnected",
      "  0  +0 ms  state connecting",
      '  1  +500 ms  state disconnected, Error: "boom"',
      "  2  +600 ms  close",
      "> 3  +1000 ms  message out: ping",
      '  4  +1500 ms  note "hm"',
      "invariant initFirst does not hold at 3: ping was sent before init had come",
      "  0  +0 ms  state connecting",
      '  1  +500 ms  state disconnected, Error: "boom"',
      "  2  +600 ms  close",
      "> 3  +1000 ms  message out: ping",
      '  4  +1500 ms  note "hm"',
    ]);
  });

  test("says where something is missing", () => {
    expect(() => checkInvariants([buffer(1)], [singleClose])).toThrow(
      "invariant singleClose does not hold at 1: it never told its end\n" +
        "  0  +0 ms  buffer inbox: 1 of 8\n> 1  the end of the log",
    );
  });
});

test("a function is an invariant, with its name or a number", () => {
  const noWarnings: Invariant = (log) => {
    const position = log.findIndex((seen) => seen.kind === "message" && seen.type === "warning");
    return position < 0 ? undefined : { position, text: "the peer warned" };
  };
  checkInvariants([came("init")], [noWarnings]);
  expect(() => checkInvariants(whole, [noWarnings])).toThrow(
    "invariant noWarnings does not hold at 6: the peer warned",
  );
  expect(() => checkInvariants(whole, [singleClose, (log) => noWarnings(log)])).toThrow(
    "invariant number 1 does not hold at 6",
  );
});

test("states of other connections have rules of their own", () => {
  const doors = stateTransitions({ start: "shut", next: { shut: ["open"], open: ["shut"] } });
  expect(doors.name).toBe("legalStateTransitions");
  expect(doors([state("open"), state("shut"), state("open")])).toBeUndefined();
  expect(doors([state("open"), state("open")])).toEqual({
    position: 1,
    text: "it went from open to open",
  });
  expect(doors([state("shut")])?.position).toBe(0);
  const odd = stateTransitions({ start: "constructor", next: {} });
  expect(odd([state("open")])?.text).toBe("it went from constructor to open");
});

test("an error without a violation is none", () => {
  expect(() => new InvariantError([], [])).toThrow(RangeError);
});

test("a log that was full is not checked", () => {
  expect(() => checkInvariants([...whole, { atMs: 0, kind: "full" }])).toThrow(
    `the log was full after ${whole.length} observations`,
  );
});
