// A byte stream that a test has its hands on. No implementation is in this file.
import type { ByteStream } from "@satwire/net";
import type { FaultDirection, StreamFault } from "./fault-plan.ts";

/** A {@link ByteStream} with controls and counters for tests. */
export interface SimStream extends ByteStream {
  /** Bytes that `write` accepted. */
  readonly bytesWritten: number;
  /** Bytes that `onData` got. */
  readonly bytesRead: number;
  /** Bytes written that faults or stalls hold back here; those that went into a black hole count. */
  readonly bytesHeld: number;
  /** How often `onClose` was called. */
  readonly closes: number;
  /** Until the connection is over for this side, also when `onClose` has still to come. */
  readonly isOpen: boolean;
  /** Whether `stall()` or a fault holds bytes back in some direction right now. */
  readonly isStalled: boolean;
  /** The faults that come at a certain byte and have come, oldest first: as many as the plan has at most. */
  readonly fired: readonly StreamFault[];
  /** Holds back what is written and what arrives, until `unstall`. Not `pause`, which is the consumer's. */
  stall(direction?: FaultDirection): void;
  /** Undoes `stall`, and ends stalls of the plan that have begun. */
  unstall(direction?: FaultDirection): void;
  /** Resets the connection as a network does: both ends get `reset`. It passes stalls and black holes. */
  reset(): void;
  /**
   * Calls back once, when what was written so far was sent and, where that can be known (in memory), got by the peer's
   * consumer. Never, if that does not happen.
   */
  whenTaken(run: () => void): void;
}
