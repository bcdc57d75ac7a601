// Headers, hashes and transactions as values and as hex, written by hand.
import { type BlockHeader, fromHex, type Transaction } from "../../src/index.ts";

/** Hex of a hash that is one byte again and again. */
export const hashHex = (byte: string): string => byte.repeat(32);

/** That hash. */
export const hashOf = (byte: string): Uint8Array => fromHex(hashHex(byte));

/** Hex of {@link header}, field by field. */
export const headerHex: string =
  "feffffff" + hashHex("a1") + hashHex("b2") + "01e1f505" + "ffff001d" + "ffffffff";

/** A header whose fields are all different. */
export const header: BlockHeader = {
  version: -2,
  prevBlock: hashOf("a1"),
  merkleRoot: hashOf("b2"),
  time: 100_000_001,
  bits: 0x1d00_ffff,
  nonce: 0xffff_ffff,
};

/** Hex of {@link plainTx}. */
export const plainTxHex: string =
  "02000000" + `01${hashHex("c3")}0700000002516afdffffff` + "0100e1f505000000000151" + "65cd1d00";

/** A transaction without a witness. */
export const plainTx: Transaction = {
  version: 2,
  inputs: [
    {
      txid: hashOf("c3"),
      vout: 7,
      scriptSig: fromHex("516a"),
      sequence: 0xffff_fffd,
      witness: [],
    },
  ],
  outputs: [{ value: 100_000_000n, scriptPubKey: fromHex("51") }],
  lockTime: 0x001d_cd65,
};

/** Hex of {@link witnessTx}. */
export const witnessTxHex: string =
  "01000000" +
  "0001" +
  `01${hashHex("d4")}0000000000ffffffff` +
  "01" +
  "0000000000000000" +
  "00" +
  "02" +
  "00" +
  "02abcd" +
  "00000000";

/** A transaction with a witness of two items, the first of them empty. */
export const witnessTx: Transaction = {
  version: 1,
  inputs: [
    {
      txid: hashOf("d4"),
      vout: 0,
      scriptSig: fromHex(""),
      sequence: 0xffff_ffff,
      witness: [fromHex(""), fromHex("abcd")],
    },
  ],
  outputs: [{ value: 0n, scriptPubKey: fromHex("") }],
  lockTime: 0,
};

/** Hex of the shortest transaction: no inputs and no outputs. */
export const emptyTxHex: string = "00000000" + "00" + "00" + "00000000";

/** The shortest transaction. */
export const emptyTx: Transaction = { version: 0, inputs: [], outputs: [], lockTime: 0 };
