// Part of the suite of byte streams: a slow reader holds the writer, and both can go on.
import { assert, assertEqual } from "../assert.ts";
import { type ByteStreamTests, bytes } from "./byte-stream-tests.ts";
import { assertBytes } from "./expectations.ts";
import { nextTurn, started } from "./patience.ts";
import { pattern, send } from "./stream-recorder.ts";

/** Declares them. */
export function backpressureTests({ test, record, recorder }: ByteStreamTests): void {
  test("holds the writer while the reader is slow, and lets it go on", async (a, b, pair) => {
    const { mostUnderWay } = pair;
    const sent = pattern(Math.ceil(mostUnderWay * 1.5), 6);
    let written = 0;
    let most = 0;
    const [atA, atB] = [record(a), recorder()];
    const onWritten = (total: number): void => {
      written = total;
      most = Math.max(most, written - atB.received);
    };
    const sending = started(send(a, atA, sent, 7, onWritten));
    // Nothing reads yet, so the writer stops by itself; every turn without progress shows that.
    for (let idle = 0, seen = -1; idle < 50; idle = written === seen ? idle + 1 : 0) {
      seen = written;
      await nextTurn();
    }
    assert(written < sent.length, `all ${sent.length} bytes were taken though nobody read`);
    b.start(atB);
    assert((await sending) > 0, "write never returned false");
    await atB.receivedAll(sent.length);
    assert(most <= mostUnderWay, `${most} bytes were under way, above ${mostUnderWay}`);
    assertBytes(atB.bytes, sent, "what was received");
  });

  test("calls onDrain once for a write that returned false, and never without one", async (...of) => {
    const [a, b, { mostUnderWay }] = of;
    const [atA, atB] = [record(a), record(b)];
    const much = mostUnderWay * 2;
    const first = a.write(bytes("s"));
    await atB.receivedAll(1);
    if (!first) await atA.until(() => atA.has("drain"), "the drain of a full stream");
    const before = atA.drains;
    assertEqual(before, first ? 0 : 1, "drains after one small write");
    assertEqual(a.write(new Uint8Array(much)), false, "the result of a write of far too much");
    assertEqual(a.write(bytes("more")), false, "the result of a write to a full stream");
    await atB.receivedAll(much + 5);
    await atA.until(() => atA.drains > before, "a drain");
    b.write(bytes("done"));
    await atA.receivedAll(4);
    assertEqual(atA.drains, before + 1, "drains for two writes that returned false");
  });

  test("remembers a drain that happened before start", async (a, b, { mostUnderWay }) => {
    assertEqual(a.write(new Uint8Array(mostUnderWay * 2)), false, "the result of a long write");
    const atB = record(b);
    await atB.receivedAll(mostUnderWay * 2);
    const atA = record(a);
    await atA.until(() => atA.has("drain"), "the drain");
    assertEqual(atA.events, ["drain"], "events");
  });

  test("delivers no chunk between pause and resume, also when paused inside onData", async (a, b) => {
    let isPaused = false;
    let violations = 0;
    const atB = record(b, {
      data: () => {
        if (isPaused) violations += 1;
        isPaused = true;
        b.pause();
        void nextTurn().then(() => {
          isPaused = false;
          b.resume();
        });
      },
    });
    const atA = record(a);
    const sent = pattern(1_000_000, 8);
    await send(a, atA, sent, 9);
    a.end();
    await atB.until(() => atB.has("end"), "the end");
    assertEqual(violations, 0, "chunks while paused");
    assertBytes(atB.bytes, sent, "what was received");
    assert(atB.chunks.length > 1, "a megabyte came in one chunk");
  });

  test("stays paused over start when paused before", async (a, b) => {
    b.pause();
    const atB = record(b);
    const atA = record(a);
    a.write(bytes("held"));
    b.write(bytes("go"));
    await atA.receivedAll(2);
    await nextTurn();
    assertEqual(atB.received, 0, "bytes while paused");
    b.resume();
    await atB.receivedAll(4);
    assertEqual(atB.text, "held", "what came after the pause");
  });
}
