// A server that can be as rude as a test wants: bytes, acts and frames under the test's control.
import { encodeMessage, featureVector, type LightningMessage } from "@satwire/lnwire";
import {
  type ByteStream,
  type Dialer,
  type HostPort,
  type Listen,
  MemoryNetwork,
  type NetError,
  parseHostPort,
} from "@satwire/net";
import { generatePrivateKey, NoiseChannel, publicKeyOf } from "@satwire/noise";

/** One accepted connection. */
export class RawConnection {
  readonly stream: ByteStream;
  /** How the stream ended, once it did. */
  readonly closed: Promise<NetError | undefined>;
  /** Whether the end of the other side is answered by the end of this one. */
  answersEnd = true;
  readonly #channel: NoiseChannel;
  #bytes: Uint8Array[] = [];
  #available = 0;
  #wake: () => void = () => {};

  constructor(stream: ByteStream, privateKey: Uint8Array) {
    this.stream = stream;
    this.#channel = NoiseChannel.responder({ localKey: privateKey });
    this.closed = new Promise((resolve) => {
      stream.start({
        onData: (chunk) => {
          this.#bytes.push(chunk);
          this.#available += chunk.length;
          this.#wake();
        },
        onEnd: () => {
          if (this.answersEnd) stream.end();
        },
        onDrain: () => {},
        onClose: resolve,
      });
    });
  }

  /** All that has arrived, once it is at least this much. */
  async read(length: number): Promise<Uint8Array> {
    while (this.#available < length) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const all = new Uint8Array(this.#available);
    let at = 0;
    for (const chunk of this.#bytes.splice(0)) {
      all.set(chunk, at);
      at += chunk.length;
    }
    this.#available = 0;
    return all;
  }

  /** Answers the acts; whatever came after them is dropped. */
  async handshake(): Promise<void> {
    const { reply } = this.#channel.push(await this.read(50));
    if (reply === undefined) throw new Error("no act two");
    this.stream.write(reply);
    while (!this.#channel.established) this.#channel.push(await this.read(1));
  }

  /** Sends messages as frames in one write. */
  send(...messages: (LightningMessage | Uint8Array)[]): void {
    this.stream.write(this.frames(...messages));
  }

  /** Messages as encrypted bytes. */
  frames(...messages: (LightningMessage | Uint8Array)[]): Uint8Array {
    return this.#channel.encode(
      messages.map((message) => (message instanceof Uint8Array ? message : encodeMessage(message))),
    );
  }

  /** Decrypts what arrives until this many messages came. */
  async receive(count: number): Promise<Uint8Array[]> {
    const messages: Uint8Array[] = [];
    while (messages.length < count)
      messages.push(...this.#channel.push(await this.read(1)).messages);
    return messages;
  }
}

/** An `init` that every peer accepts. */
export const plainInit: LightningMessage = {
  type: "init",
  globalfeatures: new Uint8Array(0),
  features: featureVector([1, 9, 13, 15, 45]),
};

/** A way to listen and a way to get there. */
export interface RawNetwork {
  readonly dialer: Dialer;
  readonly listen: Listen;
}

/** Where a raw server listens, and how to get there. */
export interface RawServer {
  readonly target: { readonly publicKey: Uint8Array; readonly address: HostPort };
  readonly network: RawNetwork;
  /** The first connection. */
  readonly connection: Promise<RawConnection>;
}

/** Listens, for one connection, and runs `script` for it. */
export async function rawServer(
  script: (connection: RawConnection) => Promise<void> | void,
  network: RawNetwork = new MemoryNetwork(),
): Promise<RawServer> {
  const privateKey = generatePrivateKey();
  let accept: (connection: RawConnection) => void = () => {};
  const accepted = new Promise<RawConnection>((resolve) => {
    accept = resolve;
  });
  const listener = await network.listen(parseHostPort("rude.example:9735"), (stream) =>
    accept(new RawConnection(stream, privateKey)),
  );
  const connection = accepted.then(async (raw) => {
    await listener.close();
    await script(raw);
    return raw;
  });
  return {
    target: { publicKey: publicKeyOf(privateKey), address: listener.address },
    network,
    connection,
  };
}
