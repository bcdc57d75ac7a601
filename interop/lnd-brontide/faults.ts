/** Bytes that BOLT 8 does not allow, and what each side says of them. docs/interop.md has them as a table. */
import type { HandshakeErrorCode, TransportErrorCode } from "@satwire/noise";
import { orderBytes } from "./batches.ts";
import type { Role } from "./connect.ts";
import type { Rewrite } from "@satwire/testkit";

/** What is wrong with the bytes of one side. */
export interface Fault {
  readonly what: string;
  /** Whose bytes they are. */
  readonly writer: Role;
  readonly rewrite: Rewrite;
  /** When it reads them, our error. */
  readonly ours: HandshakeErrorCode | TransportErrorCode;
  /** When it reads them, lnd's error. */
  readonly lnd: RegExp;
  /** Bytes that the reader has sent before, and none after. */
  readonly answered: number;
}

// Where things are in the bytes that each side sends (BOLT 8, "Handshake Exchange").
const actLength = 50;
const keyAt = 1;
const actTagAt = 34;
const act3 = { at: actLength, keyAt: actLength + 1, tagAt: actLength + 50, length: 66 };
const frame = { tagAt: 2, bodyAt: 18 };

/** The first message of both sides: what we say, and what it makes lnd say. */
export const firstMessage: Uint8Array = orderBytes({ echo: true });

/** Changes bytes from an offset of the direction on, and nothing else. */
function change(at: number, alter: (byte: number, index: number) => number): Rewrite {
  return (bytes, offset) => bytes.map((byte, i) => alter(byte, offset + i - at));
}

const flip = (at: number): Rewrite => change(at, (byte, index) => (index === 0 ? byte ^ 1 : byte));
const put = (at: number, bytes: readonly number[]): Rewrite =>
  change(at, (byte, index) => bytes[index] ?? byte);

const tagFailed = /message authentication failed$/;

/** Acts one and two: a version, a key, a tag. */
function inEphemeral(act: "one" | "two", writer: Role): Fault[] {
  const fault = (
    what: string,
    rewrite: Rewrite,
    ours: "version" | "public_key" | "tag",
    lnd: RegExp,
  ): Fault => {
    const answered = act === "one" ? 0 : actLength;
    return {
      what: `act ${act}: ${what}`,
      writer,
      rewrite,
      ours: `act_${act}_${ours}`,
      lnd,
      answered,
    };
  };
  const x = keyAt + 1;
  const version = new RegExp(`act ${act}: invalid handshake version: 1, `);
  return [
    fault("version 1", put(0, [1]), "version", version),
    fault("key of an unknown form", put(keyAt, [4]), "public_key", /unsupported format: 4$/),
    fault(
      "key not on the curve",
      put(x, [...Array<number>(31).fill(0), 5]),
      "public_key",
      /not on the/,
    ),
    fault(
      "key beyond the field",
      put(x, Array<number>(32).fill(0xff)),
      "public_key",
      />= field prime$/,
    ),
    fault("another key", flip(keyAt), "tag", tagFailed),
    fault("tag", flip(actTagAt), "tag", tagFailed),
  ];
}

function inFrame(writer: Role): Fault[] {
  const at = writer === "initiator" ? act3.at + act3.length : actLength;
  const answered = writer === "initiator" ? actLength : act3.at + act3.length;
  const fault = (what: string, offset: number, ours: "header_tag" | "body_tag"): Fault => {
    const rewrite = flip(at + offset);
    return {
      what: `frame of the ${writer}: ${what}`,
      writer,
      rewrite,
      ours,
      lnd: tagFailed,
      answered,
    };
  };
  return [
    fault("length", 0, "header_tag"),
    fault("tag of the length", frame.tagAt, "header_tag"),
    fault("body", frame.bodyAt, "body_tag"),
    fault("tag of the body", frame.bodyAt + firstMessage.length, "body_tag"),
  ];
}

/** Every fault; each is read by lnd and by us. */
export const faults: readonly Fault[] = [
  ...inEphemeral("one", "initiator"),
  ...inEphemeral("two", "responder"),
  {
    what: "act three: version 1",
    writer: "initiator",
    rewrite: put(act3.at, [1]),
    ours: "act_three_version",
    lnd: /act three: invalid handshake version: 1, /,
    answered: actLength,
  },
  {
    what: "act three: sealed key",
    writer: "initiator",
    rewrite: flip(act3.keyAt),
    ours: "act_three_ciphertext",
    lnd: tagFailed,
    answered: actLength,
  },
  {
    what: "act three: tag",
    writer: "initiator",
    rewrite: flip(act3.tagAt),
    ours: "act_three_tag",
    lnd: tagFailed,
    answered: actLength,
  },
  ...inFrame("initiator"),
  ...inFrame("responder"),
];
