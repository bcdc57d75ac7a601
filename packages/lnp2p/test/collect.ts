import { type ConnectionEvent, PeerError } from "@satwire/lnp2p";
import { expect } from "vitest";

/** All values up to the end. */
export async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

/** The PeerError that a promise is rejected with. */
export async function failure(promise: Promise<unknown>): Promise<PeerError> {
  try {
    await promise;
  } catch (error) {
    expect(error).toBeInstanceOf(PeerError);
    return error as PeerError;
  }
  throw new Error("it did not fail");
}

/** The states of events, in order. */
export async function states(events: AsyncIterable<ConnectionEvent>): Promise<string[]> {
  return (await collect(events)).map(({ state }) => state);
}
