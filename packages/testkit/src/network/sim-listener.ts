// A listener of a simulated host.
import { type ByteStream, type HostPort, type Listener, NetError } from "@satwire/net";
import type { SimConnection } from "./sim-connection.ts";

/** What a {@link SimListener} is made from. */
export interface SimListenerOptions {
  readonly address: HostPort;
  readonly onStream: (stream: ByteStream) => void;
  readonly maxConnections: number | undefined;
  readonly onClose: () => void;
}

/** Hands streams to their owner until it is closed. */
export class SimListener implements Listener {
  readonly address: HostPort;
  readonly #options: SimListenerOptions;
  #open = 0;
  #closed: Promise<void> | undefined;

  constructor(options: SimListenerOptions) {
    this.address = options.address;
    this.#options = options;
  }

  /** Takes the side of a connection that was dialed. */
  accept(connection: SimConnection, stream: ByteStream): void {
    const { onStream, maxConnections = Number.POSITIVE_INFINITY } = this.#options;
    this.#open += 1;
    connection.onFarOver = () => {
      this.#open -= 1;
    };
    if (this.#open > maxConnections) {
      stream.destroy();
      return;
    }
    try {
      onStream(stream);
    } catch (thrown) {
      // As every `Listen` does: the owner's mistake is the platform's to report.
      stream.destroy(new NetError("failed", "the owner of the stream threw", { cause: thrown }));
      queueMicrotask(() => {
        throw thrown;
      });
    }
  }

  close(): Promise<void> {
    if (this.#closed === undefined) {
      this.#options.onClose();
      this.#closed = Promise.resolve();
    }
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
