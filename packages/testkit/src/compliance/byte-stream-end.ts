// Part of the suite of byte streams: ends in order, of one side and of both.
import { assertEqual } from "../assert.ts";
import { type ByteStreamTests, bytes, eitherEnd } from "./byte-stream-tests.ts";
import { assertBytes } from "./expectations.ts";
import { pattern } from "./stream-recorder.ts";

/** Declares them. */
export function endTests({ test, record }: ByteStreamTests): void {
  for (const [title, order] of eitherEnd) {
    test(`lets the other side go on writing after the ${title} stream ended`, async (...pair) => {
      const [early, late] = order(pair[0], pair[1]);
      const [atEarly, atLate] = [record(early), record(late)];
      early.write(bytes("bye"));
      early.end();
      await atLate.until(() => atLate.has("end"), "the end");
      assertEqual(atLate.text, "bye", "what came before the end");
      late.write(bytes("still here"));
      await atEarly.receivedAll(10);
      assertEqual(atEarly.text, "still here", "what came after our own end");
      assertEqual([atEarly.closes, atLate.closes], [0, 0], "closes while one side is open");
      late.end();
      await Promise.all([atEarly.closed(), atLate.closed()]);
      assertEqual([atEarly.error, atLate.error], [undefined, undefined], "errors of the closes");
      for (const at of [atEarly, atLate]) {
        // Borders between chunks mean nothing.
        const events = at.eventsButDrains.filter((event, i, all) => event !== all[i - 1]);
        assertEqual(events, ["data", "end", "close"], "events");
      }
    });
  }

  test("sends all that is queued before the end", async (a, b) => {
    const sent = pattern(9_000_000, 10);
    const atA = record(a);
    for (let offset = 0; offset < sent.length; offset += 300_000) {
      a.write(sent.slice(offset, offset + 300_000));
    }
    a.end();
    a.end();
    const atB = record(b);
    await atB.until(() => atB.has("end"), "the end");
    assertBytes(atB.bytes, sent, "what was received");
    b.end();
    await Promise.all([atA.closed(), atB.closed()]);
    assertEqual([atA.error, atB.error], [undefined, undefined], "errors of the closes");
    assertEqual(atA.has("drain"), false, "whether there was a drain after the end");
  });

  test("closes in order when both sides end at once, also from inside onEnd", async (a, b) => {
    const atA = record(a, { end: () => a.end() });
    const atB = record(b);
    b.end();
    await Promise.all([atA.closed(), atB.closed()]);
    assertEqual([atA.error, atB.error], [undefined, undefined], "errors of the closes");
    assertEqual(atA.events, ["end", "close"], "events of the side that answered");
    assertEqual(atB.events, ["end", "close"], "events of the side that began");
  });
}
