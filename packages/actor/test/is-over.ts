import { turns } from "./turns.ts";

/** Has a promise settled by now? */
export async function isOver(promise: Promise<unknown>): Promise<boolean> {
  let over = false;
  const settle = (): void => {
    over = true;
  };
  promise.then(settle, settle);
  await turns();
  return over;
}
