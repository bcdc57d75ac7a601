// Time
export {
  type Clock,
  sleep,
  type SleepOptions,
  systemClock,
  type Timer,
  type TimerOptions,
} from "./clock.ts";

// Queues
export { BoundedQueue, type BoundedQueueOptions } from "./bounded-queue.ts";
export { QueueError, type QueueErrorCode } from "./errors.ts";
