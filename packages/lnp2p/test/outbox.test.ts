import { describe, expect, test } from "vitest";
import { PeerError } from "../src/errors.ts";
import { Outbox } from "../src/outbox.ts";
import { failure } from "./collect.ts";

/** A socket with room for so many frames. */
function socket(room: number, capacity = 10) {
  const written: number[] = [];
  const state = { room };
  const outbox = new Outbox({
    capacity,
    write: (frame) => {
      written.push(frame[0] as number);
      state.room--;
      return state.room > 0;
    },
  });
  return { outbox, written, state };
}

const frame = (n: number): Uint8Array => Uint8Array.of(n);

describe("a socket without room", () => {
  test("gets what waited one by one, as long as there is room", async () => {
    const { outbox, written, state } = socket(1);
    await outbox.send(frame(1));
    const waiting = [2, 3, 4].map((n) => outbox.send(frame(n)));
    expect(written).toEqual([1]);
    state.room = 2;
    outbox.drained();
    expect(written).toEqual([1, 2, 3]);
    await Promise.all(waiting.slice(0, 2));
    state.room = 2;
    outbox.drained();
    expect(written).toEqual([1, 2, 3, 4]);
    await waiting[2];
    await outbox.send(frame(5));
    expect(written).toEqual([1, 2, 3, 4, 5]);
  });

  test("gets answers before what waited, and no more of them than are kept", async () => {
    const { outbox, written, state } = socket(1, 3);
    await outbox.send(frame(1));
    const waiting = outbox.send(frame(2));
    for (let i = 0; i < 100; i++) outbox.reply(frame(100 + i));
    state.room = 1000;
    outbox.drained();
    await waiting;
    expect(written).toEqual([1, ...Array.from({ length: 64 }, (_, i) => 100 + i), 2]);
  });

  test("gets nothing of a call that was aborted while it waited", async () => {
    const { outbox, written, state } = socket(1);
    await outbox.send(frame(1));
    const controller = new AbortController();
    const aborted = failure(outbox.send(frame(2), { signal: controller.signal }));
    const waiting = outbox.send(frame(3));
    controller.abort("changed my mind");
    expect(await aborted).toMatchObject({ code: "aborted", cause: "changed my mind" });
    state.room = 10;
    outbox.drained();
    await waiting;
    expect(written).toEqual([1, 3]);
  });

  test("that is closed refuses who waits", async () => {
    const { outbox } = socket(1);
    await outbox.send(frame(1));
    const waiting = failure(outbox.send(frame(2)));
    const closed = new PeerError("closed", "it is over");
    outbox.close(closed);
    expect(await waiting).toBe(closed);
  });
});
