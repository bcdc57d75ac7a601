// The alert system, which is out of use: its key is public. Bitcoin Core still sends one last alert, which no
// other can replace, to peers of protocol version 70012 or less.
import type { Codec } from "@satwire/codec";
import { maxCompactSize } from "../compact-size.ts";
import { varBytes } from "../fields.ts";
import { message, type MessageBase, type MessageCodec } from "../message.ts";

/** `alert`: a text for users, once signed by developers. Nothing that it says can be trusted. */
export interface Alert extends MessageBase<"alert"> {
  /** What is signed. */
  readonly payload: Uint8Array;
  /** An ECDSA signature as DER. */
  readonly signature: Uint8Array;
}

const anyBytes: Codec<Uint8Array> = /* @__PURE__ */ varBytes(maxCompactSize);

/** Codec of {@link Alert}. */
export const alert: MessageCodec<Alert> = /* @__PURE__ */ message("alert", {
  payload: anyBytes,
  signature: anyBytes,
});

/** The message of the alert system. */
export type AlertMessage = Alert;

/** The codec of the alert system, for a set of one's own. */
export const alertMessages: readonly MessageCodec<AlertMessage>[] = [alert];
