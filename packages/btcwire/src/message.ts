// What a message is, and how the package describes each of them: the fields in the order of the wire.
// Bytes: byte fields of a decoded message are views of the payload it came from.
import {
  asDecodeError,
  asEncodeError,
  type Codec,
  type DecodeError,
  EncodeError,
  type Reader,
  rest,
} from "@satwire/codec";

/** What every message has besides its own fields. */
export interface MessageBase<Name extends string = string> {
  /** The command, such as `getheaders`. */
  readonly type: Name;
}

/** A message whose command is not in the set. Nodes ignore those. */
export interface UnknownMessage {
  readonly type: "unknown";
  /** Up to 12 characters from U+0020 to U+007E. */
  readonly command: string;
  readonly payload: Uint8Array;
}

/** Narrows to an {@link UnknownMessage} where the types of a set are not known, as in generic code. */
export function isUnknownMessage(message: { readonly type: string }): message is UnknownMessage {
  return message.type === "unknown";
}

/** Bytes behind the last field, in the messages whose readers ignore them. */
export interface Trailing {
  /** What follows the fields that are known; absent if nothing does. */
  readonly trailing?: Uint8Array;
}

/** Reads and writes the payload of one kind of message. Made by {@link message}. */
export interface MessageCodec<M extends MessageBase = MessageBase> extends Codec<M> {
  /** The command of the frame. */
  readonly command: M["type"];
  /** The one byte that stands for the command in BIP 324 packets, if it has one. */
  readonly shortId: number | undefined;
  /** Reads what can be read; the first problem goes to `report`, and the reader stays in front of that field. */
  inspect(reader: Reader, report: (problem: DecodeError) => void): Partial<M>;
  /** The codecs of the fields, to build on. */
  readonly fields: MessageFields<M>;
  readonly tail: MessageTail<M>;
}

type OptionalKeys<M> = {
  [K in keyof M]-?: object extends Pick<M, K> ? K : never;
}[keyof M];

/** One codec per required field, in wire order. */
export type MessageFields<M> = {
  readonly [K in keyof M as K extends "type" | OptionalKeys<M> ? never : K]: Codec<M[K]>;
};

/** One codec per field that older peers leave out, in wire order: none comes without those before it. */
export type MessageTail<M> = {
  readonly [K in keyof M as K extends OptionalKeys<M> ? K : never]-?: Codec<
    Exclude<M[K], undefined>
  >;
};

/** The message that a codec reads. */
export type MessageOf<C> = C extends MessageCodec<infer M> ? M : never;

/** What else a message has. */
export type MessageOptions<M> = (object extends MessageTail<M>
  ? { readonly tail?: undefined }
  : { readonly tail: MessageTail<M> }) & {
  /** The one byte that stands for the command in BIP 324 packets, 1 to 255. */
  readonly shortId?: number | undefined;
  /** What is wrong with the message as a whole, if anything is: `invalid_value` both ways. */
  readonly check?: ((message: M) => string | undefined) | undefined;
};

type OptionsArguments<M> =
  object extends MessageOptions<M> ? [options?: MessageOptions<M>] : [options: MessageOptions<M>];

// Without an annotation nothing says what the message is, and one codec that reads "any message" would end the
// narrowing of its whole set.
type Annotated<M extends MessageBase> = string extends M["type"]
  ? { readonly "annotate the constant as MessageCodec<…>": never }
  : unknown;

