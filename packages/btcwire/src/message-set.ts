// The messages that a program understands: payloads by their commands.
import {
  asDecodeError,
  asEncodeError,
  DecodeError,
  EncodeError,
  Reader,
  Writer,
} from "@satwire/codec";
import {
  isCommand,
  type MessageBase,
  type MessageCodec,
  type MessageOf,
  type UnknownMessage,
} from "./message.ts";

/** The longest payload that nodes take, in bytes (`MAX_PROTOCOL_MESSAGE_LENGTH` of Bitcoin Core). */
export const maxPayloadLength = 4_000_000;

/** What was understood of a message: its type, and those of its fields that could be read. */
export type PartialMessage<M extends MessageBase> = M extends MessageBase
  ? { readonly type: M["type"] } & Partial<M>
  : never;

/** What {@link MessageSet.inspect} found in a payload. */
export type Inspection<M extends MessageBase> =
  | {
      /** The payload is what `decode` would take. */
      readonly valid: true;
      readonly message: M | UnknownMessage;
    }
  | {
      readonly valid: false;
      /** What was understood. */
      readonly message: PartialMessage<M> | UnknownMessage;
      /** What is wrong. With `trailing_bytes` every field was understood. */
      readonly problem: DecodeError;
      /** The end of the payload, from where nothing was understood. */
      readonly undecoded: Uint8Array;
    };

/** The messages that a connection understands. `M` is the union of their types. */
export interface MessageSet<M extends MessageBase = MessageBase> {
  readonly codecs: readonly MessageCodec<M>[];
  /**
   * Reads a payload. Commands outside the set come back as {@link UnknownMessage}.
   *
   * @throws DecodeError whose `path` starts with the command; also with `too_long` above 4,000,000 bytes and,
   * with its `cause`, `invalid_value` for whatever else a codec throws.
   */
  decode(command: string, payload: Uint8Array): M | UnknownMessage;
  /**
   * Reads whatever can be read of a payload and throws nothing: for those who watch and must not stop.
   *
   * @example
   * ```ts
   * const found = set.inspect("inv", payload);
   * if (!found.valid) log(found.problem.message, toHex(payload));
   * ```
   */
  inspect(command: string, payload: Uint8Array): Inspection<M>;
  /**
   * Writes a payload; its command is {@link commandOf} the message.
   *
   * Several payloads of up to 16 KiB share an `ArrayBuffer` of that size. None is written to again, but one that
   * is kept keeps them all in memory. `slice()` gives bytes of their own.
   *
   * @throws EncodeError also with `too_long` above 4,000,000 bytes and `invalid_value` for a message that is not
   * in the set and, with its `cause`, for whatever else a codec throws.
   */
  encode(this: void, message: M | UnknownMessage): Uint8Array;
  /** The command that a short id of BIP 324 stands for, if the set knows it. */
  commandOfShortId(shortId: number): string | undefined;
  /** The short id of BIP 324 that stands for a command, if the set knows one. */
  shortIdOf(command: string): number | undefined;
}

/** The command of a message. */
export function commandOf(message: MessageBase | UnknownMessage): string {
  return message.type === "unknown" ? (message as UnknownMessage).command : message.type;
}

