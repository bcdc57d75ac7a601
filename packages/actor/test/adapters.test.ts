import { describe, expect, expectTypeOf, test } from "vitest";
import { filterMapInput, mapInput, mapRef } from "../src/adapters.ts";
import { ActorError } from "../src/errors.ts";
import type { Message } from "../src/message.ts";
import type { ActorRef, TellRef } from "../src/ref.ts";
import { fakeRef } from "./fake-ref.ts";

interface Add extends Message {
  readonly type: "add";
  readonly amount: number;
}
interface GetTotal extends Message<number> {
  readonly type: "getTotal";
}
type Counter = Add | GetTotal;

interface Deposit extends Message {
  readonly type: "deposit";
  readonly text: string;
}
interface GetBalance extends Message<string> {
  readonly type: "getBalance";
}
type Account = Deposit | GetBalance;

const deposit = (text: string): Deposit => ({ type: "deposit", text });
const toAdd = ({ text }: Deposit): Add => ({ type: "add", amount: Number(text) });
const bad = new Error("bad text");
const throwing = (): never => {
  throw bad;
};

describe("mapInput", () => {
  test("tells the mapped message, with the options as they are", async () => {
    const ref = fakeRef<Counter>("counter");
    const { signal } = new AbortController();
    const options = { signal };
    const adapter = mapInput(ref, toAdd);
    await adapter.tell(deposit("1"));
    await adapter.tell(deposit("2"), options);
    expect(adapter.tryTell(deposit("3"))).toBe(true);
    expect(ref.calls).toEqual([
      ["tell", { type: "add", amount: 1 }],
      ["tell", { type: "add", amount: 2 }, { signal }],
      ["tryTell", { type: "add", amount: 3 }],
    ]);
    expect(ref.calls[1]?.[2]?.signal).toBe(signal);
  });

  test("gives back what the ref gives: a refusal, a false", async () => {
    const refused = new ActorError("mailbox_full", "full");
    const ref = fakeRef<Counter>("counter", {
      told: () => Promise.reject(refused),
      accepts: false,
    });
    const adapter = mapInput(ref, toAdd);
    await expect(adapter.tell(deposit("1"))).rejects.toBe(refused);
    expect(adapter.tryTell(deposit("1"))).toBe(false);
  });

  test("a map that throws: tell rejects, tryTell throws, nothing is sent", async () => {
    const ref = fakeRef<Counter>("counter");
    const adapter = mapInput(ref, throwing);
    await expect(adapter.tell(deposit("x"))).rejects.toBe(bad);
    expect(() => adapter.tryTell(deposit("x"))).toThrow(bad);
    expect(ref.calls).toEqual([]);
  });

  test("maps when it is called: a message that changes later is another one", () => {
    const ref = fakeRef<Counter>("counter");
    const message = { type: "deposit" as const, text: "1" };
    void mapInput(ref, toAdd).tell(message);
    message.text = "2";
    expect(ref.calls).toEqual([["tell", { type: "add", amount: 1 }]]);
  });

  test("has the id of the ref behind it, or its own", () => {
    const ref = fakeRef<Counter>("counter");
    expect(mapInput(ref, toAdd).id).toBe("counter");
    expect(mapInput(ref, toAdd, { id: "deposits" }).id).toBe("deposits");
    expect(filterMapInput(ref, toAdd, { id: "deposits" }).id).toBe("deposits");
    expect(mapInput(ref, toAdd, { id: undefined }).id).toBe("counter");
  });
});

describe("filterMapInput", () => {
  test("leaves out what has no mapped message: tell resolves, tryTell is true", async () => {
    const ref = fakeRef<Counter>("counter", { accepts: false });
    const adapter = filterMapInput(ref, (m: Deposit) => (m.text === "" ? undefined : toAdd(m)));
    await expect(adapter.tell(deposit(""))).resolves.toBeUndefined();
    expect(adapter.tryTell(deposit(""))).toBe(true);
    expect(ref.calls).toEqual([]);
    await adapter.tell(deposit("1"));
    expect(adapter.tryTell(deposit("2"))).toBe(false);
    expect(ref.calls).toEqual([
      ["tell", { type: "add", amount: 1 }],
      ["tryTell", { type: "add", amount: 2 }],
    ]);
  });

  test("a map that throws: tell rejects, tryTell throws, nothing is sent", async () => {
    const ref = fakeRef<Counter>("counter");
    const adapter = filterMapInput(ref, throwing);
    await expect(adapter.tell(deposit("x"))).rejects.toBe(bad);
    expect(() => adapter.tryTell(deposit("x"))).toThrow(bad);
    expect(ref.calls).toEqual([]);
  });
});

