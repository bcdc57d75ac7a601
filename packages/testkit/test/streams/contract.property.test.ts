import type { ByteStream } from "@satwire/net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { duplexPair, type SimStream, VirtualClock } from "../../src/index.ts";
import { anyPlan, linkProfile } from "../support/fault-arbitraries.ts";

/** A consumer that checks every promise of a stream's contract. */
class Witness {
  readonly received: number[] = [];
  readonly sent: number[] = [];
  readonly violations: string[] = [];
  closes = 0;
  readonly #stream: ByteStream;
  #inCall = false;
  #isPaused = false;
  #isOver = false;
  #hasEnded = false;
  #wasToldEnd = false;
  #drainOwed = false;
  #next: number;

  constructor(stream: ByteStream, first: number) {
    this.#stream = stream;
    this.#next = first;
    stream.start({
      onData: (chunk) => {
        this.#callback("data", this.#isPaused || this.#wasToldEnd || chunk.length === 0);
        this.received.push(...chunk);
      },
      onEnd: () => {
        this.#callback("end", this.#wasToldEnd);
        this.#wasToldEnd = true;
      },
      onDrain: () => {
        this.#callback("drain", !this.#drainOwed || this.#hasEnded);
        this.#drainOwed = false;
      },
      onClose: (error) => {
        this.#callback("close", error === undefined && !(this.#wasToldEnd && this.#hasEnded));
        this.closes += 1;
        this.#isOver = true;
      },
    });
  }

  call(run: (stream: ByteStream) => void): void {
    this.#inCall = true;
    run(this.#stream);
    this.#inCall = false;
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.call((stream) => (isPaused ? stream.pause() : stream.resume()));
  }

  /** Bytes that say where they are. */
  write(length: number): void {
    const bytes = Uint8Array.from({ length }, () => this.#next++ & 255);
    const mayThrow = this.#hasEnded || this.#isOver;
    try {
      this.call((stream) => {
        const hasRoom = stream.write(bytes);
        if (!hasRoom) this.#drainOwed = true;
      });
      expect(mayThrow).toBe(false);
      this.sent.push(...bytes);
    } catch (error) {
      this.#inCall = false;
      expect([mayThrow, error]).toEqual([true, expect.objectContaining({ code: "closed" })]);
    }
  }

  end(): void {
    this.#hasEnded = true;
    this.call((stream) => stream.end());
  }

  destroy(): void {
    this.#hasEnded = true;
    this.call((stream) => stream.destroy());
  }

  #callback(name: string, isWrong: boolean): void {
    if (isWrong) this.violations.push(`a wrong ${name}`);
    if (this.#inCall) this.violations.push(`${name} inside a call`);
    if (this.#isOver) this.violations.push(`${name} after close`);
  }
}

test("whatever both sides and the faults do, every promise of a stream holds", async () => {
  const calls = fc.constantFrom("pause", "resume", "end", "destroy", "stall", "unstall", "reset");
  const step = fc.record({
    side: fc.constantFrom(0 as const, 1 as const),
    call: fc.oneof(
      { weight: 4, arbitrary: fc.nat(60) },
      { weight: 3, arbitrary: fc.constant("wait" as const) },
      { weight: 2, arbitrary: calls },
    ),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.tuple(anyPlan, anyPlan),
      linkProfile,
      fc.integer({ min: 1, max: 100 }),
      async (steps, [first, second], profile, capacityBytes) => {
        const clock = new VirtualClock(0, { settleTurns: 2 });
        const streams: readonly SimStream[] = duplexPair({
          clock,
          profile,
          capacityBytes,
          faults: { first, second },
        });
        const witnesses = streams.map((stream, side) => new Witness(stream, side * 100));
        for (const { side, call } of steps) {
          const [stream, witness] = [streams[side] as SimStream, witnesses[side] as Witness];
          if (call === "wait") await clock.advance(20);
          else if (typeof call === "number") witness.write(call);
          else if (call === "pause" || call === "resume") witness.pause(call === "pause");
          else if (call === "end" || call === "destroy") witness[call]();
          else witness.call(() => stream[call as "stall"]());
        }
        await clock.advance(1000);
        for (const witness of witnesses) witness.destroy();
        await clock.advance(86_400_000);
        expect(witnesses.flatMap(({ violations }) => violations)).toEqual([]);
        expect(witnesses.map(({ closes }) => closes)).toEqual([1, 1]);
        expect(streams.map(({ closes, isOpen }) => [closes, isOpen])).toEqual([
          [1, false],
          [1, false],
        ]);
        for (const side of [0, 1] as const) {
          const [from, to] = [witnesses[side] as Witness, witnesses[1 - side] as Witness];
          expect(to.received).toEqual(from.sent.slice(0, to.received.length));
        }
        expect(clock.pending).toEqual([]);
      },
    ),
    { numRuns: 500 },
  );
});
