// The six points that every message of a channel's opening has in the same order (BOLT 2).
import { fromHex } from "../../src/index.ts";

/** A made-up point: its first two bytes in hex, then the same byte to its end. */
export const pointHex = (start: string): string => start + "5c".repeat(31);

/** The points in wire order. */
export const basepointFields = {
  fundingPubkey: pointHex("02a1"),
  revocationBasepoint: pointHex("03a2"),
  paymentBasepoint: pointHex("02a3"),
  delayedPaymentBasepoint: pointHex("03a4"),
  htlcBasepoint: pointHex("02a5"),
  firstPerCommitmentPoint: pointHex("03a6"),
} as const;

export const basepoints = {
  fundingPubkey: fromHex(pointHex("02a1")),
  revocationBasepoint: fromHex(pointHex("03a2")),
  paymentBasepoint: fromHex(pointHex("02a3")),
  delayedPaymentBasepoint: fromHex(pointHex("03a4")),
  htlcBasepoint: fromHex(pointHex("02a5")),
  firstPerCommitmentPoint: fromHex(pointHex("03a6")),
} as const;

export const basepointTypes = {
  fundingPubkey: "point",
  revocationBasepoint: "point",
  paymentBasepoint: "point",
  delayedPaymentBasepoint: "point",
  htlcBasepoint: "point",
  firstPerCommitmentPoint: "point",
} as const;

export const basepointNames = Object.keys(basepoints) as (keyof typeof basepoints)[];
