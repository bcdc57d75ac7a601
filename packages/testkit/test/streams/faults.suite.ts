// What each fault does to both ends, and what TCP does without any, for every kind of connection.
import { describe, expect, test } from "vitest";
import { fault, type FaultPlan, type SimStream } from "../../src/index.ts";
import { type EndLog, StreamEnd } from "../support/end-log.ts";

/** A connection whose near end has the faults. */
export interface FaultyConnection {
  readonly near: SimStream;
  readonly far: EndLog;
  /** Resolves when whatever is on its way has arrived. */
  readonly settled: () => Promise<void>;
  close(): Promise<void>;
}

interface Row {
  readonly name: string;
  readonly plan: FaultPlan;
  /** What happens; by default both ends write ten characters and end. */
  readonly act?: (ends: Ends) => Promise<void>;
  readonly near: string;
  readonly far: string;
}

interface Ends {
  readonly near: EndLog;
  readonly far: EndLog;
  readonly stream: SimStream;
  readonly settled: () => Promise<void>;
}

const digits = "0123456789";
const letters = "ABCDEFGHIJ";

/** Both sides say what they have and end when they have heard the other. */
async function exchange({ near, far }: Ends): Promise<void> {
  near.write(digits);
  near.end();
  far.write(letters);
  far.end();
  await Promise.all([near.closed(), far.closed()]);
}

const inOrder = { near: `${letters} end close`, far: `${digits} end close` };

