import { expect, test } from "vitest";
import * as withTcp from "../src/platform.node.ts";
import * as withoutTcp from "../src/platform.ts";

test("both platforms export the same names with the same types", () => {
  const one: typeof withTcp = withoutTcp;
  const other: typeof withoutTcp = withTcp;
  expect(Object.keys(one).sort()).toEqual(Object.keys(other).sort());
});
