// What can be seen of a connection, one thing after the other. Plain data: logs can be saved, cut and made up.
import { printable } from "../printable.ts";

interface At {
  /** Milliseconds since 1970, or since whatever the log begins with. */
  readonly atMs: number;
}

/** It went to another state, and why if it went wrong. */
export interface StateObservation extends At {
  readonly kind: "state";
  readonly state: string;
  readonly error?: unknown;
}

/** An event that changed no state. */
export interface NoteObservation extends At {
  readonly kind: "note";
  readonly text: string;
}

/** A message came or went. One that went stands where the call began that sent it. */
export interface MessageObservation extends At {
  readonly kind: "message";
  readonly direction: "in" | "out";
  readonly type: string;
}

/** The events, or the messages that come, were all told; with an error if the loop over them threw it. */
export interface EndObservation extends At {
  readonly kind: "events-end" | "messages-end";
  readonly error?: unknown;
}

/** It said that it is over: a stream's `onClose`. */
export interface CloseObservation extends At {
  readonly kind: "close";
  readonly error?: unknown;
}

/** How full a buffer is, and how full it may be. */
export interface BufferObservation extends At {
  readonly kind: "buffer";
  readonly name: string;
  readonly size: number;
  readonly limit: number;
}

/** The log was full: what happened next is not in it. */
export interface FullObservation extends At {
  readonly kind: "full";
}

/** One thing that was seen of a connection. */
export type Observation =
  | StateObservation
  | NoteObservation
  | MessageObservation
  | EndObservation
  | CloseObservation
  | BufferObservation
  | FullObservation;

/** An observation in a few words, without its time. */
export function describeObservation(observation: Observation): string {
  switch (observation.kind) {
    case "state":
      return `state ${observation.state}${because(observation.error)}`;
    case "note":
      return `note ${printable(observation.text)}`;
    case "message":
      return `message ${observation.direction}: ${observation.type}`;
    case "events-end":
    case "messages-end":
    case "close":
      return `${observation.kind}${because(observation.error)}`;
    case "buffer":
      return `buffer ${observation.name}: ${observation.size} of ${observation.limit}`;
    case "full":
      return "full";
  }
}

function because(error: unknown): string {
  return error === undefined ? "" : `, ${printable(error)}`;
}
