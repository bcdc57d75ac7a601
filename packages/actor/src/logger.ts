// One line for each event, for those who read logs.
import type { ActorEvent } from "./events.ts";

/** Where a system writes; `console` is one. */
export interface Logger {
  debug(text: string, details?: unknown): void;
  warn(text: string, details?: unknown): void;
  error(text: string, details?: unknown): void;
}

/** Writes an event. Of messages, the type alone: what they carry may be secret. */
export function logEvent(logger: Logger, event: ActorEvent): void {
  const { type, actorId } = event;
  switch (type) {
    case "spawned":
      return logger.debug(`${actorId} was spawned`);
    case "terminated":
      return logger.debug(`${actorId} has terminated`);
    case "restarted":
      return logger.warn(`${actorId} was restarted`, event.error);
    case "error":
      return logger.error(
        `${actorId} failed (${event.phase}${event.directive === undefined ? "" : `, ${event.directive}`})`,
        event.error,
      );
    case "deadLetter":
      return logger.debug(`${actorId} did not get ${event.message.type}: ${event.reason}`);
    case "dropped":
      return logger.debug(`${actorId} dropped ${event.messageType}`);
    case "refused":
      return logger.warn(`${actorId} refused ${event.messageType}: ${event.code}`);
  }
}
