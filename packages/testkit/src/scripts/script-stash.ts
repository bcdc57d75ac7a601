// What a script has received, and messages that are made of it.
import { AssertionError } from "../assertion-error.ts";
import { equalData } from "../plain-equality.ts";
import type { Fields, MessageOfType, ScriptMessage, Stash, StashReference } from "./script-step.ts";

/** A stash that is being filled. */
export class ScriptStash<M extends ScriptMessage> implements Stash<M> {
  readonly received: M[] = [];
  readonly #byName = new Map<string, M>();

  get<N extends string>(name: N): N extends M["type"] ? MessageOfType<M, N> : M {
    const message = this.#byName.get(name);
    if (message === undefined) {
      const known = [...this.#byName.keys()];
      throw new AssertionError(`nothing called ${name} was expected before`, {
        actual: known,
        expected: name,
      });
    }
    return message as N extends M["type"] ? MessageOfType<M, N> : M;
  }

  keep(message: M, name: string = message.type): void {
    this.received.push(message);
    this.#byName.set(name, message);
  }

  /** Data with what its references stand for. */
  fill(data: unknown): unknown {
    if (isReference(data)) return this.#resolve(data);
    if (Array.isArray(data)) return data.map((item) => this.fill(item));
    if (typeof data !== "object" || data === null || ArrayBuffer.isView(data)) return data;
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, this.fill(value)]));
  }

  /** Whether a value has all of these fields. */
  hasFields(value: unknown, fields: Fields): boolean {
    const given = (value ?? {}) as Fields;
    return Object.entries(fields).every(([key, wanted]) =>
      equalData(given[key], this.fill(wanted)),
    );
  }

  #resolve({ fromStash }: StashReference): unknown {
    const point = fromStash.indexOf(".");
    const message = this.get<string>(fromStash.slice(0, point)) as unknown as Fields;
    const field = fromStash.slice(point + 1);
    if (Object.hasOwn(message, field)) return message[field];
    throw new AssertionError(`${fromStash}: the message has no such field`, {
      actual: Object.keys(message),
      expected: field,
    });
  }
}

function isReference(data: unknown): data is StashReference {
  return (
    typeof data === "object" &&
    data !== null &&
    Object.keys(data).length === 1 &&
    typeof (data as Partial<StashReference>).fromStash === "string"
  );
}
