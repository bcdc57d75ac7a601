// What v1 and v2 transports have in common: bytes of a peer become events, messages become bytes to send.
import type { DecodeError } from "@satwire/codec";
import { TransportError } from "../errors.ts";
import type { MessageBase, UnknownMessage } from "../message.ts";
import type { MessageSet, PartialMessage } from "../message-set.ts";

/** Something that received bytes said. */
export type TransportEvent<M extends MessageBase> =
  | MessageReceived<M>
  | MalformedPayload<M>
  | IgnoredFrame
  | TransportReady;

/** A message has come. */
export interface MessageReceived<M extends MessageBase> {
  readonly type: "message";
  /** What it says: belongs to the receiver of the event. */
  readonly message: M | UnknownMessage;
  /** Bytes that it took on the wire. */
  readonly wireLength: number;
}

/** A payload was not what its command says; only with `malformed: "report"`. */
export interface MalformedPayload<M extends MessageBase> {
  readonly type: "malformed";
  readonly command: string;
  readonly payload: Uint8Array;
  /** What was understood of it. With `problem.code` `trailing_bytes` every field was. */
  readonly message: PartialMessage<M> | UnknownMessage;
  readonly problem: DecodeError;
  /** Bytes that it took on the wire. */
  readonly wireLength: number;
}

/** A frame or packet that nodes drop without ending the connection. */
export interface IgnoredFrame {
  readonly type: "ignored";
  /**
   * - `checksum`: a v1 frame whose checksum is wrong.
   * - `command`: the command is empty, not of printable characters, or has some behind its end.
   * - `short_id`: a message type of one byte that no message of the set has (BIP 324).
   * - `no_type`: a packet that ends before its message type does (BIP 324).
   * - `decoy`: a packet that is to be ignored (BIP 324).
   */
  readonly reason: "checksum" | "command" | "short_id" | "no_type" | "decoy";
  /** The 12 bytes of the command, or the one byte of the short id; empty if there is neither. */
  readonly header: Uint8Array;
  /** What follows the header. */
  readonly payload: Uint8Array;
  /** Bytes that it took on the wire. */
  readonly wireLength: number;
}

/** It is known how the two sides talk: once per connection, in front of the first message. */
export interface TransportReady {
  readonly type: "ready";
  readonly protocol: "v1" | "v2";
  /** What both sides of a v2 connection can compare to find out that nobody is between them: 32 bytes. */
  readonly sessionId?: Uint8Array;
}

/** What received bytes led to. */
export interface TransportResult<M extends MessageBase> {
  /** Oldest first. */
  readonly events: readonly TransportEvent<M>[];
  /** To be sent now, before anything else. Nothing is to be sent after a failure. */
  readonly reply?: Uint8Array;
  /** Why the transport is of no further use: close the connection. What came before is in `events`. */
  readonly failure?: TransportError;
}

/** One side of a connection, from the first byte on, without a socket. */
export interface BitcoinTransport<M extends MessageBase> {
  /** How the two sides talk; `detecting` until that is sure, which in v2 takes the whole handshake. */
  readonly protocol: "detecting" | "v1" | "v2";
  /** Whether {@link BitcoinTransport.encode} can be called. In v2 that is before the handshake is over. */
  readonly established: boolean;
  /** Known once the peer's version packet is: see {@link TransportReady}. */
  readonly sessionId: Uint8Array | undefined;
  /** What made this transport unusable. */
  readonly failure: TransportError | undefined;
  /**
   * Whether a v2 peer was dialled that is perhaps one of v1: dial again with a `V1Transport`. Stays as it was when the
   * transport ended; always false over v1.
   */
  readonly shouldRetryV1: boolean;
  /** Received bytes that are held: of a frame or packet, or of a handshake, that is not complete. */
  readonly bytesBuffered: number;
  /** What has to be sent before anything has come; nothing for v1, and for who is called. */
  open(): Uint8Array | undefined;
  /**
   * Takes received bytes, cut at any place. Throws nothing: a failure is in the result, of this call and of every
   * later one.
   */
  push(chunk: Uint8Array): TransportResult<M>;
  /**
   * A message as bytes to send.
   *
   * @throws EncodeError as the set does; TransportError `not_established`, `crypto`, `failed`, `destroyed`
   */
  encode(message: M | UnknownMessage): Uint8Array;
  /** The peer will send nothing more: what is wrong with that, an error `truncated` in the middle of something. */
  end(): TransportError | undefined;
  /** Overwrites every key and refuses every later use. Idempotent. */
  destroy(): void;
}

/** What both transports are made with. */
export interface TransportOptions<M extends MessageBase> {
  /** The network's magic, the four bytes that begin each v1 frame: see `networks`. */
  readonly network: { readonly magic: Uint8Array };
  /** The messages that are understood, such as `bitcoinMessages`. */
  readonly messages: MessageSet<M>;
  /**
   * What a payload does that is not what its command says: `fail` ends the connection, `report` makes an event of
   * it.
   *
   * @default "fail"
   */
  readonly malformed?: "fail" | "report" | undefined;
}

/** A copy of a network's magic. @throws RangeError if it is not 4 bytes */
export function checkedMagic({ magic }: { readonly magic: Uint8Array }): Uint8Array {
  const copy = Uint8Array.from(magic);
  if (copy.length !== 4) throw new RangeError(`a magic has 4 bytes, not ${copy.length}`);
  return copy;
}

/** Reads a payload as an event. @throws TransportError `malformed_message` unless that is to be reported */
export function eventOf<M extends MessageBase>(
  { messages, malformed }: TransportOptions<M>,
  command: string,
  payload: Uint8Array,
  wireLength: number,
): TransportEvent<M> {
  if (malformed === "report") {
    const found = messages.inspect(command, payload);
    if (found.valid) return { type: "message", message: found.message, wireLength };
    const { message, problem } = found;
    return { type: "malformed", command, payload, message, problem, wireLength };
  }
  try {
    return { type: "message", message: messages.decode(command, payload), wireLength };
  } catch (cause) {
    const text = `${command} of ${payload.length} bytes is malformed`;
    throw new TransportError("malformed_message", text, { command, cause });
  }
}
