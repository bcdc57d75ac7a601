// The inside of a simulated host: its ports, and the dials that have not been answered.
import {
  type ByteStream,
  formatHostPort,
  type HostPort,
  type Listener,
  type ListenOptions,
  NetError,
} from "@satwire/net";
import { netFailure } from "./net-failure.ts";
import { canonical, ipAddress } from "./names.ts";
import type { SimKernel } from "./sim-kernel.ts";
import { SimListener } from "./sim-listener.ts";

/** First port given to dialing sides and to listeners that ask for port 0 (RFC 6335 §6). */
const firstFreePort = 49_152;
const freePorts = 65_536 - firstFreePort;

/** What a host is to its network. */
export class HostCore {
  readonly name: string;
  readonly ip: string;
  readonly #kernel: SimKernel;
  readonly #listeners = new Map<number, SimListener>();
  readonly #dials = new Set<(error: unknown) => void>();
  #nextPort = 0;
  #isUp = true;
  #crashes = 0;

  constructor(kernel: SimKernel, name: string, ip: string) {
    this.#kernel = kernel;
    this.name = name;
    this.ip = ip;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** How often it has crashed: what began before a crash does not go on after it. */
  get crashes(): number {
    return this.#crashes;
  }

  listenerAt(port: number): SimListener | undefined {
    return this.#listeners.get(port);
  }

  /** A port that nobody listens at. */
  takePort(): number {
    for (let tried = 0; tried < freePorts; tried++) {
      const port = firstFreePort + (this.#nextPort++ % freePorts);
      if (!this.#listeners.has(port)) return port;
    }
    throw new RangeError(`${this.name} listens at every free port`);
  }

  /** Has a dial fail when the host crashes. */
  rememberDial(fail: (error: unknown) => void): void {
    this.#dials.add(fail);
  }

  forgetDial(fail: (error: unknown) => void): void {
    this.#dials.delete(fail);
  }

  crash(): void {
    this.#isUp = false;
    this.#crashes += 1;
    this.#listeners.clear();
    for (const fail of this.#dials) fail(netFailure("ENETDOWN", "connecting"));
  }

  restart(): void {
    this.#isUp = true;
  }

  async listen(
    target: HostPort,
    onStream: (stream: ByteStream) => void,
    options: ListenOptions = {},
  ): Promise<Listener> {
    const { signal, maxConnections, keepAliveMs } = options;
    checkPositiveInteger("maxConnections", maxConnections);
    checkPositiveInteger("keepAliveMs", keepAliveMs);
    const asked = canonical(target);
    const text = formatHostPort(asked);
    const doing = `listening at ${text}`;
    if (signal?.aborted === true) {
      const cause: unknown = signal.reason;
      throw new NetError("aborted", `${doing} was aborted`, { address: text, cause });
    }
    if (!this.#isUp) throw netFailure("ENETDOWN", doing, { address: text, syscall: "listen" });
    const ips = this.#kernel.names.resolve(asked, this.ip, doing);
    if (!ips.includes(this.ip)) throw netFailure("EADDRNOTAVAIL", doing, { address: text });
    const port = asked.port === 0 ? this.takePort() : asked.port;
    if (this.#listeners.has(port)) throw netFailure("EADDRINUSE", doing, { address: text });
    const onClose = (): void => {
      if (this.#listeners.get(port) !== listener) return; // it went with a crash
      this.#listeners.delete(port);
      this.#kernel.wire.record({ kind: "unlisten", from: this.name, what: String(port) });
    };
    const address = ipAddress(this.ip, port);
    const listener = new SimListener({ address, onStream, maxConnections, onClose });
    this.#listeners.set(port, listener);
    this.#kernel.wire.record({ kind: "listen", from: this.name, what: String(port) });
    return listener;
  }
}

function checkPositiveInteger(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isSafeInteger(value) && value > 0)) return;
  throw new RangeError(`${name} is ${value}, not a positive integer`);
}
