/** Accepting TCP connections with `node:net`. */
import { createServer, type Server, type ServerOpts } from "node:net";
import { setImmediate } from "node:timers";
import { checkedHostPort, formatHostPort, type HostPort } from "./address.ts";
import type { Listen, Listener } from "./dialer.ts";
import { abortError, NetError } from "./errors.ts";
import { checkPositiveInteger } from "./positive-integer.ts";
import { callOwner } from "./stream-rules.ts";
import { systemError } from "./system-error.ts";
import { socketAddress } from "./tcp-address.ts";
import { TcpStream } from "./tcp-stream.ts";

/** Listens on TCP; where the platform has none, rejects with NetError `no_dialer`. */
export const listenTcp: Listen = async (target, onStream, options = {}) => {
  const { signal, maxConnections, keepAliveMs, onError } = options;
  checkPositiveInteger("maxConnections", maxConnections);
  checkPositiveInteger("keepAliveMs", keepAliveMs);
  const asked = checkedHostPort(target, { allowPortZero: true });
  const text = formatHostPort(asked);
  const doing = `listening at ${text}`;
  if (asked.kind === "torv3") {
    throw new NetError("unsupported_address", `${doing} is not possible over TCP`, {
      address: text,
    });
  }
  const settings: ServerOpts = {
    allowHalfOpen: true,
    pauseOnConnect: true,
    noDelay: true,
    keepAlive: keepAliveMs !== undefined,
    keepAliveInitialDelay: keepAliveMs ?? 0,
  };
  // Every socket is wrapped at once, so that none is without an error listener.
  const server = createServer(settings, (socket) => {
    const stream = new TcpStream(socket);
    callOwner(stream, () => onStream(stream));
  });
  if (maxConnections !== undefined) server.maxConnections = maxConnections;
  await bound(server, asked, signal, doing, text);
  server.on("error", (error) => onError?.(systemError(error, `accepting at ${text}`, text)));
  return new TcpListener(server, asked);
};

function bound(
  server: Server,
  { host, port }: HostPort,
  signal: AbortSignal | undefined,
  doing: string,
  address: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) throw abortError(signal, doing, address);
    const settle = (): void => {
      signal?.removeEventListener("abort", onAbort);
      server.off("listening", onListening).off("error", onError);
    };
    const onListening = (): void => {
      settle();
      resolve();
    };
    const onError = (error: Error): void => {
      settle();
      reject(systemError(error, doing, address));
    };
    const onAbort = (): void => {
      settle();
      server.on("error", () => {}); // nobody is left to tell
      server.close();
      if (signal !== undefined) reject(abortError(signal, doing, address));
    };
    server.once("listening", onListening).once("error", onError);
    signal?.addEventListener("abort", onAbort, { once: true });
    server.listen({ host, port });
  });
}

class TcpListener implements Listener {
  readonly address: HostPort;
  readonly #server: Server;
  #closed: Promise<void> | undefined;

  constructor(server: Server, asked: HostPort) {
    this.#server = server;
    const info = server.address();
    const real = typeof info === "object" ? socketAddress(info?.address, info?.port) : undefined;
    this.address = real ?? asked;
  }

  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      // The listening socket is closed by this call; Node's callback would wait for every open stream.
      this.#server.close();
      setImmediate(resolve);
    });
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
