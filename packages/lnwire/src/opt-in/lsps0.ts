// LSPS0 (bLIP 50): JSON-RPC 2.0 between a client and who sells it liquidity.
import { rest } from "@satwire/codec";
import { message, type MessageBase, type MessageCodec } from "../message.ts";

/** `lsps0`: one JSON-RPC object, a request, a response or a notification. */
export interface Lsps0 extends MessageBase<"lsps0"> {
  /** JSON in UTF-8, to the end of the message; kept as bytes in case it is not. See `jsonText`. */
  readonly payload: Uint8Array;
  /** Nothing can follow the JSON. */
  readonly unknown?: never;
}

/** Codec of {@link Lsps0}: message 37913. */
export const lsps0: MessageCodec<Lsps0> = /* @__PURE__ */ message(37913, "lsps0", {
  payload: rest,
});

/** The messages of this chapter. */
export type Lsps0Message = Lsps0;

/** All codecs of this chapter, for a set of one's own. */
export const lsps0Messages: readonly MessageCodec<Lsps0Message>[] = [lsps0];
