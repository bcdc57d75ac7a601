// Changes that know of counts, commands and witnesses: what those that know bytes only seldom hit.
import { replaced } from "../../../tools/fuzz/changes.ts";
import type { Change } from "../../../tools/fuzz/target.ts";
import { commandLength } from "../src/transport/command.ts";
import { joined, parted } from "./inputs.ts";
import { commands } from "./valid-messages.ts";

/** A count or length of any form, the shortest or not, at its limits. */
const setCompactSize: Change = (input, random) => {
  const at = commandLength + random.below(input.length - commandLength);
  const left = input.length - at;
  const values = [0, 1, left - 1, left, 0xfc, 0xfd, 0xffff, 0x1_0000, 0x200_0000, 0x200_0001];
  const value = Math.max(0, random.pick(values));
  const width = random.pick([0, 2, 4, 8]);
  const bytes = width === 0 ? [value & 0xff] : [0xfc + Math.log2(width)];
  for (let i = 0; i < width; i++) bytes.push(i < 4 ? (value >>> (8 * i)) & 0xff : 0);
  return replaced(input, at, random.pick([0, 1, 1, 3, 5, 9]), bytes);
};

/** The payload as that of another message. */
const setCommand: Change = (input, random) => {
  const { payload } = parted(input);
  return joined(random.pick(commands), payload);
};

/** Marker and flag of BIP 144 added to or taken from a transaction that is where one can begin. */
const setMarker: Change = (input, random) => {
  const { command, payload } = parted(input);
  const start = command === "tx" ? 0 : random.below(payload.length);
  const at = commandLength + start + 4;
  const hasMarker = input[at] === 0;
  return replaced(input, at, hasMarker ? 2 : 0, hasMarker ? [] : [0, random.pick([0, 1, 1, 2])]);
};

/** The payload twice, or with a part of itself behind it. */
const repeatEnd: Change = (input, random) => {
  const start = Math.min(commandLength + random.below(input.length), input.length);
  return replaced(input, input.length, 0, input.subarray(start, start + 100));
};

/** All of them. */
export const changes: readonly Change[] = [setCompactSize, setCommand, setMarker, repeatEnd];
