import { describe, expect, test } from "vitest";
import { checkFaultPlan, fault, type Fault, isDestructive } from "../../src/index.ts";

const all: readonly Fault[] = [
  fault.fragment(7),
  fault.fragment("random", "both"),
  fault.byteAtATime("incoming"),
  fault.coalesce(100),
  fault.coalesce(100, 5, "incoming"),
  fault.stallAfter(0),
  fault.stallAfter(10, 1.5, "both"),
  fault.resetAfter(0),
  fault.finAfter(3, "incoming"),
  fault.corrupt(0, 255),
  fault.slowloris(0.5, "outgoing"),
  fault.blackholeAfter(9),
  fault.refuse(),
  fault.unreachable(),
  fault.notFound(),
  fault.timedOut(),
  fault.timedOut(20),
  fault.connectDelay(0),
];

describe("faults", () => {
  test("are data that JSON keeps", () => {
    expect(JSON.parse(JSON.stringify(all))).toEqual(all);
    checkFaultPlan(JSON.parse(JSON.stringify(all)) as Fault[]);
  });

  test("say no more than they were told", () => {
    expect(fault.byteAtATime("incoming")).toStrictEqual({
      kind: "fragment",
      size: 1,
      direction: "incoming",
    });
    expect(fault.stallAfter(5)).toStrictEqual({ kind: "stallAfter", bytes: 5 });
    expect(fault.coalesce(8, undefined, "both")).toStrictEqual({
      kind: "coalesce",
      bytes: 8,
      direction: "both",
    });
    expect(fault.timedOut()).toStrictEqual({ kind: "timedOut", ms: 127_000 });
  });

  test.for<[() => Fault, string]>([
    [() => fault.fragment(0), "size of fragment is 0"],
    [() => fault.fragment(1.5), "size of fragment is 1.5"],
    [() => fault.coalesce(0), "bytes of coalesce is 0"],
    [() => fault.coalesce(1, -1), "forMs of coalesce is -1"],
    [() => fault.stallAfter(-1), "bytes of stallAfter is -1"],
    [() => fault.stallAfter(1, Number.POSITIVE_INFINITY), "ms of stallAfter is Infinity"],
    [() => fault.resetAfter(Number.NaN), "bytes of resetAfter is NaN"],
    [() => fault.finAfter(0.5), "bytes of finAfter is 0.5"],
    [() => fault.blackholeAfter(-1), "bytes of blackholeAfter is -1"],
    [() => fault.corrupt(-1, 1), "offset of corrupt is -1"],
    [() => fault.corrupt(0, 0), "mask of corrupt is 0"],
    [() => fault.corrupt(0, 256), "mask of corrupt is 256"],
    [() => fault.slowloris(0), "bytesPerSecond of slowloris is 0"],
    [() => fault.slowloris(Number.POSITIVE_INFINITY), "bytesPerSecond of slowloris is Infinity"],
    [() => fault.timedOut(-5), "ms of timedOut is -5"],
    [() => fault.connectDelay(Number.NaN), "ms of connectDelay is NaN"],
  ])("are refused by %s", ([make, text]) => {
    expect(make).toThrow(new RangeError(text));
  });

  test("from elsewhere are checked", () => {
    const plan = (json: string) => () => checkFaultPlan(JSON.parse(json) as Fault[]);
    expect(plan('[{"kind":"explode"}]')).toThrow(
      new RangeError('there is no fault {"kind":"explode"}'),
    );
    expect(plan('[{"kind":"finAfter","bytes":1,"direction":"up"}]')).toThrow(
      new RangeError("direction of finAfter is up"),
    );
    expect(plan('[{"kind":"refuse"},{"kind":"fragment"}]')).toThrow(
      new RangeError("size of fragment is undefined"),
    );
  });

  test("are destructive when what is sent may never arrive as it was", () => {
    const harmless = all.filter((each) => !isDestructive(each));
    expect(harmless).toEqual([
      fault.fragment(7),
      fault.fragment("random", "both"),
      fault.byteAtATime("incoming"),
      fault.coalesce(100, 5, "incoming"),
      fault.stallAfter(10, 1.5, "both"),
      fault.slowloris(0.5, "outgoing"),
      fault.connectDelay(0),
    ]);
  });
});
