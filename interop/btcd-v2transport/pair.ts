/** A connection between a side of ours and one of btcd's, whoever dials. */
import type { MessageBase } from "@satwire/btcwire";
import { expect } from "vitest";
import type { BtcdConnection, BtcdOrder, BtcdSide } from "./btcd-side.ts";
import { type SocketSide, V2Socket, type Wire } from "./v2-socket.ts";

/** Ours; btcd has the other one. */
export type Role = "initiator" | "responder";

export interface Pair<M extends MessageBase> {
  readonly ours: V2Socket<M>;
  readonly theirs: BtcdConnection;
}

/** Connects; the handshake has only begun. */
export async function connect<M extends MessageBase>(
  btcd: BtcdSide,
  role: Role,
  side: SocketSide<M>,
  order: Omit<BtcdOrder, "dial">,
  wire: Wire = {},
): Promise<Pair<M>> {
  if (role === "initiator") {
    const theirs = btcd.order(order);
    return { ours: await V2Socket.dial(await theirs.port(), side, wire), theirs };
  }
  const { port, socket } = await V2Socket.accept(side, wire);
  const theirs = btcd.order({ ...order, dial: port });
  return { ours: await socket, theirs };
}

/** Resolves when both sides have ended the handshake, and compares what they say of it. */
export async function established<M extends MessageBase>({ ours, theirs }: Pair<M>): Promise<void> {
  const [theirId] = await Promise.all([theirs.ready(), ours.has(1)]);
  const [ready] = ours.events;
  if (ready?.type !== "ready") throw new Error("the first event says that it is ready");
  expect(ready.protocol).toBe("v2");
  expect(Buffer.from(ready.sessionId!).toString("hex")).toBe(theirId);
}
