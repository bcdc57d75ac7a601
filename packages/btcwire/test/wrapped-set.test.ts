// Transports with a set that somebody has put something around, as to count what is sent: its `encode` may not know of
// room around a payload.
import { expect, test } from "vitest";
import { bitcoinMessages, type KnownMessage } from "../src/bitcoin.ts";
import type { MessageSet } from "../src/message-set.ts";
import { V1Transport } from "../src/transport/v1-transport.ts";
import {
  messagesOf,
  options,
  shakeHands,
  someMessages,
  v2Initiator,
  v2Responder,
} from "./support/transport-pairs.ts";

test("v1 and v2 send the same messages with it", () => {
  const sent: string[] = [];
  const messages: MessageSet<KnownMessage> = {
    ...bitcoinMessages,
    encode(message) {
      sent.push(message.type);
      return bitcoinMessages.encode(message);
    },
  };
  const v2 = [v2Initiator({ messages }), v2Responder()] as const;
  shakeHands(...v2);
  const pairs = [
    [new V1Transport({ ...options, messages }), new V1Transport(options)] as const,
    v2,
  ] as const;
  for (const [sender, receiver] of pairs) {
    const events = someMessages.flatMap((message) => receiver.push(sender.encode(message)).events);
    expect(messagesOf(events.filter(({ type }) => type !== "ready"))).toEqual(someMessages);
  }
  expect(sent).toEqual([...someMessages, ...someMessages].map(({ type }) => type));
});

test("the payload that it gives stays as it is", () => {
  const payload = Uint8Array.of(1, 2, 3);
  const messages: MessageSet<KnownMessage> = { ...bitcoinMessages, encode: () => payload };
  new V1Transport({ ...options, messages }).encode({ type: "verack" });
  const initiator = v2Initiator({ messages });
  shakeHands(initiator, v2Responder());
  initiator.encode({ type: "verack" });
  expect(payload).toEqual(Uint8Array.of(1, 2, 3));
});
