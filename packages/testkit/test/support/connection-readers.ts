import type { ConnectionError, ConnectionEvent, PeerConnection } from "@satwire/testkit";
import { expect } from "vitest";

/** All values up to the end. */
export async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

/** The states of events, in order. */
export async function statesOf(events: AsyncIterable<ConnectionEvent>): Promise<string[]> {
  return (await collect(events)).map(({ state }) => state);
}

/** The error of a connection that a promise is rejected with. */
export async function connectionFailure(promise: Promise<unknown>): Promise<ConnectionError> {
  try {
    await promise;
  } catch (error) {
    expect((error as Error).name).toBe("PeerError");
    return error as ConnectionError;
  }
  throw new Error("it did not fail");
}

/** What a reader has got so far. */
export function reading(connection: PeerConnection): unknown[] {
  const received: unknown[] = [];
  void (async () => {
    for await (const message of connection.receiveMessages()) received.push(message);
  })().catch(() => {});
  return received;
}
