// What scripts in tests are made from.
import type { LightningMessage } from "@satwire/lnwire";
import {
  AssertionError,
  type Script,
  script as scriptOf,
  ScriptedSide,
  VirtualClock,
} from "@satwire/testkit";
import { expect } from "vitest";

export const script = (): Script<LightningMessage> => scriptOf<LightningMessage>();
const none = new Uint8Array(0);
export const ping = (numPongBytes: number) =>
  ({ type: "ping", numPongBytes, ignored: none }) as const;
export const pong = (length: number) =>
  ({ type: "pong", ignored: new Uint8Array(length) }) as const;
export const warning = (text: string) =>
  ({
    type: "warning",
    channelId: new Uint8Array(32),
    data: new TextEncoder().encode(text),
  }) as const;

/** A side that a test feeds by hand. */
export function byHand(...incoming: readonly LightningMessage[]) {
  const sent: LightningMessage[] = [];
  const clock = new VirtualClock();
  let ends = 0;
  const side = new ScriptedSide<LightningMessage>({
    send: (message) => sent.push(message),
    end: () => ends++,
    clock,
  });
  for (const message of incoming) side.receive(message);
  return { side, sent, clock, ends: () => ends };
}

export async function failureOf(run: Promise<unknown>): Promise<AssertionError> {
  const error: unknown = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AssertionError);
  return error as AssertionError;
}
