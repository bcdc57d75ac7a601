// What messages mean for a mock, and what bytes mean: BOLT 1 as a real connection has it.
import {
  type ControlMessage,
  controlMessages,
  DecodeError,
  decodeMessage,
  type ErrorMessage,
  type MessageBase,
  type MessageSet,
  messageSet,
  printableText,
  type UnknownMessage,
  type Warning,
} from "@satwire/lnwire";
import type { PeerMessage, WireMessage } from "./mock-config.ts";
import type { SendableMessage } from "./peer-connection.ts";

const control: MessageSet<ControlMessage> = /* @__PURE__ */ messageSet(controlMessages);

/** Text of a peer that is shown in an event. */
const maxShownBytes = 300;

/** Finds out whether a real connection could write the message. @throws EncodeError */
export function assertEncodable<M extends MessageBase>(
  message: SendableMessage<M>,
  set: MessageSet<M>,
): void {
  const isControl = control.codecs.some(({ name }) => name === message.type);
  if (isControl) control.encode(message as ControlMessage);
  else set.encode(message as M | UnknownMessage);
}

/** What a frame of the peer says. @throws DecodeError */
export function readFrame<M extends MessageBase>(
  frame: Uint8Array,
  set: MessageSet<M> | false,
): PeerMessage<M> {
  const message = control.decode(frame);
  if (message.type !== "unknown") return message as PeerMessage<M>;
  return (set === false ? message : set.decode(frame)) as PeerMessage<M>;
}

/** What a fault has put in the place of a sent message, as far as it can be read. */
export function readSent<M extends MessageBase>(sent: WireMessage<M> | Uint8Array): WireMessage<M> {
  if (!(sent instanceof Uint8Array)) return sent;
  try {
    return decodeMessage(sent) as WireMessage<M>;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const id = ((sent[0] ?? 0) << 8) | (sent[1] ?? 0);
    return { type: "unknown", id, payload: sent.subarray(2) };
  }
}

/** The words of an event about a message of the peer. */
export function noteAbout({ type, data }: ErrorMessage | Warning): string {
  const text = printableText(data.subarray(0, maxShownBytes));
  return `${type} from the peer: ${text}${data.length > maxShownBytes ? "…" : ""}`;
}
