/** Frames looked at as bytes, without our codecs of their fields' values. */
import { type Codec, decode, rest, struct, toHex } from "@satwire/lnwire";
import { isPoint } from "../ldk-codecs/values.ts";
import { codecOf } from "./set.ts";

/** A record of a TLV stream, where it is. */
export interface RawRecord {
  readonly type: bigint;
  /** With its type and length. */
  readonly bytes: Uint8Array;
}

/** The type of a frame's message. */
export const typeOf = (frame: Uint8Array): number | undefined =>
  frame.length < 2 ? undefined : ((frame[0] as number) << 8) | (frame[1] as number);

/** Where the TLV stream of a message begins; undefined if a field before it cannot be read. */
export function streamStart(frame: Uint8Array): number | undefined {
  const codec = codecOf(frame);
  if (codec === undefined) return undefined;
  const fields = codec.fields as unknown as Readonly<Record<string, Codec<unknown>>>;
  try {
    const { tail } = decode(struct({ ...fields, tail: rest }), frame.subarray(2));
    return frame.length - tail.length;
  } catch {
    return undefined;
  }
}

/** The records of a stream, up to where it cannot be read. */
export function recordsOf(stream: Uint8Array): readonly RawRecord[] {
  const records: RawRecord[] = [];
  for (let start = 0; start < stream.length; ) {
    const type = bigSizeAt(stream, start);
    const length = type && bigSizeAt(stream, type.end);
    if (type === undefined || length === undefined) break;
    const end = length.end + Number(length.value);
    if (end > stream.length) break;
    records.push({ type: type.value, bytes: stream.subarray(start, end) });
    start = end;
  }
  return records;
}

/** The type of the record that begins here. */
export const recordTypeAt = (frame: Uint8Array, at: number): bigint | undefined =>
  bigSizeAt(frame, at)?.value;

/** The type of the record that is longer than what is left of its stream. */
export function cutRecord(stream: Uint8Array): bigint | undefined {
  const whole = recordsOf(stream).reduce((sum, { bytes }) => sum + bytes.length, 0);
  return bigSizeAt(stream, whole)?.value;
}

function bigSizeAt(
  bytes: Uint8Array,
  at: number,
): { readonly value: bigint; readonly end: number } | undefined {
  const [first] = bytes.subarray(at);
  if (first === undefined) return undefined;
  if (first < 0xfd) return { value: BigInt(first), end: at + 1 };
  const end = at + 1 + 2 ** (first - 0xfc);
  if (end > bytes.length) return undefined;
  return { value: BigInt(`0x${Buffer.from(bytes.subarray(at + 1, end)).toString("hex")}`), end };
}

const curvePoints = new Map<string, boolean>();

/** Whether these 33 bytes are a point on secp256k1. Random messages share a few points, and finding out is slow. */
export function isCurvePoint(bytes: Uint8Array): boolean {
  const key = toHex(bytes);
  const known = curvePoints.get(key);
  if (known !== undefined) return known;
  const isOn = isPoint(bytes);
  if (curvePoints.size < maxCurvePoints) curvePoints.set(key, isOn);
  return isOn;
}
const maxCurvePoints = 1000;

/** Whether these 66 bytes are two points. */
export const isNonce = (bytes: Uint8Array): boolean =>
  isCurvePoint(bytes.subarray(0, 33)) && isCurvePoint(bytes.subarray(33));

/** The same length, and seven bits of each byte. */
export const toAscii = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte & 0x7f);

/** What follows the descriptor of an address: so many bytes, by its type. */
const addressLengths: Readonly<Record<number, number>> = { 1: 6, 2: 18, 3: 12, 4: 37 };
const dnsType = 5;

/**
 * The addresses of a `node_announcement` as lnd reads and writes them: a descriptor of 0 is skipped, and an address
 * that is not known takes all that follows. Undefined if one is cut.
 */
export function lndAddresses(bytes: Uint8Array): Uint8Array | undefined {
  const kept: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const type = bytes[at] as number;
    if (type === 0) {
      at++;
      continue;
    }
    const length = type === dnsType ? (bytes[at + 1] ?? 0) + 3 : addressLengths[type];
    const end = length === undefined ? bytes.length : at + 1 + length;
    if (end > bytes.length) return undefined;
    kept.push(...bytes.subarray(at, end));
    at = end;
  }
  return Uint8Array.from(kept);
}
