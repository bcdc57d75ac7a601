import { Backoff, type MailboxOptions, type Message, type SpawnOptions } from "@satwire/actor";

/** What a handler does with a message. */
export type Deed =
  | "reply"
  | "replyLater"
  | "deferReply"
  | "keepReply"
  | "fail"
  | "throw"
  | "rejectLater"
  | "stash"
  | "unstash"
  | "pipeToSelf"
  | "tellOther"
  | "askOther"
  | "stop";

/** A message that is told apart from every other. */
export interface Job extends Message<number> {
  readonly type: "job";
  readonly id: number;
  readonly sender: string;
  readonly deed: Deed;
}

/** How one actor is spawned. */
export interface ActorPlan {
  readonly mailbox: MailboxOptions & { readonly capacity: number };
  readonly directive: "resume" | "restart" | "stop";
  readonly backoffMs: number;
  readonly stashCapacity: number;
  readonly pendingLimit: number;
}

/** How a message is sent. */
export interface Sending {
  readonly verb: "tell" | "tryTell" | "ask";
  readonly actor: number;
  readonly deed: Deed;
  readonly isBound: boolean;
  readonly timeoutMs?: number | undefined;
}

export function optionsOf({ directive, backoffMs, ...options }: ActorPlan): SpawnOptions {
  const backoff = (): Backoff => new Backoff({ initialMs: backoffMs, maxMs: backoffMs });
  const restart = backoffMs === 0 ? { maxRestarts: 3 } : { backoff };
  return { ...options, supervision: { directive, ...restart } };
}
