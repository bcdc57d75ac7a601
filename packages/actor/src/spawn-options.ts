// What a spawned actor may differ in, with defaults, checked once.
import type { MailboxOptions } from "./mailbox.ts";
import type { Supervision } from "./supervision.ts";

/** Options of `spawn`. */
export interface SpawnOptions {
  readonly mailbox?: MailboxOptions | undefined;
  /** What follows when the behaviour throws. @default stop */
  readonly supervision?: Supervision | undefined;
  /** How many messages may be put aside. @default 100 */
  readonly stashCapacity?: number | undefined;
  /** How many deferred replies and piped promises may be open. @default 1000 */
  readonly pendingLimit?: number | undefined;
  /** How long `onStop` and `onRestart` may take, in milliseconds. @default 5000 */
  readonly cleanupTimeoutMs?: number | undefined;
}
