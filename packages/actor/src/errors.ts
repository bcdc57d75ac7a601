/** Why a queue refused. */
export type QueueErrorCode = "closed" | "invalid_capacity";

/** Thrown by queues. */
export class QueueError extends Error {
  override readonly name = "QueueError";
  readonly code: QueueErrorCode;

  constructor(code: QueueErrorCode, text: string) {
    super(text);
    this.code = code;
  }
}

/** Why something about actors failed. The README says when each one occurs. */
export type ActorErrorCode =
  | "aborted"
  | "actor_restarted"
  | "actor_terminated"
  | "ask_timeout"
  | "cleanup_timeout"
  | "duplicate_actor_id"
  | "empty_actor_id"
  | "foreign_ref"
  | "invalid_behavior"
  | "invalid_option"
  | "mailbox_full"
  | "message_dropped"
  | "message_undeliverable"
  | "no_actors_available"
  | "not_in_turn"
  | "pending_full"
  | "self_ask"
  | "service_key_mismatch"
  | "stash_full"
  | "system_terminated"
  | "unhandled_message";

/** What an {@link ActorError} is about. */
export interface ActorErrorDetails {
  readonly actorId?: string | undefined;
  readonly messageType?: string | undefined;
  readonly hung?: readonly string[] | undefined;
  readonly cause?: unknown;
}

/** Thrown by actors, systems, keys and routers. */
export class ActorError extends Error {
  override readonly name = "ActorError";
  readonly code: ActorErrorCode;
  /** The actor, service or router it is about. */
  readonly actorId: string | undefined;
  /** The `type` of the message it is about. */
  readonly messageType: string | undefined;
  /** After an aborted `shutdown`: the actors that were still running. */
  readonly hung: readonly string[];

  constructor(code: ActorErrorCode, text: string, details: ActorErrorDetails = {}) {
    super(text, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.actorId = details.actorId;
    this.messageType = details.messageType;
    this.hung = details.hung ?? [];
  }
}
