/** Opening TCP connections with `node:net`. Name look-up is the system's. */
import { connect } from "node:net";
import { checkedHostPort, formatHostPort, type HostPort } from "./address.ts";
import type { ByteStream } from "./byte-stream.ts";
import type { Dialer, TcpDialerOptions } from "./dialer.ts";
import { abortError, NetError } from "./errors.ts";
import { checkPositiveInteger } from "./positive-integer.ts";
import { systemError } from "./system-error.ts";
import { TcpStream } from "./tcp-stream.ts";

/** Dials over TCP where the platform has it; elsewhere rejects with NetError `no_dialer`. */
export const defaultDialer: Dialer = (target, options) => dial(target, {}, options?.signal);

/**
 * Makes a TCP dialer; where the platform has no TCP, it rejects with NetError `no_dialer`.
 *
 * @throws RangeError when `keepAliveMs` is not a positive integer
 */
export function tcpDialer(options: TcpDialerOptions = {}): Dialer {
  checkPositiveInteger("keepAliveMs", options.keepAliveMs);
  return (target, dialOptions) => dial(target, options, dialOptions?.signal);
}

async function dial(
  target: HostPort,
  { keepAliveMs }: TcpDialerOptions,
  signal: AbortSignal | undefined,
): Promise<ByteStream> {
  const { kind, host, port } = checkedHostPort(target);
  const address = formatHostPort({ kind, host, port });
  const doing = `connecting to ${address}`;
  if (kind === "torv3") {
    throw new NetError("unsupported_address", `${doing} needs a dialer for Tor`, { address });
  }
  if (signal?.aborted) throw abortError(signal, doing, address);
  return new Promise<ByteStream>((resolve, reject) => {
    const socket = connect({
      host,
      port,
      allowHalfOpen: true,
      noDelay: true,
      keepAlive: keepAliveMs !== undefined,
      keepAliveInitialDelay: keepAliveMs ?? 0,
    });
    socket.pause(); // before the connection is there, or Node starts to read
    const settle = (): void => {
      signal?.removeEventListener("abort", onAbort);
      socket.off("connect", onConnect).off("error", onError);
    };
    const onConnect = (): void => {
      settle();
      resolve(new TcpStream(socket));
    };
    const onError = (error: Error): void => {
      settle();
      reject(systemError(error, doing, address));
    };
    const onAbort = (): void => {
      settle();
      socket.on("error", () => {}); // a failure that was already under way has nobody to tell
      socket.destroy();
      if (signal !== undefined) reject(abortError(signal, doing, address));
    };
    socket.once("connect", onConnect).once("error", onError);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
