// One line for each event, for those who read logs.
import type { ActorEvent } from "./events.ts";

/** Where a log is written; `console` will do. */
export interface Logger {
  debug(text: string, details?: unknown): void;
  warn(text: string, details?: unknown): void;
  error(text: string, details?: unknown): void;
}

/**
 * Writes what happens, for `instrumentation: { onEvent: logTo(console) }`. Of messages, the type alone: what they
 * carry may be secret.
 */
export function logTo(logger: Logger): (event: ActorEvent) => void {
  return (event) => write(logger, event);
}

function write(logger: Logger, event: ActorEvent): void {
  const { type, actorId } = event;
  switch (type) {
    case "spawned":
      return logger.debug(`${actorId} was spawned`);
    case "terminated":
      return logger.debug(`${actorId} has terminated`);
    case "restarted":
      return logger.warn(`${actorId} was restarted`, event.error);
    case "error": {
      const text = `${actorId} failed (${event.phase}${event.directive === undefined ? "" : `, ${event.directive}`})`;
      if (event.phase === "reply") return logger.debug(text, event.error);
      return logger.error(text, event.error);
    }
    case "deadLetter":
      return logger.debug(`${actorId} did not get ${event.message.type}: ${event.reason}`);
    case "dropped":
      return logger.debug(`${actorId} dropped ${event.messageType}`);
    case "refused":
      return logger.warn(`${actorId} refused ${event.messageType}: ${event.code}`);
  }
}
