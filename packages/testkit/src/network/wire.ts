// What lies between the hosts of a network: links, rules, and whatever stops packets.
import type { Clock } from "@satwire/actor";
import type { Path } from "@satwire/net";
import type { Rng } from "../determinism/rng.ts";
import { LinkPath } from "./link-path.ts";
import { checkLinkProfile, type LinkProfile } from "./link-profile.ts";
import { checkVerdict, type Packet, type PacketRule, type PacketVerdict } from "./packet.ts";
import { TickClock } from "./tick-clock.ts";
import type { NewTraceEvent, Trace } from "./trace.ts";
import { TraceHash } from "./trace-hash.ts";

/** What lies between two hosts. */
export interface SimLink extends LinkProfile {
  /**
   * The share of packets that is lost, from 0 to below 1. TCP sends them again: a lost packet means delay.
   * @default 0
   */
  readonly lossRate?: number | undefined;
}

/** What becomes of a packet; the functions are called when it does, perhaps before `transmit` returns. */
export interface PacketFate {
  arrive(): void;
  lose(): void;
  /** It will come, if at all, later than the link would have it. */
  wait(): void;
}

/** Whether something stops packets that go this way, by the names of the hosts. */
export type Wall = (from: string, to: string) => boolean;

interface Link {
  readonly path: Path;
  readonly loss: { readonly rate: number; readonly rng: Rng } | undefined;
}

/** What a {@link Wire} is made from. */
export interface WireOptions {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly defaults: SimLink;
  readonly tickMs: number;
  readonly trace: Trace;
  readonly isUp: (host: string) => boolean;
}

/** Largest segment where time passes: Ethernet's 1500 bytes without the headers of IP and TCP. */
const segmentBytes = 1460;

/** Throws a RangeError that names the first field which makes no sense. */
export function checkLink(link: SimLink): void {
  checkLinkProfile(link);
  const { lossRate = 0 } = link;
  if (!(lossRate >= 0 && lossRate < 1)) {
    throw new RangeError(`lossRate of ${lossRate} is not from 0 to below 1`);
  }
}

/** Carries packets from host to host and decides what becomes of each. */
export class Wire {
  readonly clock: Clock;
  readonly #startedAt: number;
  readonly #ticks: TickClock;
  readonly #rng: Rng;
  readonly #defaults: SimLink;
  readonly #trace: Trace;
  readonly #isUp: (host: string) => boolean;
  readonly #profiles = new Map<string, SimLink>();
  readonly #links = new Map<string, Link>();
  readonly #rules = new Set<{ readonly rule: PacketRule }>();
  readonly #cuts = new Set<Wall>();
  readonly #stops = new Set<Wall>();
  #held: [Packet, PacketFate][] = [];

  constructor({ clock, rng, defaults, tickMs, trace, isUp }: WireOptions) {
    checkLink(defaults);
    this.clock = clock;
    this.#startedAt = clock.now();
    this.#ticks = new TickClock(clock, tickMs);
    this.#rng = rng;
    this.#defaults = defaults;
    this.#trace = trace;
    this.#isUp = isUp;
  }

  record(event: Omit<NewTraceEvent, "atMs">): void {
    this.#trace.add({ ...event, atMs: this.clock.now() - this.#startedAt });
  }

  /** Largest piece of data that travels from host to host at once. */
  segmentBytes(from: string, to: string): number {
    const profile = this.#profile(from, to);
    const { latencyMs = 0, jitterMs = 0, bytesPerSecond } = profile;
    const takesTime = latencyMs !== 0 || jitterMs !== 0 || bytesPerSecond !== undefined;
    return profile.segmentBytes ?? (takesTime ? segmentBytes : Number.MAX_SAFE_INTEGER);
  }

  setLink(from: string, to: string, link: SimLink): void {
    this.#profiles.set(`${from}>${to}`, link);
    this.#links.delete(`${from}>${to}`); // what is under way arrives as it would have
  }

  addRule(rule: PacketRule): () => void {
    const added = { rule };
    this.#rules.add(added);
    return () => this.#rules.delete(added);
  }

  /** Packets that meet this wall are lost. */
  addCut(wall: Wall): () => void {
    this.#cuts.add(wall);
    return () => this.#cuts.delete(wall);
  }

