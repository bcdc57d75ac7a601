// A network inside one process that fails when it is told to.
import type { Clock } from "@satwire/actor";
import { createRng, type Rng } from "../determinism/rng.ts";
import { VirtualClock } from "../determinism/virtual-clock.ts";
import { HostCore } from "./host-core.ts";
import { Names } from "./names.ts";
import type { PacketRule } from "./packet.ts";
import { SimConnection, type SimConnectionInfo, type SimEndpoint } from "./sim-connection.ts";
import { SimHost } from "./sim-host.ts";
import type { SimKernel } from "./sim-kernel.ts";
import type {
  ClogOptions,
  DirectionOptions,
  HostGroup,
  HostRef,
  SimNetworkOptions,
  SwizzleOptions,
} from "./sim-network-options.ts";
import { swizzle } from "./swizzle.ts";
import { Trace, type TraceEvent, type TraceKind } from "./trace.ts";
import { checkLink, type SimLink, type Wall, Wire } from "./wire.ts";

/**
 * Hosts that reach each other by TCP as it appears to programs: reliable, in order, and as slow and as broken as a
 * test wants. Only time of the given clock passes.
 *
 * @example
 * ```ts
 * const network = new SimNetwork({ seed: 7, defaults: { latencyMs: [20, 60] } });
 * const [alice, bob] = [network.host("alice"), network.host("bob")];
 * await bob.listen(bob.address(9735), (stream) => serve(stream));
 * using cut = network.partition("alice", "bob");
 * ```
 */
export class SimNetwork<C extends Clock = VirtualClock> implements AsyncDisposable {
  /** Where its time comes from. */
  readonly clock: C;
  readonly #names = new Names();
  readonly #hosts = new Map<string, SimHost>();
  readonly #cores = new Map<string, HostCore>();
  readonly #connections = new Map<number, SimConnection>();
  readonly #trace: Trace;
  readonly #rng: Rng;
  readonly #wire: Wire;
  readonly #kernel: SimKernel;
  #connectionIds = 0;
  #swizzles = 0;
  #closed: Promise<void> | undefined;