describe("mapRef", () => {
  const message = (m: Account): Counter => (m.type === "deposit" ? toAdd(m) : { type: "getTotal" });
  const reply = (total: number | void, asked: Account): string =>
    `${asked.type}: ${String(total)} sat`;

  test("maps the message in and the reply out, with the options as they are", async () => {
    const ref = fakeRef<Counter>("counter", { reply: () => Promise.resolve(21) });
    const account = mapRef(ref, { message, reply });
    const options = { signal: new AbortController().signal, timeoutMs: 50 };
    const balance = await account.ask({ type: "getBalance" }, options);
    expectTypeOf(balance).toEqualTypeOf<string>();
    expect(balance).toBe("getBalance: 21 sat");
    expect(ref.calls).toEqual([["ask", { type: "getTotal" }, options]]);
    expect(ref.calls[0]?.[2]).toBe(options);
  });

  test("tells as mapInput does, and has the id of the ref behind it or its own", async () => {
    const ref = fakeRef<Counter>("counter");
    const account = mapRef(ref, { message, reply });
    await account.tell(deposit("1"));
    expect(account.tryTell(deposit("2"))).toBe(true);
    expect(ref.calls).toEqual([
      ["tell", { type: "add", amount: 1 }],
      ["tryTell", { type: "add", amount: 2 }],
    ]);
    expect(account.id).toBe("counter");
    expect(mapRef(ref, { message, reply }, { id: "account" }).id).toBe("account");
  });

  test("an ask that fails, fails; the reply is not mapped", async () => {
    const timeout = new ActorError("ask_timeout", "too late");
    const ref = fakeRef<Counter>("counter", { reply: () => Promise.reject(timeout) });
    let mapped = 0;
    const account = mapRef(ref, { message, reply: () => `${mapped++}` });
    await expect(account.ask({ type: "getBalance" })).rejects.toBe(timeout);
    expect(mapped).toBe(0);
  });

  test("a message map that throws: ask and tell reject, tryTell throws, nothing is sent", async () => {
    const ref = fakeRef<Counter>("counter");
    const account: ActorRef<Account> = mapRef(ref, { message: throwing, reply });
    await expect(account.ask({ type: "getBalance" })).rejects.toBe(bad);
    await expect(account.tell(deposit("x"))).rejects.toBe(bad);
    expect(() => account.tryTell(deposit("x"))).toThrow(bad);
    expect(ref.calls).toEqual([]);
  });

  test("a reply map that throws: ask rejects", async () => {
    const ref = fakeRef<Counter>("counter", { reply: () => Promise.resolve(1) });
    const account: ActorRef<Account> = mapRef(ref, { message, reply: throwing });
    await expect(account.ask({ type: "getBalance" })).rejects.toBe(bad);
  });
});

test("adapters of adapters", async () => {
  interface Coins extends Message {
    readonly type: "coins";
    readonly count: number;
  }
  const ref = fakeRef<Counter>("counter");
  const coins = mapInput(mapInput(ref, toAdd), (m: Coins) => deposit(`${m.count}`));
  await coins.tell({ type: "coins", count: 7 });
  expect(ref.calls).toEqual([["tell", { type: "add", amount: 7 }]]);
});

test("types: the maps fit the messages of both sides", () => {
  const ref = fakeRef<Counter>("counter", { reply: () => Promise.resolve(1) });
  expectTypeOf(mapInput(ref, toAdd)).toEqualTypeOf<TellRef<Deposit>>();
  const literal: TellRef<Deposit> = mapInput(ref, (m) => ({ type: "add", amount: m.text.length }));
  expect(literal.tryTell(deposit("abc"))).toBe(true);
  const heights: ActorRef<GetBalance> = mapRef(ref, {
    message: () => ({ type: "getTotal" }),
    reply: (total) => `${total}`,
  });
  expect(heights.id).toBe("counter");

  // @ts-expect-error the actor behind takes no such message
  mapInput(ref, (m: Deposit) => ({ type: "subtract", amount: m.text.length }));
  // @ts-expect-error nor a message without its fields
  mapInput(ref, (m: Deposit) => ({ type: "add", text: m.text }));
  // @ts-expect-error a map that may give undefined is filterMapInput's
  mapInput(ref, (m: Deposit) => (m.text === "" ? undefined : toAdd(m)));
  const toTotal: (message: GetBalance) => GetTotal = () => ({ type: "getTotal" });
  // @ts-expect-error the reply to getBalance is a text
  mapRef(ref, { message: toTotal, reply: () => 1 });
  // The reply is that to the message which was made, and to no other of the actor's.
  mapRef(ref, { message: toTotal, reply: (total) => total.toFixed(2) });
  interface AddAndSay extends Message<string> {
    readonly type: "addAndSay";
    readonly amount: number;
  }
  const said = mapRef(ref, {
    message: (m: AddAndSay) => ({ type: "add", amount: m.amount }),
    reply: (nothing, { amount }) => {
      expectTypeOf(nothing).toEqualTypeOf<void>();
      return `added ${amount}`;
    },
  });
  expectTypeOf(said).toEqualTypeOf<ActorRef<AddAndSay>>();
  // @ts-expect-error the reply to getTotal is a number
  mapRef(ref, { message: toTotal, reply: (total) => total.toUpperCase() });
  const either: (message: GetBalance) => Counter = toTotal;
  // @ts-expect-error an add is answered with nothing
  mapRef(ref, { message: either, reply: (total) => total.toFixed(2) });
  // @ts-expect-error an ask is not part of what was adapted for tell
  void mapInput(ref, toAdd).ask;
  // @ts-expect-error the adapter takes no message of the actor behind
  void mapInput(ref, toAdd).tryTell({ type: "getTotal" });

  interface IsOpen extends Message<boolean> {
    readonly type: "isOpen";
  }
  interface GetState extends Message<"empty" | "full"> {
    readonly type: "getState";
  }
  const state: ActorRef<GetState> = mapRef(ref, {
    message: () => ({ type: "getTotal" }),
    reply: (total) => (total === 0 ? "empty" : "full"),
  });
  expect(state.id).toBe("counter");
  // A boolean is one kind of reply.
  const open: ActorRef<IsOpen> = mapRef(ref, {
    message: () => ({ type: "getTotal" }),
    reply: (total) => total === 0,
  });
  expect(open.id).toBe("counter");
  const toEach: (message: GetBalance | IsOpen) => GetTotal = () => ({ type: "getTotal" });
  // @ts-expect-error no value is both a text and a boolean: one ref for each
  mapRef(ref, { message: toEach, reply: () => "1" });
});
