// BOLT 1 "Lightning Message Format": the fields of a message, then a TLV stream.
// Bytes: byte fields of a decoded message are views of the frame it came from.
import {
  asDecodeError,
  asEncodeError,
  type Codec,
  EncodeError,
  type Reader,
  type Writer,
} from "@satwire/codec";
import {
  type OptionalKeys,
  refuse,
  type Report,
  type TlvFields,
  type TlvRecord,
  tlvStream,
} from "./tlv.ts";

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

/** Narrows to an {@link UnknownMessage} where the types of a set are not known, as in generic code. */
export function isUnknownMessage(message: { readonly type: string }): message is UnknownMessage {
  return message.type === "unknown";
}

/** Reads and writes the payload of one kind of message. Made by {@link message}. */
export interface MessageCodec<M extends MessageBase = MessageBase> extends Codec<M> {
  /** The two-byte message type. */
  readonly id: number;
  /** The spec's name of the message. */
  readonly name: M["type"];
  /**
   * Reads what can be read: problems go to `report`, and reading goes on behind them if their end is known and
   * `report` says so. Records that are unknown and even, repeated or unreadable end up in `unknown`. The reader
   * stays where nothing more could be understood.
   */
  inspect(reader: Reader, report: Report): Partial<M>;
  /** The codecs of the required fields and of the TLV records, to build on. */
  readonly fields: MessageFields<M>;
  readonly tlvs: TlvFields<M>;
}

/** One codec per required field, in wire order. */
export type MessageFields<M> = {
  readonly [K in keyof M as K extends "type" | OptionalKeys<M> ? never : K]: Codec<M[K]>;
};

// Without an annotation nothing says what the message is, and one codec that reads "any message" would end the
// narrowing of its whole set.
type Annotated<M extends MessageBase> = string extends M["type"]
  ? { readonly "annotate the constant as MessageCodec<…>": never }
  : unknown;

type TlvArguments<M> = object extends TlvFields<M> ? [] : [tlvs: TlvFields<M>];

/** The message that a codec reads. */
export type MessageOf<C> = C extends MessageCodec<infer M> ? M : never;

/**
 * Describes a message: its fields in wire order, then its TLV records as `[type, codec]`.
 *
 * Reading refuses what is not exactly such a message; `decode` then `encode` gives the same bytes. What the
 * message is comes from the type that the constant is annotated with.
 *
 * @throws RangeError if the number does not fit two bytes, the name is `unknown`, two fields share a TLV type or a
 * field is called `type` or `unknown`.
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
  fields: MessageFields<M> & Annotated<M>,
  ...[tlvs]: TlvArguments<M>
): MessageCodec<M> {
  return describe(id, name, fields, (tlvs ?? {}) as TlvFields<M>);
}

/**
 * The same message with more TLV records, for drafts and experiments that extend one of the spec's. Put
 * it into a set instead of the original.
 *
 * @throws RangeError if a TLV type or the name of a field is taken.
 * @example
 * ```ts
 * interface Update extends ChannelUpdate { readonly inboundFee?: Uint8Array }
 * const update: MessageCodec<Update> = withTlvs(channelUpdate, { inboundFee: [55555, bytes8] });
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function withTlvs<M extends B, B extends MessageBase>(
  codec: MessageCodec<B>,
  tlvs: TlvFields<Added<M, B>> & Extended<M, B>,
): MessageCodec<M> {
  for (const key of Object.keys(tlvs)) {
    if (Object.hasOwn(codec.fields, key) || Object.hasOwn(codec.tlvs, key)) {
      throw new RangeError(`${codec.name} has a field ${key} already`);
    }
  }
  const all: unknown = { ...codec.tlvs, ...tlvs };
  const fields = codec.fields as unknown as MessageFields<M>;
  return describe<M>(codec.id, codec.name, fields, all as TlvFields<M>);
}

type Added<M, B> = Omit<M, keyof B>;

type Extended<M, B> = [keyof M] extends [keyof B]
  ? { readonly "annotate the constant as MessageCodec<…>": never }
  : object extends Added<M, B>
    ? unknown
    : { readonly "what is added must be optional": never };

/* @__NO_SIDE_EFFECTS__ */
function describe<M extends MessageBase>(
  id: number,
  name: M["type"],
  fields: MessageFields<M>,
  tlvs: TlvFields<M>,
): MessageCodec<M> {
  if (!(Number.isInteger(id) && id >= 0 && id <= 0xffff)) {
    throw new RangeError(`${id} is no message type: it has two bytes`);
  }
  const taken = ["type", "unknown"].find(
    (key) => Object.hasOwn(fields, key) || Object.hasOwn(tlvs, key),
  );
  if (taken !== undefined || name === "unknown") {
    throw new RangeError(`${name}: every message has "type" and "unknown" of its own`);
  }
  const keys = Object.keys(fields);
  const codecs = Object.values<Codec<unknown>>(fields);
  const stream = tlvStream<M>(tlvs);
  const readAll = (reader: Reader, report: Report): Record<string, unknown> => {
    const value: Record<string, unknown> = { type: name };
    let start = reader.offset;
    let i = 0;
    try {
      for (; i < keys.length; i++) {
        start = reader.offset;
        value[keys[i] as string] = (codecs[i] as Codec<unknown>).read(reader);
      }
    } catch (error) {
      report(asDecodeError(error, reader.offset).within(keys[i] as string));
      reader.offset = start;
      return value;
    }
    stream.read(reader, value, report);
    return value;
  };
  return {
    id,
    name,
    fields,
    tlvs,
    read: (reader) => readAll(reader, refuse) as unknown as M,
    inspect: (reader, report) => readAll(reader, report) as Partial<M>,
    write(writer, message) {
      const value = message as unknown as Record<string, unknown>;
      let i = 0;
      try {
        // As long as the properties are in wire order, as they are in what was read, walking over them costs
        // less than looking each of them up.
        for (const key in value) {
          if (key === keys[i]) {
            writeField(writer, codecs[i] as Codec<unknown>, value[key]);
            i++;
          } else if (i > 0) break;
        }
        for (; i < keys.length; i++) {
          writeField(writer, codecs[i] as Codec<unknown>, value[keys[i] as string]);
        }
      } catch (error) {
        throw asEncodeError(error).within(keys[i] as string);
      }
      stream.write(writer, value);
    },
  };
}

/**
 * The same message, written by a function that is faster than its description. It returns false and writes
 * nothing for what it cannot write: then the description does, or says what is wrong.
 */
/* @__NO_SIDE_EFFECTS__ */
export function writtenByHand<M extends MessageBase>(
  codec: MessageCodec<M>,
  write: (writer: Writer, message: M) => boolean,
): MessageCodec<M> {
  return {
    ...codec,
    write(writer, message) {
      if (!write(writer, message)) codec.write(writer, message);
    },
  };
}

function writeField(writer: Writer, codec: Codec<unknown>, value: unknown): void {
  if (value === undefined) throw new EncodeError("missing_field", "is required");
  codec.write(writer, value);
}
