import { handlers, type Message, setup, type Setup } from "@satwire/actor";

export interface Add extends Message {
  readonly type: "add";
}
interface Get extends Message<number> {
  readonly type: "get";
}
export interface Fail extends Message<string> {
  readonly type: "fail";
  readonly error?: unknown;
}
export type Counting = Add | Get | Fail;

export const boom: Error = new Error("boom");
export const add: Add = { type: "add" };
export const fail: Fail = { type: "fail" };
export const get = { type: "get" } as const;

/** Counts in a closure that begins anew with each start. */
export const counter: Setup<Counting> = setup<Counting>(() => {
  let total = 0;
  return handlers<Counting>({
    add: () => total++,
    get: () => total,
    fail: ({ error = boom }) => {
      throw error;
    },
  });
});