  /** @throws RangeError for an option that makes no sense, naming it */
  constructor(options: SimNetworkOptions<C> = {}) {
    const { seed = 1, defaults = {}, capacityBytes = 65_536, retransmitMs = 924_600 } = options;
    const { tickMs = 1, maxTraceEvents = 10_000 } = options;
    checkAbove("capacityBytes", capacityBytes, 1);
    if (!(retransmitMs > 0)) throw new RangeError(`retransmitMs of ${retransmitMs} is not above 0`);
    if (!(tickMs > 0 && tickMs < Infinity))
      throw new RangeError(`tickMs of ${tickMs} is not above 0`);
    checkAbove("maxTraceEvents", maxTraceEvents, 0);
    // The type parameter says VirtualClock when no clock is given.
    this.clock = options.clock ?? (new VirtualClock() as Clock as C);
    this.#trace = new Trace(maxTraceEvents, options.onTraceEvent);
    this.#rng = createRng(seed).fork("network");
    this.#wire = new Wire({
      clock: this.clock,
      rng: this.#rng,
      defaults,
      tickMs,
      trace: this.#trace,
      isUp: (host) => this.#cores.get(host)?.isUp === true,
    });
    this.#kernel = {
      wire: this.#wire,
      names: this.#names,
      hostAt: (ip) => this.#cores.get(this.#names.hostAt(ip) ?? ""),
      takeConnectionId: () => ++this.#connectionIds,
      connect: (id, from, to) => this.#connect(id, from, to, capacityBytes, retransmitMs),
    };
  }

  /**
   * Adds a host, or returns the one of this name.
   *
   * @param ip its address; by default one of 10.0.0.0/8
   * @throws RangeError for what is no name or address, an address that is taken, or another one than the host has
   */
  host(name: string, ip?: string): SimHost {
    const known = this.#hosts.get(name.toLowerCase());
    if (known === undefined) {
      const names = this.#names.add(name, ip);
      const core = new HostCore(this.#kernel, names.name, names.ip);
      const host = new SimHost(this.#kernel, core);
      this.#cores.set(host.name, core);
      this.#hosts.set(host.name, host);
      return host;
    }
    if (ip === undefined || ip === known.ip) return known;
    throw new RangeError(`${known.name} has the address ${known.ip}, not ${ip}`);
  }

  /** All hosts, in the order in which they were added. */
  get hosts(): readonly SimHost[] {
    return [...this.#hosts.values()];
  }

  /** Connections that at least one end takes for open, oldest first. */
  get connections(): readonly SimConnectionInfo[] {
    return [...this.#connections.values()].map(({ info }) => info);
  }

  /**
   * What a name leads to from now on, a host's own name included. Addresses are tried in order, each but the
   * last for 250 ms, as Node does; without any the name is not found.
   *
   * @throws RangeError for what is no name or address
   */
  dns(name: string, ips: readonly string[]): void {
    this.#names.setRecord(name, ips);
  }

  /**
   * What lies between two hosts from now on, or between each of one group and each of another. All connections
   * of two hosts share its bandwidth. What is under way arrives as it would have.
   *
   * @throws RangeError for an unknown host, or a field that makes no sense
   */
  link(a: HostGroup, b: HostGroup, link: SimLink, { oneWay = false }: DirectionOptions = {}): void {
    checkLink(link);
    for (const from of this.#group(a)) {
      for (const to of this.#group(b)) {
        this.#wire.setLink(from, to, link);
        if (!oneWay) this.#wire.setLink(to, from, link);
      }
    }
  }

  /**
   * Loses everything between two hosts or groups, also what is under way, until it is disposed. Neither side is
   * told: senders try again after 200 ms, then twice as long each time up to two minutes, and so go on some
   * time after the repair. A host that is in both groups still reaches itself.
   *
   * @throws RangeError for an unknown host
   */
  partition(a: HostGroup, b: HostGroup, { oneWay = false }: DirectionOptions = {}): Disposable {
    const [first, second] = [this.#group(a), this.#group(b)];
    const remove = this.#wire.addCut(wallBetween(first, second, oneWay));
    const what = oneWay ? "one way" : "";
    return this.#obstacle("partition", "heal", first, second, what, remove);
  }

  /**
   * Lets everything between two hosts or groups wait, also what is under way, until it is disposed: then all of it
   * arrives at once, in order.
   *
   * @throws RangeError for an unknown host
   */
  hold(a: HostGroup, b: HostGroup): Disposable {
    const [first, second] = [this.#group(a), this.#group(b)];
    const remove = this.#wire.addStop(wallBetween(first, second, false));
    return this.#obstacle("hold", "release", first, second, "", remove);
  }

  /**
   * Lets everything that comes to hosts or leaves them wait, as `hold` does.
   *
   * @throws RangeError for an unknown host
   */
  clog(host: HostGroup, options: ClogOptions = {}): Disposable {
    const { in: comes = options.out !== true, out: leaves = options.in !== true } = options;
    const names = this.#group(host);
    const clogged = new Set(names);
    const wall: Wall = (from, to) => (comes && clogged.has(to)) || (leaves && clogged.has(from));
    const what = [comes ? "in" : "", leaves ? "out" : ""].filter((word) => word !== "").join(" ");
    return this.#obstacle("clog", "unclog", names, [], what, this.#wire.addStop(wall));
  }

  /**
   * FoundationDB's swizzle-clog: clogs the hosts one by one in a random order, then frees them one by one in
   * another; each at a random time within `overMs`. Resolves when all are free.
   *
   * @throws RangeError for an unknown host or a time that is not above 0; the signal's reason, with all hosts free
   */
  async swizzle(hosts: readonly HostRef[], { overMs, signal }: SwizzleOptions): Promise<void> {
    const names = this.#group(hosts);
    const rng = this.#rng.fork(`swizzle ${this.#swizzles++}`);
    await swizzle(names, {
      overMs,
      signal,
      rng,
      clock: this.clock,
      clog: (name) => this.clog(name),
    });
  }

  /**
   * Asks a function about each packet that leaves a host, acknowledgements included, until it is disposed. The
   * first rule that does not say "pass" decides; a "drop" is a loss that TCP repairs later. What it throws
   * comes out where the packet was sent: from `write`, or from the clock.
   */
  rule(rule: PacketRule): Disposable {
    return disposable(this.#wire.addRule(rule));
  }

  /**
   * Takes a host down, with its listeners and streams: their `onClose` gets `closed`. Its peers hear nothing
   * while it is down, and a reset when they send something after the restart. Does nothing on a host that is down.
   *
   * @throws RangeError for an unknown host
   */
  crash(host: HostGroup): void {
    for (const name of this.#group(host)) {
      const crashed = this.#cores.get(name);
      if (crashed?.isUp !== true) continue;
      this.#wire.record({ kind: "crash", from: name });
      crashed.crash();
      for (const connection of this.#connections.values()) connection.crash(name);
    }
  }

  /**
   * Brings a host back, with its name and address and nothing else: what is to listen there has to do so again.
   *
   * @throws RangeError for an unknown host
   */
  restart(host: HostGroup): void {
    for (const name of this.#group(host)) {
      const restarted = this.#cores.get(name);
      if (restarted?.isUp !== false) continue;
      if (this.#closed !== undefined) throw new RangeError("the network is closed");
      this.#wire.record({ kind: "restart", from: name });
      restarted.restart();
    }
  }

  /** Writes a text into the trace, and so into its hash. */
  note(text: string): void {
    this.#wire.record({ kind: "note", what: text });
  }

  /** The last `maxTraceEvents` events, oldest first. */
  get trace(): readonly TraceEvent[] {
    return this.#trace.events;
  }

  /** How many events there were. */
  get traceCount(): number {
    return this.#trace.count;
  }

  /**
   * A hash of all events so far, bytes included, as 16 hex digits: equal in two runs that did the same. Not
   * cryptographic.
   */
  traceHash(): string {
    return this.#trace.digest;
  }

  /** Takes all hosts down for good, so that no timer is left; every call returns the same promise. */
  close(): Promise<void> {
    if (this.#closed === undefined) {
      this.#closed = Promise.resolve();
      this.crash(this.hosts);
      this.#wire.close();
    }
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #connect(
    id: number,
    from: SimEndpoint,
    to: SimEndpoint,
    capacityBytes: number,
    retransmitMs: number,
  ): SimConnection["stream"] {
    const wire = this.#wire;
    const onOver = (): void => {
      this.#connections.delete(id);
    };
    const connection = new SimConnection({
      wire,
      id,
      from,
      to,
      capacityBytes,
      retransmitMs,
      onOver,
    });
    this.#connections.set(id, connection);
    connection.open((stream) => {
      const listener = this.#cores.get(to.host)?.listenerAt(to.address.port);
      listener?.accept(connection, stream);
      return listener !== undefined;
    });
    return connection.stream;
  }

  /** The names of hosts that exist. */
  #group(group: HostGroup): readonly string[] {
    const refs = typeof group === "string" || group instanceof SimHost ? [group] : group;
    return refs.map((ref) => {
      const name = typeof ref === "string" ? ref.toLowerCase() : ref.name;
      if (this.#hosts.has(name)) return name;
      throw new RangeError(`no host of this network is called "${name}"`);
    });
  }

  #obstacle(
    kind: TraceKind,
    undone: TraceKind,
    first: readonly string[],
    second: readonly string[],
    what: string,
    remove: () => void,
  ): Disposable {
    const [from, to] = [first.join(","), second.join(",")];
    this.#wire.record({ kind, from, to, what });
    return disposable(() => {
      this.#wire.record({ kind: undone, from, to, what });
      remove();
    });
  }
}

/** Does its work once. */
function disposable(dispose: () => void): Disposable {
  let isDone = false;
  return {
    [Symbol.dispose](): void {
      if (isDone) return;
      isDone = true;
      dispose();
    },
  };
}

function wallBetween(first: readonly string[], second: readonly string[], oneWay: boolean): Wall {
  const [a, b] = [new Set(first), new Set(second)];
  return (from, to) => (a.has(from) && b.has(to)) || (!oneWay && b.has(from) && a.has(to));
}

function checkAbove(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RangeError(`${name} is ${value}, not an integer from ${least}`);
}
