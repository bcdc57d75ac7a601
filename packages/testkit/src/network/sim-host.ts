// One host of a simulated network.
import type { Dialer, HostPort, Listen } from "@satwire/net";
import { dial } from "./dial.ts";
import type { HostCore } from "./host-core.ts";
import { ipAddress } from "./names.ts";
import type { SimKernel } from "./sim-kernel.ts";

/**
 * A host of a {@link SimNetwork}: what it has for code under test is a `dialer` and a `listen`.
 *
 * There is no loopback interface: 127.0.0.1 and `localhost` are the host itself, and what listens there can be
 * reached from everywhere.
 */
export class SimHost {
  /** Its name, which the others can dial. */
  readonly name: string;
  /** Its address. */
  readonly ip: string;
  /** Dials from this host. Rejects as TCP does, and with `unreachable` while the host is down. */
  readonly dialer: Dialer;
  /** Listens at this host, whose own address the listener reports. `keepAliveMs` is accepted and does nothing. */
  readonly listen: Listen;
  readonly #core: HostCore;

  /** Hosts are made by `SimNetwork.host`. */
  constructor(kernel: SimKernel, core: HostCore) {
    this.#core = core;
    this.name = core.name;
    this.ip = core.ip;
    this.dialer = (target, options) => dial(kernel, core, target, options);
    this.listen = (target, onStream, options) => core.listen(target, onStream, options);
  }

  /** False from a crash to the restart. */
  get isUp(): boolean {
    return this.#core.isUp;
  }

  /**
   * An address of this host, to listen at or to dial; port 0 lets `listen` choose.
   *
   * @throws RangeError for what is no port
   */
  address(port = 0): HostPort {
    if (Number.isInteger(port) && port >= 0 && port <= 65_535) return ipAddress(this.ip, port);
    throw new RangeError(`${port} is not a port`);
  }
}
