// The bytes that a gossip store is saved as; what each of them means is said at `GossipStore.save`.
import { DecodeError, type SignedGossip } from "@satwire/lnwire";
import { decodeGossip } from "./gossip-frame.ts";

/** Why bytes are no saved gossip. */
export type GossipFileErrorCode =
  /** It does not begin as such a file does. */
  | "not_gossip"
  /** It was made by another version of this package. */
  | "unsupported_version"
  /** It ends before what it announces. */
  | "truncated"
  /** More follows than it announces. */
  | "trailing_bytes"
  /** A message is malformed or none of gossip, as `cause` says, or a store does not take it in its place. */
  | "bad_message";

/** Saved gossip that cannot be read. */
export class GossipFileError extends Error {
  override readonly name = "GossipFileError";
  readonly code: GossipFileErrorCode;
  /** Where in the file. */
  readonly offset: number;

  constructor(code: GossipFileErrorCode, text: string, offset: number, cause?: unknown) {
    super(text, cause === undefined ? {} : { cause });
    this.code = code;
    this.offset = offset;
  }
}

const magic = "satgossp";
const version = 1;
const chainHashAt = magic.length + 2;
const countAt = chainHashAt + 32;
const firstAt = countAt + 4;

/** Writes the messages of a chain. */
export function writeGossipFile(chainHash: Uint8Array, frames: Iterable<Uint8Array>): Uint8Array {
  const all = [...frames];
  const length = all.reduce((sum, frame) => sum + 2 + frame.length, firstAt);
  const file = new Uint8Array(length);
  const view = new DataView(file.buffer);
  file.set(new TextEncoder().encode(magic));
  view.setUint16(magic.length, version);
  file.set(chainHash, chainHashAt);
  view.setUint32(countAt, all.length);
  let at = firstAt;
  for (const frame of all) {
    view.setUint16(at, frame.length);
    file.set(frame, at + 2);
    at += 2 + frame.length;
  }
  return file;
}

/** A message of a file. */
interface SavedMessage {
  readonly message: SignedGossip;
  readonly frame: Uint8Array;
  /** Where in the file it begins. */
  readonly offset: number;
}

/** What is in a file. The messages are read as they are taken, and are views of it. */
export interface GossipFile {
  readonly chainHash: Uint8Array;
  readonly frames: Iterable<SavedMessage>;
}

/** @throws GossipFileError, also while `frames` are taken */
export function readGossipFile(file: Uint8Array): GossipFile {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const start = String.fromCharCode(...file.subarray(0, magic.length));
  if (start !== magic) throw new GossipFileError("not_gossip", "this is no saved gossip", 0);
  if (file.length < firstAt) throw truncated(file.length);
  const found = view.getUint16(magic.length);
  if (found !== version) {
    const text = `saved as version ${found}, expected ${version}`;
    throw new GossipFileError("unsupported_version", text, magic.length);
  }
  return {
    chainHash: file.slice(chainHashAt, countAt),
    frames: readFrames(file, view),
  };
}

function* readFrames(file: Uint8Array, view: DataView): Generator<SavedMessage> {
  const count = view.getUint32(countAt);
  let at = firstAt;
  for (let i = 0; i < count; i++) {
    if (at + 2 > file.length) throw truncated(file.length);
    const end = at + 2 + view.getUint16(at);
    if (end > file.length) throw truncated(file.length);
    const frame = file.subarray(at + 2, end);
    yield { message: readMessage(frame, at + 2), frame, offset: at + 2 };
    at = end;
  }
  if (at < file.length) {
    const text = `${file.length - at} bytes follow the last message`;
    throw new GossipFileError("trailing_bytes", text, at);
  }
}

function readMessage(frame: Uint8Array, at: number): SignedGossip {
  try {
    return decodeGossip(frame);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new GossipFileError("bad_message", `at byte ${at}: ${error.message}`, at, error);
  }
}

function truncated(length: number): GossipFileError {
  return new GossipFileError("truncated", `it ends after ${length} bytes`, length);
}
