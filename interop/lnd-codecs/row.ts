/** What a row of the table of differences is, and small changes of messages that rows are made of. */
import type { DecodeError, TlvRecord } from "@satwire/lnwire";
import type { Case } from "./case.ts";
import type { LndMessage } from "./set.ts";

/** The name of a message. */
export type Name = LndMessage["type"];
/** The messages of these names. */
export type Named<N extends Name> = Extract<LndMessage, { readonly type: N }>;

interface Common {
  /** The messages that it is about. */
  readonly messages: readonly string[];
  /** What lnd does, or what it takes and we do not. */
  readonly what: string;
  /** What the spec says. */
  readonly spec: string;
  /** A frame in hex that shows it. */
  readonly example: string;
}

/** lnd takes it, we do not. */
export interface WeRefuse extends Common {
  readonly by: "us";
  readonly codes: readonly DecodeError["code"][];
  /** Whether our error, and the frame, are what the row is about. */
  is(found: Case): boolean;
}

/** We take it, lnd does not. */
export interface LndRefuses extends Common {
  readonly by: "lnd";
  /** What lnd says. */
  readonly reason: RegExp;
  /**
   * The nearest message that lnd takes; the same object if the row is not about it. Not there if the message is
   * none of lnd's.
   */
  mended?(message: LndMessage): LndMessage;
}

/** Both take it, and lnd writes something else. */
export interface LndRewrites extends Common {
  readonly by: "lnd's writing";
  /** What lnd writes; the same object if the row is not about it. */
  rewritten(message: LndMessage): LndMessage;
  /** What lnd makes of these bytes, where our codecs could not write it. */
  patched?(written: Uint8Array, found: Case): Uint8Array | undefined;
  /** The nearest message that lnd writes as it is, if that is not `rewritten`. */
  plain?(message: LndMessage): LndMessage;
}

/** A row of the table. */
export type Row = WeRefuse | LndRefuses | LndRewrites;

/** A message without some of its optional fields; the same object if it has none of them. */
export function dropping<M extends LndMessage>(message: M, ...keys: readonly string[]): M {
  const values = message as unknown as Readonly<Record<string, unknown>>;
  if (keys.every((key) => values[key] === undefined)) return message;
  return Object.fromEntries(
    Object.entries(message).filter(([key]) => !keys.includes(key)),
  ) as unknown as M;
}

/** A message with only those unknown records that `keep` wants. */
export function keeping<M extends LndMessage>(message: M, keep: (record: TlvRecord) => boolean): M {
  const all = message.unknown ?? [];
  const kept = all.filter(keep);
  if (kept.length === all.length) return message;
  return kept.length === 0 ? dropping(message, "unknown") : { ...message, unknown: kept };
}

/** A message with other values of fields that are there; the same object if none changes. */
export function changing<M extends LndMessage>(
  message: M,
  keys: readonly string[],
  change: (value: Uint8Array) => Uint8Array,
): M {
  let result = message;
  for (const key of keys) {
    const value = (result as unknown as Readonly<Record<string, unknown>>)[key];
    if (!(value instanceof Uint8Array)) continue;
    const changed = change(value);
    if (changed !== value) result = { ...result, [key]: changed };
  }
  return result;
}

/** A message with these fields where it lacks them. */
export function filling<M extends LndMessage>(
  message: M,
  defaults: Readonly<Record<string, unknown>>,
): M {
  const values = message as unknown as Readonly<Record<string, unknown>>;
  const missing = Object.entries(defaults).filter(([key]) => values[key] === undefined);
  return missing.length === 0 ? message : { ...message, ...Object.fromEntries(missing) };
}
