/** Frames of Bitcoin's first transport, right or wrong, and payloads that no codec writes. */
import {
  bitcoinMessages,
  bytesOfText,
  compactSize,
  concatBytes,
  encode,
  hash256,
  type KnownMessage,
  networks,
} from "@satwire/btcwire";

/** What is wrong with a frame. */
export interface FrameFaults {
  /** @default simnet's */
  readonly magic?: Uint8Array;
  /** What the header says of the length. @default the payload's */
  readonly length?: number;
  /** Whether the checksum is another one. @default false */
  readonly hasWrongChecksum?: boolean;
}

/** A frame. The command has up to 12 characters, each for one byte. */
export function frameOf(
  command: string,
  payload: Uint8Array = new Uint8Array(0),
  {
    magic = networks.simnet.magic,
    length = payload.length,
    hasWrongChecksum = false,
  }: FrameFaults = {},
): Uint8Array {
  const frame = new Uint8Array(24 + payload.length);
  frame.set(magic);
  frame.set(bytesOfText(command), 4);
  new DataView(frame.buffer).setUint32(16, length, true);
  frame.set(hash256(payload).subarray(0, 4), 20);
  if (hasWrongChecksum) frame[20]! ^= 1;
  frame.set(payload, 24);
  return frame;
}

/** A message as our codec writes it, in a frame. */
export function framed(message: KnownMessage): Uint8Array {
  return frameOf(message.type, bitcoinMessages.encode(message));
}

/** A message as our codec writes it, with bytes behind its end. */
export function framedWith(message: KnownMessage, trailing: Uint8Array): Uint8Array {
  return frameOf(message.type, concatBytes(bitcoinMessages.encode(message), trailing));
}

/** A message as our codec writes it, without its last byte. */
export function framedShort(message: KnownMessage): Uint8Array {
  return frameOf(message.type, bitcoinMessages.encode(message).subarray(0, -1));
}

/** A list as messages have it: its length, and so many times the same. */
export function listOf(count: number, item: Uint8Array): Uint8Array {
  return concatBytes(encode(compactSize, count), ...Array.from({ length: count }, () => item));
}
