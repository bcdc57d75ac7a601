import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { hex, problem, value } from "./examples/readme.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

test("the example of the README is the file that is compiled and run here", () => {
  const blocks = [...read("../README.md").matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
  expect(blocks).toEqual([read("examples/readme.ts")]);
  expect(hex).toBe("00ff8000" + "01" + "00010002");
  expect(value).toEqual({ color: 0xff8000, points: [{ x: 1, y: 2 }] });
  expect(problem).toBe("points.1.y: need 2 bytes, have 0 (byte 11)");
});
