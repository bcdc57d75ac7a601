import { describe, expect, test } from "vitest";
import { memoryPair, parseHostPort } from "../src/index.ts";
import { thrownBy } from "./failure.ts";
import { record } from "./recorder.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("memoryPair", () => {
  test("has the addresses it is given, each seen from its own side", () => {
    const [ours, theirs] = [parseHostPort("alice:1"), parseHostPort("[::1]:2")];
    const [a, b] = memoryPair({ addresses: [ours, theirs] });
    expect([a.localAddress, a.remoteAddress]).toEqual([ours, theirs]);
    expect([b.localAddress, b.remoteAddress]).toEqual([theirs, ours]);
    expect(memoryPair()[0].localAddress).toBe(undefined);
  });

  test("takes capacityBytes until write returns false, and drains at half of it", async () => {
    const [a, b] = memoryPair({ capacityBytes: 10, chunkBytes: 1 });
    const atA = record(a);
    expect([a.write(bytes("123456789")), a.write(bytes("0"))]).toEqual([true, false]);
    let left = -1;
    const atB = record(b, {
      data: () => {
        if (left === -1 && atA.drains > 0) left = 10 - atB.received;
      },
    });
    await atB.until(() => atB.received === 10);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(5);
  });

  test("splits long writes at chunkBytes", async () => {
    const [a, b] = memoryPair({ chunkBytes: 4 });
    const atB = record(b);
    a.write(bytes("0123456789"));
    await atB.until(() => atB.received === 10);
    expect(atB.chunks.map((chunk) => chunk.length)).toEqual([4, 4, 2]);
  });

  test("shows what the writer did to an array after writing it", async () => {
    const [a, b] = memoryPair();
    const atB = record(b);
    const reused = bytes("one");
    a.write(reused);
    reused.set(bytes("two"));
    await atB.until(() => atB.received === 3);
    expect(atB.text).toBe("two");
  });

  test("returns false and drops bytes between a reset and onClose", async () => {
    const [a, b] = memoryPair();
    const [atA, atB] = [record(a), record(b)];
    b.destroy();
    expect(a.write(bytes("lost"))).toBe(false);
    await Promise.all([atA.closed(), atB.closed()]);
    expect([atA.events, atB.events]).toEqual([["close"], ["close"]]);
  });

  test("stays open for the side whose bytes do not fit in the pipe", async () => {
    const [a, b] = memoryPair({ capacityBytes: 10 });
    const atA = record(a);
    a.write(new Uint8Array(10));
    a.write(new Uint8Array(1));
    a.end();
    b.end();
    await atA.until(() => atA.has("end"));
    b.destroy();
    await atA.closed();
    expect(atA.error?.code).toBe("reset");
  });

  test("closes in order when the pipe takes the last bytes after the peer's end", async () => {
    const [a, b] = memoryPair({ capacityBytes: 10, chunkBytes: 3 });
    const atA = record(a);
    a.write(new Uint8Array(11));
    a.end();
    b.end();
    await atA.until(() => atA.has("end"));
    const atB = record(b);
    await Promise.all([atA.closed(), atB.closed()]);
    expect([atA.error, atB.error, atB.received]).toEqual([undefined, undefined, 11]);
  });

  test("takes the same turns in every run and none of any timer", async () => {
    const [a, b] = memoryPair({ capacityBytes: 4 });
    const log: string[] = [];
    for (const [name, stream] of [
      ["a", a],
      ["b", b],
    ] as const) {
      stream.start({
        onData: (chunk) => log.push(`${name} data ${chunk.length}`),
        onDrain: () => log.push(`${name} drain`),
        onEnd: () => {
          log.push(`${name} end`);
          stream.end();
        },
        onClose: () => log.push(`${name} close`),
      });
    }
    a.write(bytes("12345"));
    b.write(bytes("1"));
    await Promise.resolve();
    a.end();
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    expect(log).toEqual(["a data 1", "b data 5", "b end", "a end", "b close", "a close"]);
  });

  test("lets timers fire while two ends answer each other without a pause", async () => {
    const [a, b] = memoryPair();
    const answers = 20_000;
    const atA = record(a);
    atA.on.data = (chunk) => {
      if (atA.chunks.length < answers) a.write(chunk);
    };
    const atB = record(b, { data: (chunk) => b.write(chunk) });
    const answersAtTimer = new Promise<number>((resolve) => {
      setTimeout(() => resolve(atA.chunks.length), 1);
    });
    a.write(bytes("ping"));
    expect(await answersAtTimer).toBeLessThan(answers);
    await atA.until(() => atA.chunks.length === answers);
    expect([atA.received, atB.received]).toEqual([4 * answers, 4 * answers]);
  });

  test("keeps the order of what both ends are told, however long that takes", async () => {
    const [a, b] = memoryPair({ chunkBytes: 1 });
    const log: string[] = [];
    for (const [name, stream] of [
      ["a", a],
      ["b", b],
    ] as const) {
      stream.start({
        onData: ([byte]) => log.push(`${name} ${byte}`),
        onDrain: () => {},
        onEnd: () => log.push(`${name} end`),
        onClose: () => log.push(`${name} close`),
      });
    }
    const values = Array.from({ length: 1000 }, (_, i) => i % 256);
    for (const stream of [a, b]) {
      stream.write(Uint8Array.from(values));
      stream.end();
    }
    const closed = (): boolean => log.includes("a close") && log.includes("b close");
    for (let turn = 0; turn < 100 && !closed(); turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    const expected = values.flatMap((value) => [`a ${value}`, `b ${value}`]);
    expect(log).toEqual([...expected, "a end", "b end", "a close", "b close"]);
  });

  test("refuses sizes that are not positive integers", () => {
    for (const bad of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(thrownBy(() => memoryPair({ capacityBytes: bad }))).toBeInstanceOf(RangeError);
      expect(thrownBy(() => memoryPair({ chunkBytes: bad }))).toBeInstanceOf(RangeError);
    }
  });
});
