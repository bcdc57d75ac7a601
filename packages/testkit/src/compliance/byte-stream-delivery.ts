// Part of the suite of byte streams: what is written arrives, as it was, and callbacks come from outside.
import { assertEqual, assertThrows } from "../assert.ts";
import { type ByteStreamTests, bytes, eitherEnd } from "./byte-stream-tests.ts";
import { assertBytes } from "./expectations.ts";
import { manyTurns } from "./patience.ts";
import { pattern, send } from "./stream-recorder.ts";

/** Declares them. */
export function deliveryTests({ test, record, recorder }: ByteStreamTests): void {
  test("delivers megabytes in order, both ways at once, whatever the write sizes", async (a, b) => {
    const [fromA, fromB] = [pattern(3_000_000, 1), pattern(2_000_000, 2)];
    const [atA, atB] = [record(a), record(b)];
    await Promise.all([send(a, atA, fromA, 3), send(b, atB, fromB, 4)]);
    await atA.receivedAll(fromB.length);
    await atB.receivedAll(fromA.length);
    assertBytes(atA.bytes, fromB, "what the first stream received");
    assertBytes(atB.bytes, fromA, "what the second stream received");
  });

  test("hands out plain Uint8Arrays that the consumer may change, and no empty ones", async (a, b) => {
    const atB = record(b, { data: (chunk) => chunk.fill(0) });
    const sent = bytes("mine");
    a.write(new Uint8Array(0));
    a.write(sent);
    a.end();
    await atB.until(() => atB.has("end"), "the end");
    const arePlain = atB.chunks.every(
      (chunk) => Object.getPrototypeOf(chunk).constructor.name === "Uint8Array",
    );
    assertEqual(arePlain, true, "all chunks are plain Uint8Arrays");
    assertEqual(
      atB.chunks.some(({ length }) => length === 0),
      false,
      "a chunk is empty",
    );
    assertEqual(atB.received, 4, "bytes received");
    assertBytes(sent, bytes("mine"), "the array that was written");
  });

  test("reads nothing before start and loses nothing that came before", async (a, b) => {
    a.write(bytes("before "));
    a.write(bytes("start"));
    a.end();
    const atA = record(a);
    b.write(bytes("answer"));
    await atA.receivedAll(6);
    assertEqual(atA.text, "answer", "what came back");
    const atB = record(b);
    await atB.until(() => atB.has("end"), "the end");
    assertEqual(atB.text, "before start", "what had been written before the start");
  });

  for (const [title, order] of eitherEnd) {
    test(`remembers an end that came before the ${title} stream started`, async (...pair) => {
      const [late, early] = order(pair[0], pair[1]);
      early.end();
      await manyTurns();
      const atLate = record(late);
      await atLate.until(() => atLate.has("end"), "the end");
      late.end();
      await atLate.closed();
      assertEqual(atLate.events, ["end", "close"], "events");
      assertEqual(atLate.error, undefined, "the error of the close");
    });
  }

  test("refuses a second consumer", async (a) => {
    record(a);
    const refused = { name: "NetError", code: "already_started" };
    assertThrows(() => a.start(recorder()), refused, "a second start");
  });

  test("never calls the consumer inside a call to the stream", async (a, b, { mostUnderWay }) => {
    const much = mostUnderWay * 2;
    let isCalling = false;
    const inside: string[] = [];
    const guarded = (call: () => void): void => {
      const before = isCalling;
      isCalling = true;
      call();
      isCalling = before;
    };
    const check = (event: string) => (): void => {
      if (isCalling) inside.push(event);
    };
    const on = {
      data: check("data"),
      end: check("end"),
      drain: check("drain"),
      close: check("close"),
    };
    const atA = recorder(on);
    const atB = recorder({
      ...on,
      data: () => {
        on.data();
        guarded(() => b.pause());
        guarded(() => b.resume());
      },
    });
    guarded(() => a.write(new Uint8Array(much)));
    guarded(() => a.start(atA));
    guarded(() => b.start(atB));
    guarded(() => a.write(new Uint8Array(much)));
    guarded(() => b.write(bytes("x")));
    await Promise.all([
      atA.until(() => atA.received === 1 && atA.has("drain"), "data and a drain"),
      atB.receivedAll(much * 2),
    ]);
    guarded(() => a.end());
    await atB.until(() => atB.has("end"), "the end");
    guarded(() => b.destroy());
    await Promise.all([atA.closed(), atB.closed()]);
    assertEqual(inside, [], "callbacks inside a call");
  });
}
