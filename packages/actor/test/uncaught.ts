import { turns } from "./turns.ts";

/** What the process would have ended of while `run` was under way. The test runner's own listeners are set aside. */
export async function uncaughtDuring(run: () => Promise<unknown>): Promise<{
  readonly exceptions: readonly unknown[];
  readonly rejections: readonly unknown[];
}> {
  const exceptions: unknown[] = [];
  const rejections: unknown[] = [];
  const onException = (error: unknown): void => void exceptions.push(error);
  const onRejection = (error: unknown): void => void rejections.push(error);
  const others = process.listeners("uncaughtException");
  const otherRejections = process.listeners("unhandledRejection");
  process.removeAllListeners("uncaughtException");
  process.removeAllListeners("unhandledRejection");
  process.on("uncaughtException", onException);
  process.on("unhandledRejection", onRejection);
  try {
    await run();
    await turns(); // Node tells of rejections after the microtasks
  } finally {
    process.off("uncaughtException", onException);
    process.off("unhandledRejection", onRejection);
    for (const listener of others) process.on("uncaughtException", listener);
    for (const listener of otherRejections) process.on("unhandledRejection", listener);
  }
  return { exceptions, rejections };
}
