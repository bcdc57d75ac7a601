import { expect, test } from "vitest";
import { replayed, text } from "../examples/script.ts";

test("the example of scripts and transcripts does what it says", () => {
  expect(text.match(/"type":"\w+"/g)?.join(" ")).toBe(
    '"type":"init" "type":"init" "type":"ping" "type":"pong" "type":"unknown"',
  );
  expect(replayed).toEqual({ sent: 3, received: 2 });
});
