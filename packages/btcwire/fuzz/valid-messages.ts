// Random valid messages of every kind.
import fc from "fast-check";
import type { Random } from "../../../tools/fuzz/random.ts";
import type { MessageBase } from "../src/index.ts";
import * as testing from "../src/testing/index.ts";
import { everyMessage } from "./inputs.ts";

const arbitraries: Readonly<Record<string, fc.Arbitrary<MessageBase>>> = {
  ...testing.arbitraryMessages(),
  ...testing.arbitraryReconciliation(),
  ...testing.arbitraryPackageRelay(),
  ...testing.arbitraryAlert(),
};

/** The commands of all messages. */
export const commands: readonly string[] = everyMessage.codecs.map(({ command }) => command);

const missing = commands.find((command) => !Object.hasOwn(arbitraries, command));
if (missing !== undefined) throw new Error(`no arbitrary for ${missing}`);

/** Payloads that are waiting, by their commands: making many at once is quicker. */
const made = new Map<string, Uint8Array[]>();

/** A command and a payload that is one of it. */
export function validMessage(random: Random): readonly [command: string, payload: Uint8Array] {
  const command = random.pick(commands);
  const waiting = made.get(command)?.pop();
  if (waiting !== undefined) return [command, waiting];
  const arbitrary = arbitraries[command] as fc.Arbitrary<MessageBase>;
  const payloads = fc
    .sample(arbitrary, { seed: random.u32() | 0, numRuns: 20 })
    .map((message) => everyMessage.encode(message));
  const last = payloads.pop() as Uint8Array;
  made.set(command, payloads);
  return [command, last];
}