/**
 * A set of messages; what is not imported into it stays out of a bundle.
 *
 * @throws RangeError if two codecs share a command or a short id: drafts that collide cannot be in one set.
 * @example
 * ```ts
 * const set = messageSet([ping, pong]);
 * const message = set.decode("ping", payload); // Ping | Pong | UnknownMessage
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function messageSet<const C extends readonly MessageCodec[]>(
  codecs: C,
): MessageSet<MessageOf<C[number]>> {
  type M = MessageOf<C[number]>;
  const all = codecs as unknown as readonly MessageCodec<M>[];
  const byCommand = new Map<string, MessageCodec<M>>();
  const byShortId = new Map<number, string>();
  for (const codec of all) {
    const { command, shortId } = codec;
    if (byCommand.has(command)) throw new RangeError(`two messages of a set are ${command}`);
    byCommand.set(command, codec);
    if (shortId === undefined) continue;
    const rival = byShortId.get(shortId);
    if (rival !== undefined) {
      throw new RangeError(`${command} and ${rival} share the short id ${shortId}`);
    }
    byShortId.set(shortId, command);
  }
  // Growing a new buffer for each message takes longer than writing it.
  let spare: Writer | undefined;
  const encodeRoomy: RoomyEncoder<M> = (message, { before = 0, after = 0 }) => {
    const command = commandOf(message);
    // A codec may encode in its turn: that call gets a writer of its own.
    const writer = spare ?? new Writer();
    spare = undefined;
    try {
      const start = writer.claim(before);
      writer.block.fill(0, start, start + before);
      if (message.type === "unknown") writeUnknown(writer, message as UnknownMessage);
      else {
        const codec = byCommand.get(command);
        if (codec === undefined) {
          throw new EncodeError("invalid_value", "no such message in this set");
        }
        codec.write(writer, message as M);
      }
      const length = writer.length - before;
      if (length > maxPayloadLength) {
        throw new EncodeError("too_long", `${length} bytes, at most ${maxPayloadLength}`);
      }
      writer.claim(after);
      const payload = writer.take();
      // Not after an error: what a message that is refused has grown shall not stay.
      spare = writer;
      return payload;
    } catch (error) {
      throw asEncodeError(error).within(command);
    }
  };
  const encode = (message: M | UnknownMessage): Uint8Array => encodeRoomy(message, {});
  roomyEncoders.set(encode, encodeRoomy as RoomyEncoder<never>);
  return {
    codecs: all,
    commandOfShortId: (shortId) => byShortId.get(shortId),
    shortIdOf: (command) => byCommand.get(command)?.shortId,
    decode(command, payload) {
      const codec = byCommand.get(command);
      const reader = new Reader(payload);
      try {
        if (payload.length > maxPayloadLength) throw payloadTooLong(payload);
        if (codec === undefined) return { type: "unknown", command, payload };
        const message = codec.read(reader);
        reader.finish();
        return message;
      } catch (error) {
        throw asDecodeError(error, reader.offset).within(command);
      }
    },
    inspect: (command, payload) => inspectPayload(byCommand.get(command), command, payload),
    encode,
  };
}

/** Bytes to leave free around a payload, for a frame that is built around it. */
interface PayloadRoom {
  /** In front of it: zeros. @default 0 */
  readonly before?: number;
  /** Behind it: to be set, anything may be there. @default 0 */
  readonly after?: number;
}

type RoomyEncoder<M> = (message: M | UnknownMessage, room: PayloadRoom) => Uint8Array;

// By the `encode` that sets have. A set of somebody else, or one of these with something around it, has another one:
// its payloads are copied into their frames.
const roomyEncoders = /* @__PURE__ */ new WeakMap<object, RoomyEncoder<never>>();

/** A payload with room around it, from any set. @throws EncodeError as the set's `encode` does */
export function encodeWithRoom<M extends MessageBase>(
  set: MessageSet<M>,
  message: M | UnknownMessage,
  room: PayloadRoom,
): Uint8Array {
  const encodeRoomy = roomyEncoders.get(set.encode);
  if (encodeRoomy !== undefined) return (encodeRoomy as RoomyEncoder<M>)(message, room);
  const payload = set.encode(message);
  const { before = 0, after = 0 } = room;
  const framed = new Uint8Array(before + payload.length + after);
  framed.set(payload, before);
  return framed;
}

function inspectPayload<M extends MessageBase>(
  codec: MessageCodec<M> | undefined,
  command: string,
  payload: Uint8Array,
): Inspection<M> {
  const reader = new Reader(payload);
  let problem: DecodeError | undefined;
  const report = (error: unknown): void => {
    problem ??= asDecodeError(error, reader.offset).within(command);
  };
  if (payload.length > maxPayloadLength) report(payloadTooLong(payload));
  let message: unknown;
  if (codec === undefined) message = { type: "unknown", command, payload: reader.rest() };
  else {
    message = { type: command };
    try {
      message = codec.inspect(reader, report);
      if (problem === undefined) reader.finish();
    } catch (error) {
      report(error);
    }
  }
  if (problem === undefined) return { valid: true, message: message as M | UnknownMessage };
  const undecoded = payload.subarray(Math.min(reader.offset, payload.length));
  return {
    valid: false,
    message: message as PartialMessage<M> | UnknownMessage,
    problem,
    undecoded,
  };
}

function payloadTooLong(payload: Uint8Array): DecodeError {
  const text = `${payload.length} bytes, at most ${maxPayloadLength}`;
  return new DecodeError("too_long", text, { offset: maxPayloadLength });
}

function writeUnknown(writer: Writer, { command, payload }: UnknownMessage): void {
  if (!isCommand(command)) {
    throw new EncodeError("invalid_value", "a command is 1 to 12 characters from U+0020 to U+007E");
  }
  writer.put(payload);
}
