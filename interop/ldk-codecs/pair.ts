/**
 * One kind of message on both sides: our codec, and the class of LDK with the same number. A pair turns what
 * LDK's getters say into our fields, and our fields into arguments of LDK's constructor.
 */
import { encode, type KnownMessage, type MessageCodec } from "@satwire/lnwire";

interface Writable {
  write(): Uint8Array;
}

/** What LDK's classes of messages have in common. */
interface LdkClass<L> {
  readonly name: string;
  readonly prototype: L;
  constructor_read(payload: Uint8Array): { is_ok(): boolean };
}

type Fields<M, Hidden extends keyof M> = {
  readonly [K in Exclude<keyof M, "type" | "unknown" | Hidden>]-?: M[K] | undefined;
} & { readonly unknown?: M["unknown" & keyof M] };

interface Sides<M extends KnownMessage, L, Hidden extends keyof M> {
  /** Fields for which LDK has no getter: only their bytes can be compared. */
  readonly hidden?: readonly Hidden[];
  /** What LDK's getters say, in our terms; undefined for what is absent, or what LDK does not know. */
  readonly fields: (message: L) => Fields<M, Hidden>;
  /** By LDK's constructor. */
  readonly make: (message: M) => L;
  /** The part that is signed, as LDK writes it. */
  readonly signedPart?: (message: L) => Uint8Array;
}

/** A message that LDK has read. */
interface LdkMessage {
  /** The payload: all that follows the type. */
  write(): Uint8Array;
  /** As our message has them, but `type`; absent ones are left out. */
  fields(): Readonly<Record<string, unknown>>;
  signedPart(): Uint8Array | undefined;
}

export interface Pair {
  readonly codec: MessageCodec<KnownMessage>;
  readonly className: string;
  readonly hidden: readonly string[];
  /** Our payload, read by LDK; undefined if LDK refuses it. */
  read(payload: Uint8Array): LdkMessage | undefined;
  /** The payload that LDK writes for a message that its own constructor made. */
  make(message: KnownMessage): Uint8Array;
}

export function pair<M extends KnownMessage, L extends Writable, Hidden extends keyof M = never>(
  codec: MessageCodec<M>,
  ldkClass: LdkClass<L>,
  { hidden = [], fields, make, signedPart }: Sides<M, L, Hidden>,
): Pair {
  return {
    codec: codec as unknown as MessageCodec<KnownMessage>,
    className: ldkClass.name,
    hidden: hidden as readonly string[],
    read(payload) {
      const message = readWith(ldkClass, payload);
      if (message === undefined) return undefined;
      return {
        write: () => message.write(),
        fields: () => {
          const all = Object.entries(fields(message));
          return Object.fromEntries(all.filter(([, value]) => value !== undefined));
        },
        signedPart: () => signedPart?.(message),
      };
    },
    make: (message) => make(message as M).write(),
  };
}

/** What LDK reads in these bytes; undefined if it refuses them. */
export function readWith<L>(ldkClass: LdkClass<L>, bytes: Uint8Array): L | undefined {
  const result = ldkClass.constructor_read(bytes);
  return result.is_ok() ? resultOf<L>(result) : undefined;
}

/** What LDK reads in these bytes, which it must. */
export function mustRead<L>(ldkClass: LdkClass<L>, bytes: Uint8Array): L {
  const value = readWith(ldkClass, bytes);
  if (value === undefined) throw new Error(`LDK's ${ldkClass.name} refuses ${bytes.join()}`);
  return value;
}

/** LDK's message of a payload that ours wrote: for classes that have setters and no constructor. */
export function readPayload<M extends KnownMessage, L>(
  ldkClass: LdkClass<L>,
  codec: MessageCodec<M>,
  message: M,
): L {
  return mustRead(ldkClass, encode(codec, message));
}

/** The value of a `Result_…_OK`. @throws Error if it is none. */
export function resultOf<T>(result: { is_ok(): boolean }): T {
  if (!result.is_ok()) throw new Error("LDK gave an error");
  return (result as unknown as { res: T }).res;
}

/** The value of an `Option_…_Some`. */
export function optional<T>(option: object): T | undefined {
  return (option as { some?: T }).some;
}

/** An object that LDK has, unless it is Rust's `None`: the bindings wrap a null pointer then. */
export function unlessNull<T extends object>(value: T): T | undefined {
  return (value as unknown as { ptr: bigint }).ptr === 0n ? undefined : value;
}

// The bindings return unsigned integers as if they had a sign.
export const asU8 = (value: number): number => value & 0xff;
export const asU16 = (value: number): number => value & 0xffff;
export const asU32 = (value: number): number => value >>> 0;
export const asU64 = (value: bigint): bigint => BigInt.asUintN(64, value);
