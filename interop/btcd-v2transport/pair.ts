/** A connection between a side of ours and one of btcd's, whoever dials. */
import type { BitcoinTransport, MessageBase, MessageSet } from "@satwire/btcwire";
import { type ByteStream, defaultDialer, parseHostPort } from "@satwire/net";
import {
  createRng,
  type FaultPlan,
  RawBitcoinConnection,
  type RawEnd,
  RawListener,
  type Rewrites,
  withFaults,
} from "@satwire/testkit";
import { expect } from "vitest";
import { type Blob, opaqueMessages } from "./contents.ts";
import type { BtcdConnection, BtcdOrder, BtcdSide } from "./btcd-side.ts";

const timeoutMs = 30_000;

/** Ours; btcd has the other one. */
export type Role = "initiator" | "responder";

export interface Pair<M extends MessageBase> {
  readonly ours: RawBitcoinConnection<M>;
  readonly theirs: BtcdConnection;
}

/** What happens to bytes on their way. */
export interface Wire {
  readonly rewrite?: Rewrites;
  readonly faults?: FaultPlan;
  /** For faults that are random. */
  readonly seed?: number;
}

/** Our side: a transport, and the messages that it was made with. */
export interface OurSide<M extends MessageBase> {
  readonly transport: BitcoinTransport<M>;
  readonly messages: MessageSet<M>;
}

/** Our side with contents of any kind. */
export function opaque(transport: BitcoinTransport<Blob>): OurSide<Blob> {
  return { transport, messages: opaqueMessages };
}

/** Begins our side on a stream. */
export function begin<M extends MessageBase>(
  stream: ByteStream,
  side: OurSide<M>,
  { faults = [], seed = 1, rewrite }: Wire = {},
): RawBitcoinConnection<M> {
  const faulty =
    faults.length === 0 ? stream : withFaults(stream, faults, { rng: createRng(seed) });
  return RawBitcoinConnection.start<M>(faulty, { ...side, rewrite, timeoutMs });
}

/** Connects; the handshake has only begun. */
export async function connect<M extends MessageBase>(
  btcd: BtcdSide,
  role: Role,
  side: OurSide<M>,
  order: Omit<BtcdOrder, "dial">,
  wire: Wire = {},
): Promise<Pair<M>> {
  if (role === "initiator") {
    const theirs = btcd.order(order);
    const stream = await defaultDialer(parseHostPort(`127.0.0.1:${await theirs.port()}`));
    return { ours: begin(stream, side, wire), theirs };
  }
  await using listener = await RawListener.open();
  const theirs = btcd.order({ ...order, dial: listener.address.port });
  return { ours: begin(await listener.accept({ timeoutMs }), side, wire), theirs };
}

/** Resolves when both sides have ended the handshake, and compares what they say of it. */
export async function established<M extends MessageBase>({ ours, theirs }: Pair<M>): Promise<void> {
  const [theirId] = await Promise.all([theirs.ready(), has(ours, 1)]);
  const [ready] = ours.events;
  if (ready?.type !== "ready") throw new Error("the first event says that it is ready");
  expect(ready.protocol).toBe("v2");
  expect(Buffer.from(ready.sessionId!).toString("hex")).toBe(theirId);
}

/** Resolves when at least so many events have come. @throws when the connection ends before */
export async function has<M extends MessageBase>(
  ours: RawBitcoinConnection<M>,
  count: number,
): Promise<void> {
  await ours.until(() => ours.events.length >= count, `event ${count}`);
}

/** Resolves when so many bytes were sent and have come, or the connection is closed. */
export async function hasMoved<M extends MessageBase>(
  ours: RawBitcoinConnection<M>,
  { sent = 0, received = 0 },
): Promise<void> {
  const isDone = (): boolean =>
    ours.ending !== undefined || (ours.bytesSent >= sent && ours.bytesReceived >= received);
  await ours.until(isDone, "the bytes");
}

/** What our transport says of an end, if anything. */
export function failureOf(end: RawEnd): Error | undefined {
  return end.by === "framing" ? end.error : undefined;
}
