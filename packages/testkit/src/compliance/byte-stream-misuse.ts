// Part of the suite of byte streams: calls that come too late, and consumers that throw.
import { assertEqual, assertThrows } from "../assert.ts";
import { type ByteStreamTests, bytes } from "./byte-stream-tests.ts";
import { assertError } from "./expectations.ts";
import { manyTurns, nextTurn } from "./patience.ts";
import { collectUncaught } from "./stream-recorder.ts";

const closed = { name: "NetError", code: "closed" };

/** Declares them. */
export function misuseTests({ test, record }: ByteStreamTests): void {
  test("throws a NetError for writes after end, destroy and close, and ignores the other calls", async (a, b) => {
    const [atA, atB] = [record(a), record(b)];
    a.end();
    assertThrows(() => a.write(bytes("x")), closed, "a write after end");
    b.destroy();
    assertThrows(() => b.write(bytes("x")), closed, "a write after destroy");
    await Promise.all([atA.closed(), atB.closed()]);
    for (const stream of [a, b]) {
      assertThrows(() => stream.write(bytes("x")), closed, "a write after the close");
      stream.end();
      stream.pause();
      stream.resume();
      stream.destroy();
    }
    await manyTurns();
    assertEqual([atA.closes, atB.closes], [1, 1], "closes");
    assertEqual([atA.events.at(-1), atB.events.at(-1)], ["close", "close"], "the last events");
  });

  test("throws for a write inside onClose", async (a, b) => {
    let thrown: unknown;
    const write = (): void => {
      try {
        a.write(bytes("x"));
      } catch (error) {
        thrown = error;
      }
    };
    const atA = record(a, { close: write });
    b.destroy();
    await atA.closed();
    assertError(thrown, closed, "what a write inside onClose throws");
  });

  for (const event of ["data", "end", "drain", "close"] as const) {
    test(`destroys the stream and throws again, uncaught, what ${event} threw`, async (...of) => {
      const [a, b, { mostUnderWay }] = of;
      const bug = new Error(`bug in ${event}`);
      const thrown = await collectUncaught(async () => {
        const atA = record(a, {
          [event]: () => {
            throw bug;
          },
        });
        const atB = record(b);
        if (event === "drain") a.write(new Uint8Array(mostUnderWay * 2));
        b.write(bytes("x"));
        b.end();
        if (event === "close") a.end();
        await Promise.all([atA.closed(), atB.closed()]);
        await nextTurn();
        assertEqual([atA.closes, atB.closes], [1, 1], "closes");
        if (event === "close") assertEqual(atA.error, undefined, "the error of the close");
        else assertError(atA.error, { name: "NetError", code: "failed", cause: bug }, "the close");
      });
      assertEqual(thrown.length, 1, "how much was thrown uncaught");
      assertEqual(thrown[0] === bug, true, "whether the bug itself was thrown");
    });
  }
}
