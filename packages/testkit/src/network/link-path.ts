// One direction of a link: segments in order, each after its time.
import type { Clock, Timer } from "@satwire/actor";
import type { Path, Segment } from "@satwire/net";
import type { Rng } from "../determinism/rng.ts";
import { checkLinkProfile, drawLatency, type LinkProfile } from "./link-profile.ts";

const defaultSegmentBytes = 1460;

interface Travelling {
  /** When the last of it is on the link. */
  readonly sentAt: number;
  readonly arrivesAt: number;
  readonly segment: Segment;
  readonly arrive: (segment: Segment) => void;
}

/**
 * Carries segments as a link of a {@link LinkProfile} does; reliably and in order, as TCP makes them appear. A reset
 * follows what is on the link, and what still waits for the link's bandwidth is lost with it.
 */
export class LinkPath implements Path {
  readonly #profile: LinkProfile;
  readonly #clock: Clock;
  readonly #rng: Rng;
  readonly #segmentBytes: number;
  /** In order: a fast one waits for those before it. */
  #travelling: Travelling[] = [];
  #timer: Timer | undefined;
  #isArriving = false;
  #busyUntil = 0;

  /** @throws RangeError for a profile that makes no sense */
  constructor(profile: LinkProfile, clock: Clock, rng: Rng) {
    checkLinkProfile(profile);
    this.#profile = profile;
    this.#clock = clock;
    this.#rng = rng;
    const { latencyMs = 0, jitterMs = 0, bytesPerSecond } = profile;
    const takesTime = latencyMs !== 0 || jitterMs !== 0 || bytesPerSecond !== undefined;
    const most = takesTime ? defaultSegmentBytes : Number.POSITIVE_INFINITY;
    this.#segmentBytes = profile.segmentBytes ?? most;
  }

  carry(segment: Segment, arrive: (segment: Segment) => void): void {
    if (segment.kind === "reset") this.#dropUnsent();
    if (segment.kind !== "data") {
      this.#send(segment, 0, arrive);
      return;
    }
    const { bytes } = segment;
    const most = this.#segmentBytes;
    for (let at = 0; at < bytes.length; at += most) {
      const piece = bytes.length <= most ? bytes : bytes.subarray(at, at + most);
      this.#send({ kind: "data", bytes: piece }, piece.length, arrive);
    }
  }

  #send(segment: Segment, length: number, arrive: (segment: Segment) => void): void {
    const { bytesPerSecond } = this.#profile;
    const now = this.#clock.now();
    const leavesAt = Math.max(now, this.#busyUntil);
    if (bytesPerSecond !== undefined) {
      this.#busyUntil = leavesAt + (length / bytesPerSecond) * 1000;
    }
    const sentAt = Math.max(leavesAt, this.#busyUntil);
    const arrivesAt = sentAt + drawLatency(this.#profile, this.#rng);
    if (arrivesAt <= now && this.#travelling.length === 0) {
      arrive(segment);
      return;
    }
    this.#travelling.push({ sentAt, arrivesAt, segment, arrive });
    this.#setTimer();
  }

  #dropUnsent(): void {
    const now = this.#clock.now();
    this.#travelling = this.#travelling.filter(({ sentAt }) => sentAt <= now);
    this.#busyUntil = now;
    this.#timer?.cancel(); // it may have been for one of those
    this.#timer = undefined;
  }

  #setTimer(): void {
    const [first] = this.#travelling;
    if (first === undefined || this.#timer !== undefined || this.#isArriving) return;
    const delayMs = Math.max(first.arrivesAt - this.#clock.now(), 0);
    this.#timer = this.#clock.setTimer(() => this.#arrive(), delayMs);
  }

  #arrive(): void {
    this.#timer = undefined;
    const now = this.#clock.now();
    this.#isArriving = true;
    try {
      // One by one: what is sent meanwhile must not overtake the rest, and what one throws must not lose it.
      for (;;) {
        const [first] = this.#travelling;
        if (first === undefined || first.arrivesAt > now) break;
        this.#travelling.shift();
        first.arrive(first.segment);
      }
    } finally {
      this.#isArriving = false;
      this.#setTimer();
    }
  }
}
