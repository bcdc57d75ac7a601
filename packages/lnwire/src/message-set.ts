// BOLT 1 "Lightning Message Format": a frame is two bytes of type and the message of that type.
import {
  asDecodeError,
  asEncodeError,
  type Codec,
  DecodeError,
  EncodeError,
  Reader,
  rest,
  struct,
  u16,
  Writer,
} from "@satwire/codec";
import type { MessageBase, MessageCodec, MessageOf, UnknownMessage } from "./message.ts";

/** The longest message that the transport can carry, type included, in bytes (BOLT 8). */
export const maxMessageLength = 65535;

// A frame can hold more than 30,000 records that are wrong, each of which would be an error with a stack.
const maxProblems = 64;

// A payload may be anything, also for a type that is known: that is how malformed frames are made.
const unknownMessage: Codec<Omit<UnknownMessage, "type">> = /* @__PURE__ */ struct({
  id: u16,
  payload: rest,
});

/** What was understood of a message: its type, and those of its fields that could be read. */
export type PartialMessage<M extends MessageBase> = M extends MessageBase
  ? { readonly type: M["type"] } & Partial<M>
  : never;

/** What {@link MessageSet.inspect} found in a frame. */
export type Inspection<M extends MessageBase> =
  | {
      /** The frame is what `decode` would take. */
      readonly valid: true;
      readonly message: M | UnknownMessage;
      /** The bytes as they came. */
      readonly frame: Uint8Array;
    }
  | {
      readonly valid: false;
      /** What was understood; undefined if there is not even a type. */
      readonly message: PartialMessage<M> | UnknownMessage | undefined;
      /** What is wrong, in the order in which it is found; reading stops at the 64th. */
      readonly problems: readonly [DecodeError, ...DecodeError[]];
      /** The end of the frame, from where nothing more could be understood; often empty. */
      readonly undecoded: Uint8Array;
      readonly frame: Uint8Array;
    };

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
   * Reads whatever can be read of a frame and throws nothing: for those who watch and must not stop.
   *
   * @example
   * ```ts
   * const found = set.inspect(frame);
   * if (!found.valid) log(found.problems[0].message, toHex(found.frame));
   * ```
   */
  inspect(frame: Uint8Array): Inspection<M>;
  /**
   * Writes a frame, type included.
   *
   * Several frames of up to 16 KiB share an `ArrayBuffer` of that size. None is written to again, but one that is
   * kept keeps them all in memory, and transferring or cloning its `buffer` takes the others along. `slice()`
   * gives bytes of their own.
   *
   * @throws EncodeError also with `too_long` above 65535 bytes and `invalid_value` for a message
   * that is not in the set and, with its `cause`, for whatever else a codec throws.
   */
  encode(message: M | UnknownMessage): Uint8Array;
}

/**
 * A set of messages; what is not imported into it stays out of a bundle.
 *
 * @throws RangeError if two codecs share a number or a name: drafts that collide cannot be in one set.
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
  const byId = new Map<number, MessageCodec<M>>();
  const byName = new Map<string, MessageCodec<M>>();
  for (const codec of all) {
    const rival = byId.get(codec.id) ?? byName.get(codec.name);
    if (rival !== undefined) {
      const text = `${codec.name} (${codec.id}) and ${rival.name} (${rival.id})`;
      throw new RangeError(`two messages of a set share a number or a name: ${text}`);
    }
    byId.set(codec.id, codec);
    byName.set(codec.name, codec);
  }
  // Growing a new buffer for each message took longer than writing it.
  let spare: Writer | undefined;
  return {
    codecs: all,
    decode(frame) {
      if (frame.length > maxMessageLength) throw frameTooLong(frame);
      const reader = new Reader(frame);
      const id = reader.u16();
      const codec = byId.get(id);
      if (codec === undefined) return { type: "unknown", id, payload: reader.rest() };
      try {
        const message = codec.read(reader);
        reader.finish();
        return message;
      } catch (error) {
        throw asDecodeError(error, reader.offset).within(codec.name);
      }
    },
    inspect: (frame) => inspectFrame(frame, byId),
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
        return writer.take();
      } catch (error) {
        throw asEncodeError(error).within(message.type);
      } finally {
        // One message that is far too long shall not hold its memory for ever.
        if (writer.length <= maxMessageLength) {
          writer.reset();
          spare = writer;
        }
      }
    },
  };
}

function inspectFrame<M extends MessageBase>(
  frame: Uint8Array,
  byId: ReadonlyMap<number, MessageCodec<M>>,
): Inspection<M> {
  const problems: DecodeError[] = [];
  if (frame.length > maxMessageLength) problems.push(frameTooLong(frame));
  const reader = new Reader(frame);
  let message: PartialMessage<M> | UnknownMessage | undefined;
  let name: string | undefined;
  const report = (error: unknown): boolean => {
    const problem = asDecodeError(error, reader.offset);
    problems.push(name === undefined ? problem : problem.within(name));
    return problems.length < maxProblems;
  };
  try {
    const id = reader.u16();
    const codec = byId.get(id);
    name = codec?.name;
    message =
      codec === undefined
        ? { type: "unknown", id, payload: reader.rest() }
        : (codec.inspect(reader, report) as PartialMessage<M>);
    if (problems.length === 0) reader.finish();
  } catch (error) {
    report(error);
  }
  const [first, ...others] = problems;
  if (first !== undefined) {
    const undecoded = frame.subarray(Math.min(reader.offset, frame.length));
    return { valid: false, message, problems: [first, ...others], undecoded, frame };
  }
  return { valid: true, message: message as unknown as M, frame };
}

function frameTooLong(frame: Uint8Array): DecodeError {
  const text = `${frame.length} bytes, at most ${maxMessageLength}`;
  return new DecodeError("too_long", text, { offset: maxMessageLength });
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