/**
 * Describes a message: its command and its fields in wire order.
 *
 * Reading refuses what is not exactly such a message; `decode` then `encode` gives the same bytes. What the
 * message is comes from the type that the constant is annotated with. Its optional fields are the `tail`: they
 * are there as long as bytes are.
 *
 * @throws RangeError if the command is not 1 to 12 characters from U+0020 to U+007E or `unknown`, the short id is
 * not 1 to 255, or a field is called `type`.
 * @example
 * ```ts
 * interface Hello extends MessageBase<"hello"> { readonly volume: number; readonly echo?: bigint }
 * const hello: MessageCodec<Hello> = message("hello", { volume: u8 }, { tail: { echo: u64le } });
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function message<M extends MessageBase>(
  command: M["type"],
  fields: MessageFields<M> & Annotated<M>,
  ...[options]: OptionsArguments<M>
): MessageCodec<M> {
  const { shortId, check, tail = {} as MessageTail<M> } = options ?? ({} as MessageOptions<M>);
  if (!isCommand(command) || command === "unknown") {
    throw new RangeError(`"${command}" is no command: 1 to 12 printable characters, not "unknown"`);
  }
  if (shortId !== undefined && !(Number.isInteger(shortId) && shortId > 0 && shortId < 256)) {
    throw new RangeError(`${command}: ${shortId} is no short id: it is a byte from 1`);
  }
  const required = Object.keys(fields);
  const keys = [...required, ...Object.keys(tail)];
  if (new Set(["type", ...keys]).size <= keys.length) {
    throw new RangeError(`${command}: a field is there twice, or called "type"`);
  }
  const codecs = [...Object.values<Codec<unknown>>(fields), ...Object.values<Codec<unknown>>(tail)];
  const readAll = (reader: Reader, report: (problem: DecodeError) => void): unknown => {
    const value: Record<string, unknown> = { type: command };
    let start = reader.offset;
    let i = 0;
    try {
      for (; i < keys.length && (i < required.length || reader.remaining > 0); i++) {
        start = reader.offset;
        value[keys[i] as string] = (codecs[i] as Codec<unknown>).read(reader);
      }
    } catch (error) {
      report(asDecodeError(error, reader.offset).within(keys[i] as string));
      reader.offset = start;
      return value;
    }
    const problem = check?.(value as unknown as M);
    if (problem !== undefined) report(reader.error("invalid_value", problem));
    return value;
  };
  return {
    command,
    shortId,
    fields,
    tail,
    read: (reader) => readAll(reader, refuse) as M,
    inspect: (reader, report) => readAll(reader, report) as Partial<M>,
    write(writer, message) {
      const value = message as unknown as Record<string, unknown>;
      let absent: string | undefined;
      let i = 0;
      try {
        for (; i < keys.length; i++) {
          const field = value[keys[i] as string];
          if (field === undefined) {
            if (i < required.length) throw new EncodeError("missing_field", "is required");
            absent ??= keys[i] as string;
          } else if (absent === undefined) (codecs[i] as Codec<unknown>).write(writer, field);
          else throw new EncodeError("missing_field", `needs "${absent}" in front of it`);
        }
      } catch (error) {
        throw asEncodeError(error).within(keys[i] as string);
      }
      const problem = check?.(message);
      if (problem !== undefined) throw new EncodeError("invalid_value", problem);
    },
  };
}

/**
 * Describes a message that is all in its command, such as `verack`. What follows the command is kept as `trailing`.
 *
 * @throws RangeError as {@link message} does.
 * @example
 * ```ts
 * const bye = signal("bye"); // MessageCodec<MessageBase<"bye"> & Trailing>
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function signal<
  Command extends string,
  M extends MessageBase<Command> & Trailing = MessageBase<Command> & Trailing,
>(command: Command, shortId?: number): MessageCodec<M> {
  const codec: MessageCodec<MessageBase<"signal"> & Trailing> = message(
    command as string as "signal",
    {},
    { shortId, tail: { trailing: rest } },
  );
  return codec as unknown as MessageCodec<M>;
}

/** Whether a text can be the command of a v1 frame or of a BIP 324 packet: 1 to 12 bytes from 0x20 to 0x7e. */
export function isCommand(text: string): boolean {
  // Anything else than a text would be tested as one: `undefined` has nine printable characters.
  return typeof text === "string" && /^[ -~]{1,12}$/.test(text);
}

function refuse(problem: DecodeError): never {
  throw problem;
}
