/** One frame, and what both sides make of it. */
import { DecodeError, equalBytes, toHex, type UnknownMessage } from "@satwire/lnwire";
import type { Answer } from "../daemons/oracle.ts";
import { typeOf } from "./bytes.ts";
import type { LndCodec } from "./lnd-codec.ts";
import { codecOf, lndMessages, type LndMessage } from "./set.ts";

/** What both sides do, in short. */
export type Outcome =
  | "same"
  | "both refuse"
  | "we refuse"
  | "lnd refuses"
  | "lnd rewrites"
  | "we rewrite";

/** A frame, and what both sides make of it. */
export interface Case {
  readonly frame: Uint8Array;
  readonly id: number | undefined;
  /** Ours of the message; "unknown" without one. */
  readonly name: string;
  readonly message: LndMessage | UnknownMessage | undefined;
  /** Why we refuse it. */
  readonly error: DecodeError | undefined;
  readonly lnd: Answer;
  readonly outcome: Outcome;
}

/** Has both sides read the frames and write them again. */
export async function judge(lnd: LndCodec, frames: readonly Uint8Array[]): Promise<Case[]> {
  const answers = await lnd.rewrite(frames);
  return frames.map((frame, i) => caseOf(frame, answers[i] as Answer));
}

function caseOf(frame: Uint8Array, lnd: Answer): Case {
  const id = typeOf(frame);
  const name = codecOf(frame)?.name ?? "unknown";
  let message: Case["message"];
  let error: DecodeError | undefined;
  let isOurs = false;
  try {
    message = lndMessages.decode(frame);
    isOurs = equalBytes(lndMessages.encode(message), frame);
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    error = cause;
  }
  const outcome = outcomeOf(error === undefined, isOurs, lnd, frame);
  return { frame, id, name, message, error, lnd, outcome };
}

function outcomeOf(isTaken: boolean, isOurs: boolean, lnd: Answer, frame: Uint8Array): Outcome {
  // What lnd has read and cannot write is taken.
  const isRead = lnd.ok || lnd.reason.startsWith("writing: ");
  if (!isTaken) return isRead ? "we refuse" : "both refuse";
  if (!isOurs) return "we rewrite";
  if (!lnd.ok) return "lnd refuses";
  return equalBytes(lnd.bytes, frame) ? "same" : "lnd rewrites";
}

/** For the log: what nobody has explained. */
export function textOf({ frame, name, error, lnd, outcome }: Case): string {
  return [
    `${name}: ${outcome}`,
    `frame: ${toHex(frame)}`,
    `ours:  ${error === undefined ? "taken" : `${error.code} ${error.message}`}`,
    `lnd:   ${lnd.ok ? toHex(lnd.bytes) : lnd.reason}`,
  ].join("\n");
}