const rows: readonly Row[] = [
  { name: "nothing", plan: [], ...inOrder },
  { name: "fragment", plan: [fault.fragment(3, "both")], ...inOrder },
  { name: "fragment at random", plan: [fault.fragment("random", "both")], ...inOrder },
  { name: "byteAtATime", plan: [fault.byteAtATime("both")], ...inOrder },
  { name: "coalesce", plan: [fault.coalesce(100, undefined, "both")], ...inOrder },
  { name: "coalesce for a time", plan: [fault.coalesce(100, 2, "both")], ...inOrder },
  { name: "slowloris", plan: [fault.slowloris(1000, "both")], ...inOrder },
  { name: "stallAfter with an end", plan: [fault.stallAfter(4, 3, "both")], ...inOrder },
  {
    name: "stallAfter without an end, until unstall",
    plan: [fault.stallAfter(4)],
    async act(ends) {
      const { near, far, stream, settled } = ends;
      near.write(digits);
      near.end();
      await far.got("0123");
      far.write(letters);
      await near.got(letters);
      await settled();
      expect([far.log, stream.bytesHeld, stream.isStalled]).toEqual(["0123", 6, true]);
      stream.unstall();
      far.end();
      await Promise.all([near.closed(), far.closed()]);
      expect([stream.bytesHeld, stream.isStalled]).toEqual([0, false]);
    },
    ...inOrder,
  },
  {
    name: "stallAfter of what arrives, until unstall",
    plan: [fault.stallAfter(4, undefined, "incoming")],
    async act({ near, far, stream, settled }) {
      far.write(letters);
      far.end();
      await near.got("ABCD");
      near.write(digits);
      near.end();
      await far.ended();
      await settled();
      expect(near.log).toBe("ABCD");
      stream.unstall();
      await Promise.all([near.closed(), far.closed()]);
    },
    ...inOrder,
  },
  {
    name: "a stall lets a reset pass",
    plan: [fault.stallAfter(4, undefined, "both")],
    async act({ near, far }) {
      near.write(digits);
      await far.got("0123");
      far.destroy();
      await Promise.all([near.closed(), far.closed()]);
    },
    near: "close ECONNRESET",
    far: "0123 close closed",
  },
  {
    name: "resetAfter",
    plan: [fault.resetAfter(4)],
    async act({ near, far }) {
      near.write(digits);
      await Promise.all([near.closed(), far.closed()]);
    },
    near: "close ECONNRESET",
    far: "0123 close ECONNRESET",
  },
  {
    name: "resetAfter nothing",
    plan: [fault.resetAfter(0)],
    act: ({ near, far }) => Promise.all([near.closed(), far.closed()]).then(() => {}),
    near: "close ECONNRESET",
    far: "close ECONNRESET",
  },
  {
    name: "resetAfter of what arrives",
    plan: [fault.resetAfter(4, "incoming")],
    act: ({ near, far }) => {
      far.write(letters);
      return Promise.all([near.closed(), far.closed()]).then(() => {});
    },
    near: "ABCD close ECONNRESET",
    far: "close ECONNRESET",
  },
  { name: "finAfter", plan: [fault.finAfter(4)], near: inOrder.near, far: "0123 end close" },
  {
    name: "finAfter swallows what follows, for as long as it comes",
    plan: [fault.finAfter(4)],
    async act({ near, far, stream }) {
      near.write(digits);
      await far.ended();
      expect(stream.write(new Uint8Array(1_000_000))).toBe(true);
      far.write(letters);
      far.end();
      await near.ended();
      expect(near.isClosed).toBe(false);
      near.end();
      await Promise.all([near.closed(), far.closed()]);
    },
    near: inOrder.near,
    far: "0123 end close",
  },
  {
    name: "finAfter of what arrives",
    plan: [fault.finAfter(4, "incoming")],
    near: "ABCD end close",
    far: inOrder.far,
  },
  {
    name: "finAfter of what arrives, when the far end goes on for longer",
    plan: [fault.finAfter(4, "incoming")],
    async act({ near, far }) {
      far.write(letters);
      await near.ended();
      near.write(digits);
      near.end();
      await near.closed();
      await far.ended();
      far.write("x".repeat(1_000_000));
      far.end();
      await far.closed();
    },
    near: "ABCD end close",
    far: inOrder.far,
  },
  {
    name: "corrupt",
    plan: [fault.corrupt(2, 1), fault.corrupt(2, 0x10, "incoming"), fault.corrupt(50, 1, "both")],
    near: "ABSDEFGHIJ end close",
    far: "0133456789 end close",
  },
  {
    name: "blackholeAfter",
    plan: [fault.blackholeAfter(4)],
    async act({ near, far, settled }) {
      near.write(digits);
      await far.got("0123");
      near.end();
      far.write(letters);
      far.end();
      await near.ended();
      near.destroy();
      await near.closed();
      await settled();
    },
    near: `${letters} end close closed`,
    far: "0123",
  },
  {
    name: "blackholeAfter of what arrives",
    plan: [fault.blackholeAfter(4, "incoming")],
    async act({ near, far, settled }) {
      far.write(letters);
      await near.got("ABCD");
      near.write(digits);
      await far.got(digits);
      far.destroy();
      await far.closed();
      await settled();
      expect(near.isClosed).toBe(false);
      near.destroy();
      await near.closed();
    },
    near: "ABCD close closed",
    far: `${digits} close closed`,
  },
  {
    name: "a black hole and a reset of the network",
    plan: [fault.blackholeAfter(0, "both")],
    async act({ near, far, stream, settled }) {
      near.write(digits);
      far.write(letters);
      await settled();
      expect([near.log, far.log]).toEqual(["", ""]);
      stream.reset();
      await Promise.all([near.closed(), far.closed()]);
    },
    near: "close ECONNRESET",
    far: "close ECONNRESET",
  },
  {
    name: "several faults at once",
    plan: [fault.byteAtATime(), fault.corrupt(1, 1), fault.resetAfter(3), fault.finAfter(4)],
    async act({ near, far }) {
      near.write(digits);
      await Promise.all([near.closed(), far.closed()]);
    },
    near: "close ECONNRESET",
    far: "002 close ECONNRESET",
  },
  {
    name: "a reset of the network",
    plan: [],
    async act(ends) {
      ends.near.write(digits);
      ends.far.write(letters);
      await Promise.all([ends.near.got(letters), ends.far.got(digits)]);
      ends.stream.reset();
      await Promise.all([ends.near.closed(), ends.far.closed()]);
    },
    near: `${letters} close ECONNRESET`,
    far: `${digits} close ECONNRESET`,
  },
  {
    name: "destroy here",
    plan: [],
    async act({ near, far }) {
      near.destroy();
      await Promise.all([near.closed(), far.closed()]);
    },
    near: "close closed",
    far: "close ECONNRESET",
  },
  {
    name: "destroy there, with bytes that it did not read",
    plan: [],
    async act({ near, far, settled }) {
      far.pause();
      near.write(digits);
      far.write(letters);
      await near.got(letters);
      await settled();
      far.destroy();
      await Promise.all([near.closed(), far.closed()]);
    },
    near: `${letters} close ECONNRESET`,
    far: "close closed",
  },
  {
    name: "writing after the other side's reset",
    plan: [],
    async act({ near, far }) {
      far.destroy();
      await far.closed();
      if (!near.isClosed) near.write(digits);
      await near.closed();
      expect(() => near.write(digits)).toThrow("write after end, destroy or close");
    },
    near: "close ECONNRESET",
    far: "close closed",
  },
  {
    name: "writing after the other side's end and reset",
    plan: [],
    async act({ near, far }) {
      far.end();
      await near.ended();
      far.destroy();
      await far.closed();
      if (!near.isClosed) near.write(digits);
      await near.closed();
    },
    near: "end close ECONNRESET",
    far: "close closed",
  },
  {
    name: "an end here, while there it goes on",
    plan: [],
    async act({ near, far }) {
      near.write(digits);
      near.end();
      await far.ended();
      far.write(letters.slice(0, 5));
      await near.got("ABCDE");
      far.write(letters.slice(5));
      far.end();
      await Promise.all([near.closed(), far.closed()]);
    },
    ...inOrder,
  },
  {
    name: "an end behind bytes that the consumer has not read",
    plan: [],
    async act({ near, far, settled }) {
      near.pause();
      far.write(letters);
      far.end();
      await settled();
      expect(near.log).toBe("");
      near.resume();
      near.write(digits);
      near.end();
      await Promise.all([near.closed(), far.closed()]);
    },
    ...inOrder,
  },
];

/** Runs all rows over connections of one kind. */
export function describeFaults(
  name: string,
  connect: (plan: FaultPlan) => Promise<FaultyConnection>,
): void {
  describe(name, () => {
    test.for(rows)("$name", async ({ plan, act = exchange, ...expected }) => {
      const connection = await connect(plan);
      try {
        const { near: stream, far, settled } = connection;
        const near = new StreamEnd(stream);
        await act({ near, far, stream, settled });
        expect({ near: near.log, far: far.log }).toEqual({
          near: expected.near,
          far: expected.far,
        });
        expect(stream.closes).toBe(1);
      } finally {
        await connection.close();
      }
    });
  });
}
