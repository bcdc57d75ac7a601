// BOLT 1 "Lightning Message Format": a two-byte type, the fields, then a TLV stream.
// Bytes: byte fields of a decoded message are views of the frame it came from.
import {
  type Codec,
  DecodeError,
  EncodeError,
  Reader,
  rest,
  struct,
  u16,
  withPath,
  Writer,
} from "@satwire/codec";
import { type TlvFields, type TlvRecord, tlvStream } from "./tlv.ts";

/** The longest message that the transport can carry, type included, in bytes (BOLT 8). */
export const maxMessageLength = 65535;

/** What every message has besides its own fields. */
export interface MessageBase<Name extends string = string> {
  /** The spec's name of the message. */
  readonly type: Name;
  /** Odd TLV records that the message's codec does not know, kept so that no byte is lost. */
  readonly unknown?: readonly TlvRecord[];
}

/** A message whose type number is not in the set: odd ones may be ignored, even ones may not. */
export interface UnknownMessage {
  readonly type: "unknown";
  /** The two-byte message type. */
  readonly id: number;
  /** All that follows the type. */
  readonly payload: Uint8Array;
}

/** Reads and writes the payload of one kind of message. */
export interface MessageCodec<M extends MessageBase = MessageBase> extends Codec<M> {
  /** The two-byte message type. */
  readonly id: number;
  /** The spec's name of the message. */
  readonly name: M["type"];
}

// A payload may be anything, also for a type that is known: that is how malformed frames are made.
const unknownMessage: Codec<Omit<UnknownMessage, "type">> = /* @__PURE__ */ struct({
  id: u16,
  payload: rest,
});

type Optional<M> = { [K in keyof M]-?: object extends Pick<M, K> ? K : never }[keyof M];

/** One codec per required field, in wire order. */
export type MessageFields<M> = {
  readonly [K in keyof M as K extends "type" | Optional<M> ? never : K]: Codec<M[K]>;
};

type TlvArguments<M> = object extends TlvFields<M> ? [] : [tlvs: TlvFields<M>];

/**
 * Describes a message: its fields in wire order, then its TLV records as `[type, codec]`.
 *
 * Reading refuses what is not exactly such a message; `decode` then `encode` gives the same bytes.
 *
 * @throws RangeError if the number does not fit two bytes or two fields share a TLV type.
 * @example
 * ```ts
 * interface Hello extends MessageBase<"hello"> { readonly volume: number; readonly echo?: bigint }
 * const hello: MessageCodec<Hello> = message(32769, "hello", { volume: u8 }, { echo: [1, tu64] });
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function message<M extends MessageBase>(
  id: number,
  name: M["type"],
  fields: MessageFields<M>,
  ...[tlvs]: TlvArguments<M>
): MessageCodec<M> {
  if (!(Number.isInteger(id) && id >= 0 && id <= 0xffff)) {
    throw new RangeError(`${id} is no message type: it has two bytes`);
  }
  const entries = Object.entries(fields) as [string, Codec<unknown>][];
  const stream = tlvStream<M>((tlvs ?? {}) as TlvFields<M>);
  return {
    id,
    name,
    read(reader) {
      const value: Record<string, unknown> = { type: name };
      for (const [key, codec] of entries) {
        try {
          value[key] = codec.read(reader);
        } catch (error) {
          throw withPath(error, key);
        }
      }
      stream.read(reader, value);
      return value as unknown as M;
    },
    write(writer, message) {
      const value = message as unknown as Record<string, unknown>;
      for (const [key, codec] of entries) {
        try {
          if (value[key] === undefined) throw new EncodeError("missing_field", "is required");
          codec.write(writer, value[key]);
        } catch (error) {
          throw withPath(error, key);
        }
      }
      stream.write(writer, value);
    },
  };
}

/** The messages a connection understands. `M` is the union of their types. */
export interface MessageSet<M extends MessageBase = MessageBase> {
  readonly codecs: readonly MessageCodec<M>[];
  /**
   * Reads a frame, type included. Types outside the set come back as {@link UnknownMessage}.
   *
   * @throws DecodeError whose `path` starts with the name of the message; also with `short_read`
   * below 2 bytes, `too_long` above 65535 and, with its `cause`, `invalid_value` for whatever else a
   * codec throws.
   */
  decode(frame: Uint8Array): M | UnknownMessage;
  /**
   * Writes a frame, type included.
   *
   * @throws EncodeError also with `too_long` above 65535 bytes and `invalid_value` for a message
   * that is not in the set.
   */
  encode(message: M | UnknownMessage): Uint8Array;
}

/** The message that a codec reads. */
export type MessageOf<C> = C extends MessageCodec<infer M> ? M : never;

/**
 * A set of messages; what is not imported into it stays out of a bundle.
 *
 * @throws RangeError if two codecs share a number or a name.
 * @example
 * ```ts
 * const set = messageSet([ping, pong]);
 * const message = set.decode(frame); // Ping | Pong | UnknownMessage
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function messageSet<const C extends readonly MessageCodec[]>(
  codecs: C,
): MessageSet<MessageOf<C[number]>> {
  type M = MessageOf<C[number]>;
  const all = codecs as unknown as readonly MessageCodec<M>[];
  const byId = new Map(all.map((codec) => [codec.id, codec]));
  const byName = new Map<string, MessageCodec<M>>(all.map((codec) => [codec.name, codec]));
  if (byId.size < all.length || byName.size < all.length) {
    throw new RangeError("two messages of a set share a number or a name");
  }
  // Growing a new buffer for each message took longer than writing it.
  let spare: Writer | undefined;
  return {
    codecs: all,
    decode(frame) {
      if (frame.length > maxMessageLength) {
        const text = `${frame.length} bytes, at most ${maxMessageLength}`;
        throw new DecodeError("too_long", text, { offset: maxMessageLength });
      }
      const reader = new Reader(frame);
      const id = reader.u16();
      const codec = byId.get(id);
      if (codec === undefined) return { type: "unknown", id, payload: reader.rest() };
      try {
        return codec.read(reader);
      } catch (error) {
        throw decodeError(error, reader.offset).within(codec.name);
      }
    },
    encode(message) {
      // A codec may encode in its turn: that call gets a writer of its own.
      const writer = spare ?? new Writer();
      spare = undefined;
      try {
        if (message.type === "unknown") unknownMessage.write(writer, message as UnknownMessage);
        else writeKnown(writer, message as M, byName.get(message.type));
        if (writer.length > maxMessageLength) {
          const text = `${writer.length} bytes, at most ${maxMessageLength}`;
          throw new EncodeError("too_long", text);
        }
        return writer.finish();
      } catch (error) {
        throw withPath(error, message.type);
      } finally {
        writer.reset();
        spare = writer;
      }
    },
  };
}

// A codec of somebody else may throw anything: what a peer sends must come out as one kind of error.
function decodeError(cause: unknown, offset: number): DecodeError {
  if (cause instanceof DecodeError) return cause;
  return new DecodeError("invalid_value", "the codec threw", { offset, cause });
}

function writeKnown<M extends MessageBase>(
  writer: Writer,
  message: M,
  codec: MessageCodec<M> | undefined,
): void {
  if (codec === undefined) {
    throw new EncodeError("invalid_value", `no message "${message.type}" in this set`);
  }
  writer.u16(codec.id);
  codec.write(writer, message);
}