  /** Packets that meet this wall wait until it is gone. */
  addStop(wall: Wall): () => void {
    this.#stops.add(wall);
    return () => {
      if (this.#stops.delete(wall)) this.#release();
    };
  }

  /** No packet that is under way arrives any more, and no timer is left. */
  close(): void {
    this.#held = [];
    this.#ticks.clear();
  }

  /** Sends a packet on its way. */
  transmit(packet: Packet, fate: PacketFate): void {
    const { from, to, attempt } = packet;
    const hash = packet.bytes.length === 0 ? "" : new TraceHash().bytes(packet.bytes).digest;
    this.#record(attempt === 1 ? "send" : "resend", packet, hash);
    const verdict = this.#verdict(packet);
    const link = this.#link(from, to);
    const isUnlucky = link.loss?.rng.chance(link.loss.rate) === true;
    if (verdict === "drop" || isUnlucky || !this.#isUp(from) || this.#meets(this.#cuts, from, to)) {
      this.#lose(packet, fate);
    } else if (verdict === "pass") {
      const { bytes } = packet;
      const segment = bytes.length > 0 ? ({ kind: "data", bytes } as const) : endSegment;
      link.path.carry(segment, () => this.#arrive(packet, fate));
    } else {
      fate.wait();
      this.#ticks.setTimer(() => this.#arrive(packet, fate), verdict.deliverAfterMs);
    }
  }

  /** Whether an acknowledgement gets through, which takes no time here and is not in the trace. */
  acknowledges(packet: Packet): boolean {
    const { from, to } = packet;
    if (!this.#isUp(from) || !this.#isUp(to)) return false;
    if (this.#meets(this.#cuts, from, to) || this.#meets(this.#stops, from, to)) return false;
    return this.#verdict(packet) !== "drop";
  }

  #arrive(packet: Packet, fate: PacketFate): void {
    const { from, to } = packet;
    if (!this.#isUp(to) || this.#meets(this.#cuts, from, to)) {
      this.#lose(packet, fate);
    } else if (this.#meets(this.#stops, from, to)) {
      this.#record("held", packet);
      this.#held.push([packet, fate]);
      fate.wait();
    } else {
      this.#record("arrive", packet);
      fate.arrive();
    }
  }

  #lose(packet: Packet, fate: PacketFate): void {
    this.#record("lose", packet);
    fate.lose();
  }

  #release(): void {
    const held = this.#held;
    this.#held = [];
    for (const entry of held) {
      const [packet, fate] = entry;
      if (this.#meets(this.#stops, packet.from, packet.to)) this.#held.push(entry);
      else this.#arrive(packet, fate);
    }
  }

  #verdict(packet: Packet): PacketVerdict {
    for (const { rule } of this.#rules) {
      const verdict: unknown = rule(packet);
      checkVerdict(verdict);
      if (verdict !== "pass") return verdict;
    }
    return "pass";
  }

  /** A host always reaches itself. */
  #meets(walls: ReadonlySet<Wall>, from: string, to: string): boolean {
    if (from === to) return false;
    for (const wall of walls) if (wall(from, to)) return true;
    return false;
  }

  #profile(from: string, to: string): SimLink {
    return this.#profiles.get(`${from}>${to}`) ?? (from === to ? {} : this.#defaults);
  }

  #link(from: string, to: string): Link {
    const key = `${from}>${to}`;
    const known = this.#links.get(key);
    if (known !== undefined) return known;
    const { lossRate = 0, ...profile } = this.#profile(from, to);
    // Packets are cut already, and none may be cut again on its way.
    const whole = { ...profile, segmentBytes: Number.MAX_SAFE_INTEGER };
    const path = new LinkPath(whole, this.#ticks, this.#rng.fork(`latency ${key}`));
    const loss =
      lossRate === 0 ? undefined : { rate: lossRate, rng: this.#rng.fork(`loss ${key}`) };
    const link = { path, loss };
    this.#links.set(key, link);
    return link;
  }

  #record(kind: NewTraceEvent["kind"], packet: Packet, hash = ""): void {
    const { from, to, connection, kind: what, bytes } = packet;
    this.record({ kind, from, to, connection, what, bytes: bytes.length, hash });
  }
}

const endSegment = { kind: "end" } as const;
