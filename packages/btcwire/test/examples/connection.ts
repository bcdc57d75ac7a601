import {
  type BitcoinMessage,
  bitcoinMessages,
  type BitcoinTransport,
  type KnownMessage,
  networks,
  V1Transport,
  V2Transport,
} from "@satwire/btcwire";

/** A socket of any kind: what comes ends when the peer hangs up. */
export interface Socket extends AsyncIterable<Uint8Array> {
  write(bytes: Uint8Array): void;
  close(): void;
}

/** What a node says, over v1 if it knows no other. `hello` is our `version`. */
export async function* messagesOf(
  dial: () => Socket,
  hello: BitcoinMessage,
): AsyncGenerator<BitcoinMessage> {
  const options = { network: networks.regtest, messages: bitcoinMessages };
  const v2 = V2Transport.initiator(options);
  yield* talk(dial(), v2, hello);
  if (v2.shouldRetryV1) yield* talk(dial(), new V1Transport(options), hello);
}

async function* talk(
  socket: Socket,
  transport: BitcoinTransport<KnownMessage>,
  hello: BitcoinMessage,
): AsyncGenerator<BitcoinMessage> {
  let isGreeted = false;
  const send = (bytes: Uint8Array | undefined): void => {
    if (bytes !== undefined) socket.write(bytes);
    // v1 is ready at once, v2 as soon as the peer's key has come.
    if (isGreeted || !transport.established) return;
    isGreeted = true;
    socket.write(transport.encode(hello));
  };
  try {
    send(transport.open());
    for await (const chunk of socket) {
      const { events, reply, failure } = transport.push(chunk);
      send(reply);
      for (const event of events) if (event.type === "message") yield event.message;
      if (failure !== undefined) break;
    }
  } finally {
    transport.destroy(); // overwrites the keys
    socket.close();
  }
}
