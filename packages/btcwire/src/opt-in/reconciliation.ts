// BIP 330 (draft): peers find out by sketches of their sets which transactions the other does not have. Sketches
// and the short ids that they are made of are not computed here.
import { type Codec, EncodeError, flag, type Reader, u16le, u32le, u64le } from "@satwire/codec";
import { list, varBytes } from "../fields.ts";
import { message, type MessageBase, type MessageCodec, signal, type Trailing } from "../message.ts";

/** What `q` of a {@link ReqRecon} is multiplied by, and rounded up (BIP 330 "reqrecon"). */
export const reconciliationPrecision = 32_767;

// A set has up to 65,535 transactions, as its size is a number of 16 bits: two have no more differences.
const maxDifferences = 2 * 65_535;

/**
 * `sendtxrcncl` (BIP 330): the sender can reconcile. Between `version` and `verack` only, beside `wtxidrelay`, and
 * to peers that want transactions.
 */
export interface SendTxRcncl extends MessageBase<"sendtxrcncl"> {
  /** 1 or more; peers ignore the message if they do not know it. */
  readonly version: number;
  /** The sender's part of the salt of short ids. */
  readonly salt: bigint;
}

const reconciliationVersion: Codec<number> = {
  read(reader) {
    const start = reader.offset;
    const version = reader.u32le();
    if (version === 0) throw reader.error("invalid_value", "1 is the lowest version", start);
    return version;
  },
  write(writer, value) {
    if (value === 0) throw new EncodeError("invalid_value", "1 is the lowest version");
    writer.u32le(value);
  },
};

/** Codec of {@link SendTxRcncl}. */
export const sendtxrcncl: MessageCodec<SendTxRcncl> = /* @__PURE__ */ message("sendtxrcncl", {
  version: reconciliationVersion,
  salt: u64le,
});

/** `reqrecon` (BIP 330): asks for a sketch. */
export interface ReqRecon extends MessageBase<"reqrecon"> {
  /** Transactions in the sender's set. */
  readonly setSize: number;
  /** How much sets differ, times {@link reconciliationPrecision}. */
  readonly q: number;
}

/** Codec of {@link ReqRecon}. */
export const reqrecon: MessageCodec<ReqRecon> = /* @__PURE__ */ message("reqrecon", {
  setSize: u16le,
  q: u16le,
});

/** `sketch` (BIP 330): a sketch of the sender's set, or what makes the one before longer. */
export interface Sketch extends MessageBase<"sketch"> {
  /** Elements of 4 bytes; at most 131,070. */
  readonly skdata: Uint8Array;
}

const elements: Codec<Uint8Array> = /* @__PURE__ */ varBytes(4 * maxDifferences);

const sketchData: Codec<Uint8Array> = {
  read(reader: Reader) {
    const start = reader.offset;
    const value = elements.read(reader);
    if (value.length % 4 !== 0) throw reader.error("invalid_value", oddLength(value), start);
    return value;
  },
  write(writer, value) {
    if (value.length % 4 !== 0) throw new EncodeError("invalid_value", oddLength(value));
    elements.write(writer, value);
  },
};

/** Codec of {@link Sketch}. */
export const sketch: MessageCodec<Sketch> = /* @__PURE__ */ message("sketch", {
  skdata: sketchData,
});

/** `reqsketchext` (BIP 330): the sketch was too short; asks for more of it. */
export interface ReqSketchExt extends MessageBase<"reqsketchext">, Trailing {}

/** Codec of {@link ReqSketchExt}. */
export const reqsketchext: MessageCodec<ReqSketchExt> = /* @__PURE__ */ signal("reqsketchext");

/** `reconcildiff` (BIP 330): ends a reconciliation, and asks for what the sender does not have. */
export interface ReconcilDiff extends MessageBase<"reconcildiff"> {
  /** Whether the sender could tell the difference of the sets. */
  readonly success: boolean;
  /** Short ids of 32 bits; at most 131,070. */
  readonly askShortids: readonly number[];
}

const shortIds: Codec<readonly number[]> = /* @__PURE__ */ list(u32le, maxDifferences);

/** Codec of {@link ReconcilDiff}. */
export const reconcildiff: MessageCodec<ReconcilDiff> = /* @__PURE__ */ message("reconcildiff", {
  success: flag,
  askShortids: shortIds,
});

/** The messages of BIP 330. */
export type ReconciliationMessage = SendTxRcncl | ReqRecon | Sketch | ReqSketchExt | ReconcilDiff;

/** All codecs of BIP 330, for a set of one's own. */
export const reconciliationMessages: readonly MessageCodec<ReconciliationMessage>[] = [
  sendtxrcncl,
  reqrecon,
  sketch,
  reqsketchext,
  reconcildiff,
];

function oddLength({ length }: Uint8Array): string {
  return `${length} bytes are no elements of 4 bytes`;
}
