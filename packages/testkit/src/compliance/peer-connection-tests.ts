// What the parts of the suite of Lightning connections share.
import type { LightningMessage, UnknownMessage } from "@satwire/lnwire";
import type {
  ConnectionEvent,
  PeerConnection,
  ReceivedMessage,
} from "../connection/peer-connection.ts";
import type { KnownMessage } from "@satwire/lnwire";
import { assertEqual } from "../assert.ts";
import type { Patience } from "./patience.ts";

/** The other side of a connection, as a test needs it. Nothing is called before the connection is there. */
export interface PeerConnectionRemote {
  /** Sends a message to the connection. */
  send(message: LightningMessage): void;
  /** The oldest message of this type that the connection sent and no earlier call returned. */
  next(type: LightningMessage["type"]): Promise<LightningMessage>;
  /** Ends the connection in order, after what was sent. */
  end(): void;
  /** Breaks the connection, as a network does, after what was sent has arrived. */
  reset(): void;
}

/** A connection for one test. */
export interface PeerConnectionCase {
  /** Not connected, and able to: its remote is willing. */
  readonly connection: PeerConnection;
  readonly remote: PeerConnectionRemote;
  /** Ends everything. */
  dispose(): Promise<void>;
}

/** What the parts of the suite share. */
export interface PeerConnectionTests {
  readonly patience: Patience;
  /** Declares a test with a connection of its own that nobody has connected. */
  readonly test: (name: string, body: (it: PeerConnectionCase) => Promise<void>) => void;
  /** The same with a connection that is there. */
  readonly connectedTest: (name: string, body: (it: PeerConnectionCase) => Promise<void>) => void;
}

/** A message that tells itself from others. */
export const numbered = (n: number): UnknownMessage => ({
  type: "unknown",
  id: 32_769,
  payload: Uint8Array.of(n),
});

/** All values up to the end. */
export async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

/** The numbers of the next messages. */
export async function readNumbers(
  { connection }: PeerConnectionCase,
  count: number,
): Promise<number[]> {
  const numbers: number[] = [];
  for await (const message of connection.receiveMessages()) {
    numbers.push(numberOf(message));
    if (numbers.length === count) break;
  }
  return numbers;
}

/** The number of a message made by {@link numbered}; -1 for any other. */
export function numberOf(message: ReceivedMessage<KnownMessage> | LightningMessage): number {
  return message.type === "unknown" ? (message.payload[0] ?? -1) : -1;
}

/** The states that events tell, in order. */
export const statesOf = (events: readonly ConnectionEvent[]): string[] =>
  events.filter(({ type }) => type === "state").map(({ state }) => state);

/** The last event must be the only one of the end. @throws AssertionError */
export function assertTerminal(events: readonly ConnectionEvent[], error: unknown): void {
  const states = statesOf(events);
  const ends = states.filter((state) => state === "disconnected");
  assertEqual(ends.length, 1, "events that say disconnected");
  assertEqual(events.at(-1)?.state, "disconnected", "the state in the last event");
  assertEqual(events.at(-1)?.error === error, true, "whether the last event has the error");
}
