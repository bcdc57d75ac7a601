// What travels between two hosts, and what a rule can do with it.
import type { HostPort } from "@satwire/net";

/** What a packet is to TCP: the handshake is `syn`, `syn-ack`, `ack`. */
export type PacketKind = "syn" | "syn-ack" | "ack" | "data" | "fin" | "rst";

/** One packet on its way. */
export interface Packet {
  readonly kind: PacketKind;
  /** Name of the host that sends it. */
  readonly from: string;
  /** Name of the host that it is for. */
  readonly to: string;
  readonly fromAddress: HostPort;
  readonly toAddress: HostPort;
  /** Number of the connection, from 1. */
  readonly connection: number;
  /** What it carries; empty but for `data`. Not to be changed. */
  readonly bytes: Uint8Array;
  /** 1 when it is sent for the first time. */
  readonly attempt: number;
}

/** What a rule wants: nothing, its loss, or its arrival after so many milliseconds instead of the link's. */
export type PacketVerdict = "pass" | "drop" | { readonly deliverAfterMs: number };

/** Decides about each packet as it leaves; see `SimNetwork.rule`. */
export type PacketRule = (packet: Packet) => PacketVerdict;

/** Throws a RangeError unless a rule answered with a verdict. */
export function checkVerdict(verdict: unknown): asserts verdict is PacketVerdict {
  if (verdict === "pass" || verdict === "drop") return;
  if (typeof verdict === "object" && verdict !== null && "deliverAfterMs" in verdict) {
    const { deliverAfterMs } = verdict;
    if (typeof deliverAfterMs === "number" && deliverAfterMs >= 0 && deliverAfterMs < Infinity)
      return;
    throw new RangeError(`a rule wants a packet delivered after ${String(deliverAfterMs)} ms`);
  }
  throw new RangeError(`a rule answered ${String(verdict)}, not "pass", "drop" or deliverAfterMs`);
}
