/** Another implementation of Bitcoin's messages, as this test needs it. */
import type { KnownMessage } from "@satwire/btcwire";

/** What another implementation made of a payload. */
export interface Reading {
  /** The same message, written again. */
  readonly bytes: Uint8Array;
  /** What its getters say, under our names and in our form, as far as there are getters. */
  readonly fields: object;
}

/** Something that a rival does not take as it is, though nodes do. */
export interface Difference {
  /** The commands concerned. */
  readonly commands: readonly KnownMessage["type"][];
  readonly what: string;
  /** What the rival does: throw, write other bytes than it has read, or one of both. */
  readonly effect: "spoils" | "refuses" | "rewrites";
  /** The message without it; the same object if it is not about it. */
  readonly without: <M extends KnownMessage>(message: M) => M;
}

/** Another implementation. */
export interface Rival {
  readonly name: string;
  /** The messages that it can read and write. */
  readonly commands: readonly KnownMessage["type"][];
  readonly differences: readonly Difference[];
  /** Reads a payload. @throws whatever the rival throws */
  readonly read: (command: string, payload: Uint8Array) => Reading;
}

/** A message with other fields. */
export function changed<M extends KnownMessage>(message: M, fields: object): M {
  return { ...message, ...fields };
}

/** Whether a text of one character per byte stays the same as UTF-8. */
export function isAscii(text: string): boolean {
  return Buffer.from(text, "latin1").every((byte) => byte < 0x80);
}
