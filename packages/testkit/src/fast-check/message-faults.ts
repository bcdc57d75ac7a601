// What goes wrong with messages, at random.
import fc from "fast-check";
import type { MessageFault, MessageFaultAction } from "../message-faults.ts";
import { checkCount } from "./limits.ts";

/** Options of {@link messageFaults}. */
export interface MessageFaultOptions<M extends { readonly type: string }> {
  /** What messages may be replaced by. @default nothing is replaced */
  readonly replacements?: fc.Arbitrary<M | Uint8Array> | undefined;
  /** Whether connections may end, and messages get lost. @default true */
  readonly destructive?: boolean | undefined;
  /** Longest delay in whole milliseconds. @default 1000 */
  readonly maxMs?: number | undefined;
  /** Faults at most, from 0 on. @default 4 */
  readonly maxFaults?: number | undefined;
}

/**
 * Faults of messages as loopback nodes, mocks and `MessageFaults` take them. Shrinks towards few faults that come at
 * the first message.
 *
 * @param types of the messages that things happen to
 * @throws RangeError if there are no types, or for a limit that is none
 * @example
 * ```ts
 * messageFaults<LightningMessage>(["ping", "pong", "channel_update"]);
 * ```
 */
export function messageFaults<M extends { readonly type: string }>(
  types: readonly M["type"][],
  options: MessageFaultOptions<M> = {},
): fc.Arbitrary<MessageFault<M>[]> {
  const { replacements, destructive = true, maxMs = 1000, maxFaults = 4 } = options;
  if (types.length === 0) throw new RangeError("there are no types to choose from");
  checkCount("maxMs", maxMs, 0);
  checkCount("maxFaults", maxFaults, 0);
  const actions: fc.Arbitrary<MessageFaultAction<M>>[] = [
    fc.nat({ max: maxMs }).map((delayMs) => ({ delayMs })),
    fc.integer({ min: 1, max: 3 }).map((duplicate) => ({ duplicate })),
  ];
  if (destructive) {
    actions.push(fc.constantFrom("closeBefore", "closeAfter", "drop", "blackhole"));
  }
  if (replacements !== undefined) actions.push(replacements.map((replace) => ({ replace })));
  const fault = fc.record(
    {
      on: fc.constantFrom(...types),
      direction: fc.constantFrom("sent", "received"),
      do: fc.oneof(...actions),
      skip: fc.nat({ max: 3 }),
      times: fc.integer({ min: 1, max: 3 }),
    },
    { requiredKeys: ["on", "do"], noNullPrototype: true },
  );
  return fc.array(fault as unknown as fc.Arbitrary<MessageFault<M>>, { maxLength: maxFaults });
}
