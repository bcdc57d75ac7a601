/** Where btcd and we do not do the same with a payload. */
import type { DecodeErrorCode, KnownMessage } from "@satwire/btcwire";

/** A payload that shows something. */
interface Example {
  readonly command: KnownMessage["type"];
  /** Hex. */
  readonly payload: string;
}

/** Something that we read, and btcd does not, or not as it is. */
export interface Difference {
  /** The commands concerned. */
  readonly commands: readonly KnownMessage["type"][];
  readonly what: string;
  /** What btcd says when it refuses it; absent if it writes what `without` gives. */
  readonly refusal?: (message: KnownMessage) => RegExp;
  /** The message without it; the same object if it is not about it. */
  readonly without: (message: KnownMessage) => KnownMessage;
  readonly example: Example;
}

/** Something that we refuse, and btcd does not. */
export interface Strictness {
  readonly commands: readonly KnownMessage["type"][];
  readonly what: string;
  readonly code: DecodeErrorCode;
  /** What btcd writes of such a payload; undefined for others. @throws DecodeError for others, too */
  readonly written: (payload: Uint8Array) => Uint8Array | undefined;
  readonly example: Example;
}
