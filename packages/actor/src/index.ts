/**
 * Typed actors with bounded mailboxes, and what they are built on: clock, queue, backoff.
 *
 * @packageDocumentation
 */

// Messages and refs
export type { AnyMessage, Member, Message, ReplyOf, ReplyTo } from "./message.ts";
export type { ActorRef, AskOptions, TellOptions, TellRef } from "./ref.ts";

// Systems
export { type ActorInfo, ActorSystem, type SystemStats } from "./system.ts";
export type { AsyncContext, SystemOptions } from "./system-options.ts";
export type { SpawnOptions } from "./spawn-options.ts";
export type { MailboxOptions, Overflow } from "./mailbox.ts";
export { randomEarlyDrop, type RandomEarlyDropOptions } from "./random-early-drop.ts";

// Behaviours
export {
  type Behavior,
  type DeferredReply,
  type Failure,
  failure,
  type Handlers,
  handlers,
  type Outcome,
  type Receive,
  type Setup,
  setup,
  type Spawnable,
  type Stashed,
} from "./behavior.ts";
export type { ActorContext, Terminated } from "./context.ts";
export type { ActorTimers } from "./timers.ts";
export type { Delays, Directive, Supervision } from "./supervision.ts";

// Services and routers
export type { Receptionist } from "./receptionist.ts";
export { type ServiceKey, serviceKey, type ServiceKeyOptions } from "./service-key.ts";
export { Router, type RouterOptions } from "./router.ts";
export {
  broadcast,
  consistentHash,
  type ConsistentHashOptions,
  leastLoaded,
  type LeastLoadedOptions,
  randomRouting,
  type RandomRoutingOptions,
  roundRobin,
  type RoutingStrategy,
} from "./routing-strategies.ts";

// What happens besides messages
export type { DeadLetter, DeadLetterReason, DeadLetters } from "./dead-letters.ts";
export type {
  ActorEvent,
  DroppedEvent,
  ErrorEvent,
  RefusedEvent,
  RestartedEvent,
  SpawnedEvent,
  TerminatedEvent,
} from "./events.ts";
export type { Subscription } from "./feed.ts";
export type { Instrumentation, TurnEnd } from "./instrumentation.ts";
export { type Logger, logTo } from "./logger.ts";

// Order of turns
export { FairScheduler, type FairSchedulerOptions } from "./fair-scheduler.ts";
export type { Scheduler, Turn } from "./scheduler.ts";

// Refs of other kinds
export {
  type AdapterOptions,
  filterMapInput,
  mapInput,
  mapRef,
  type MessageMap,
  type RefMaps,
  type ReplyToEach,
} from "./adapters.ts";
export { QueueRef, type QueueRefOptions } from "./queue-ref.ts";

// Time
export {
  type Clock,
  sleep,
  type SleepOptions,
  systemClock,
  type Timer,
  type TimerOptions,
} from "./clock.ts";
export { Backoff, type BackoffOptions } from "./backoff.ts";
export type { Random } from "./random.ts";

// Queues and promises
export { BoundedQueue, type BoundedQueueOptions } from "./bounded-queue.ts";
export { Deferred, type WaitOptions } from "./deferred.ts";

// Errors
export {
  ActorError,
  type ActorErrorCode,
  type ActorErrorDetails,
  QueueError,
  type QueueErrorCode,
} from "./errors.ts";
