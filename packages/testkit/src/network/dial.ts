// Opening a connection in a simulated network: names, then TCP's handshake.
import {
  type ByteStream,
  type DialOptions,
  formatHostPort,
  type HostPort,
  NetError,
} from "@satwire/net";
import { netFailure } from "./net-failure.ts";
import { canonical, ipAddress } from "./names.ts";
import type { Packet } from "./packet.ts";
import type { HostCore } from "./host-core.ts";
import type { SimKernel } from "./sim-kernel.ts";

/** Linux sends the first packet again after 1, 3, 7, 15, 31 and 63 s and gives up after 127 s. */
const firstRetryMs = 1000;
const attempts = 7;

/** Node tries the next address of a name after this time. */
const impatienceMs = 250;

/** What {@link connect} needs. */
interface Attempt {
  readonly kernel: SimKernel;
  readonly host: HostCore;
  readonly address: HostPort;
  readonly doing: string;
  readonly impatienceMs: number | undefined;
  readonly signal: AbortSignal | undefined;
}

const noBytes: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** Dials from a host; see `SimHost.dialer`. */
export async function dial(
  kernel: SimKernel,
  host: HostCore,
  target: HostPort,
  { signal }: DialOptions = {},
): Promise<ByteStream> {
  const asked = canonical(target);
  const text = formatHostPort(asked);
  const doing = `connecting to ${text}`;
  if (asked.port === 0)
    throw new NetError("invalid_address", `${doing}: no port`, { address: text });
  const throwIfAborted = (): void => {
    if (signal?.aborted === true) throw abortError(signal, doing, text);
  };
  throwIfAborted();
  const { crashes } = host;
  await Promise.resolve(); // as over TCP, nothing is known before the caller goes on
  throwIfAborted();
  if (!host.isUp || host.crashes !== crashes)
    throw netFailure("ENETDOWN", doing, { address: text });
  const ips = kernel.names.resolve(asked, host.ip, doing);
  const failures: unknown[] = [];
  for (const [i, ip] of ips.entries()) {
    try {
      const address = ipAddress(ip, asked.port);
      const isLast = i === ips.length - 1;
      const patience = isLast ? undefined : impatienceMs;
      return await connect({ kernel, host, address, doing, impatienceMs: patience, signal });
    } catch (error) {
      throwIfAborted();
      if (host.crashes !== crashes) throw error; // who dialed is gone
      failures.push(error);
    }
  }
  throw failures[0];
}

function connect({
  kernel,
  host,
  address,
  doing,
  impatienceMs,
  signal,
}: Attempt): Promise<ByteStream> {
  const { wire } = kernel;
  const text = formatHostPort(address);
  const server = kernel.hostAt(address.host);
  if (server === undefined) {
    return Promise.reject(netFailure("EHOSTUNREACH", doing, { address: text }));
  }
  const from = { host: host.name, address: ipAddress(host.ip, host.takePort()) };
  const to = { host: server.name, address };
  const id = kernel.takeConnectionId();
  const there = {
    from: from.host,
    to: to.host,
    fromAddress: from.address,
    toAddress: to.address,
    connection: id,
    bytes: noBytes,
  };
  const back = {
    ...there,
    from: to.host,
    to: from.host,
    fromAddress: to.address,
    toAddress: from.address,
  };
  return new Promise<ByteStream>((resolve, reject) => {
    let attempt = 0;
    let isOver = false;
    const settle = (): void => {
      isOver = true;
      retry?.cancel();
      impatience?.cancel();
      host.forgetDial(fail);
      signal?.removeEventListener("abort", onAbort);
    };
    const fail = (error: unknown): void => {
      if (isOver) return;
      settle();
      reject(error);
    };
    const onAbort = (): void => {
      if (signal !== undefined) fail(abortError(signal, doing, text));
    };
    const timedOut = (): void => fail(netFailure("ETIMEDOUT", doing, { address: text }));
    const transmit = (packet: Packet, arrive: () => void): void =>
      wire.transmit(packet, { arrive, lose() {}, wait() {} });
    const established = (): void => {
      if (isOver) return; // the answer to a packet that was sent twice, or nobody waits any more
      settle();
      resolve(kernel.connect(id, from, to));
    };
    const answer = (): void => {
      if (server.listenerAt(address.port) === undefined) {
        transmit({ ...back, kind: "rst", attempt }, () =>
          fail(netFailure("ECONNREFUSED", doing, { address: text })),
        );
      } else {
        transmit({ ...back, kind: "syn-ack", attempt }, established);
      }
    };
    const knock = (): void => {
      attempt += 1;
      if (attempt > attempts) {
        timedOut();
        return;
      }
      retry = wire.clock.setTimer(knock, firstRetryMs * 2 ** (attempt - 1));
      transmit({ ...there, kind: "syn", attempt }, answer);
    };
    let retry: { cancel(): void } | undefined;
    const impatience =
      impatienceMs === undefined ? undefined : wire.clock.setTimer(timedOut, impatienceMs);
    host.rememberDial(fail);
    signal?.addEventListener("abort", onAbort, { once: true });
    knock();
  });
}

function abortError(signal: AbortSignal, doing: string, address: string): NetError {
  return new NetError("aborted", `${doing} was aborted`, { address, cause: signal.reason });
}
