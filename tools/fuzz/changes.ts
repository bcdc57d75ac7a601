// Changes of byte strings that know nothing of their format.
import type { Random } from "./random.ts";
import type { Change } from "./target.ts";

const edges8 = [0, 1, 2, 3, 0x7f, 0x80, 0xfc, 0xfd, 0xfe, 0xff];

/** Up to eight changes, one after the other; the result has at most `maxLength` bytes. */
export function changed(
  input: Uint8Array,
  random: Random,
  special: readonly Change[],
  others: (random: Random) => Uint8Array,
  maxLength: number,
): Uint8Array {
  let bytes = input;
  // Few changes reach deep, many reach far: half of the inputs get one.
  for (let left = random.chance(0.5) ? 1 : 2 + random.below(7); left > 0; left--) {
    if (special.length > 0 && random.chance(0.3)) bytes = random.pick(special)(bytes, random);
    else if (random.chance(0.1)) bytes = spliced(bytes, others(random), random);
    else bytes = random.pick(changes)(bytes, random);
    if (bytes.length > maxLength) bytes = bytes.slice(0, maxLength);
  }
  return bytes;
}

const changes: readonly Change[] = [
  function flipBit(input, random) {
    return overwritten(input, random, (old) => [old ^ (1 << random.below(8))]);
  },
  function setByte(input, random) {
    const byte = random.chance(0.7) ? random.pick(edges8) : random.below(256);
    return overwritten(input, random, () => [byte]);
  },
  // A length at its limits: 0, 1, what is left, one more or less, the most that fits.
  function setLength(input, random) {
    const at = random.below(input.length);
    const left = input.length - at;
    const value = random.pick([0, 1, left - 2, left - 1, left, left - 4, 0x7fff, 0xffff, 0xfffe]);
    const bytes = random.pick([
      [value >> 8, value],
      [value],
      [0xfd, value >> 8, value],
      [0xfe, 0, 0, value >> 8, value],
    ]);
    return replaced(input, at, bytes.length, bytes);
  },
  function setInteger(input, random) {
    const width = random.pick([1, 2, 4, 8]);
    const value = random.pick([
      0n,
      1n,
      0xfcn,
      0xfdn,
      0xffffn,
      0x1_0000n,
      0x7fff_ffffn,
      0xffff_ffffn,
      0x1_0000_0000n,
      2n ** 53n,
      2n ** 63n,
      2n ** 64n - 1n,
    ]);
    const bytes = Array.from({ length: width }, (_, i) =>
      Number((value >> BigInt(8 * (width - 1 - i))) & 0xffn),
    );
    return replaced(input, random.below(input.length), width, bytes);
  },
  function setBigSize(input, random) {
    const bytes = random.pick([
      [0xfd, 0, 0xfc],
      [0xfd, 0xff, 0xff],
      [0xfe, 0, 0, 0xff, 0xff],
      [0xfe, 0xff, 0xff, 0xff, 0xff],
      [0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
      [0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ]);
    const removed = random.pick([0, 1, bytes.length]);
    return replaced(input, random.below(input.length), removed, bytes);
  },
  function remove(input, random) {
    const [at, length] = block(input, random);
    return replaced(input, at, length, []);
  },
  function insert(input, random) {
    const length = 1 + random.below(random.chance(0.8) ? 8 : 300);
    const bytes = random.chance(0.5)
      ? random.bytes(length)
      : new Uint8Array(length).fill(random.pick(edges8));
    return replaced(input, random.below(input.length + 1), 0, bytes);
  },
  function fill(input, random) {
    const [at, length] = block(input, random);
    return replaced(input, at, length, new Uint8Array(length).fill(random.pick(edges8)));
  },
  function repeat(input, random) {
    const [at, length] = block(input, random);
    const times = 1 + random.below(random.chance(0.9) ? 3 : 60);
    const copies = new Uint8Array(length * times);
    for (let i = 0; i < times; i++) copies.set(input.subarray(at, at + length), i * length);
    return replaced(input, at, 0, copies);
  },
  function move(input, random) {
    const [at, length] = block(input, random);
    const rest = replaced(input, at, length, []);
    return replaced(rest, random.below(rest.length + 1), 0, input.subarray(at, at + length));
  },
  function cut(input, random) {
    return input.slice(0, random.below(input.length + 1));
  },
  function append(input, random) {
    return replaced(input, input.length, 0, random.bytes(1 + random.below(10)));
  },
];

/** The start of one and the end of the other. */
function spliced(a: Uint8Array, b: Uint8Array, random: Random): Uint8Array {
  const to = random.below(a.length + 1);
  const from = random.chance(0.5) ? Math.min(to, b.length) : random.below(b.length + 1);
  return replaced(a.subarray(0, to), to, 0, b.subarray(from));
}

function overwritten(
  input: Uint8Array,
  random: Random,
  bytes: (old: number) => readonly number[],
): Uint8Array {
  const at = random.below(input.length);
  const old = input[at];
  return old === undefined ? input : replaced(input, at, 1, bytes(old));
}

function block(input: Uint8Array, random: Random): [at: number, length: number] {
  const at = random.below(input.length);
  const longest = input.length - at;
  return [at, Math.min(longest, 1 + random.below(random.chance(0.7) ? 10 : longest))];
}

/** The input with `length` bytes at `at`, or as many as there are, replaced by others. */
export function replaced(
  input: Uint8Array,
  at: number,
  length: number,
  bytes: ArrayLike<number>,
): Uint8Array {
  const end = Math.min(input.length, at + length);
  const result = new Uint8Array(input.length - (end - at) + bytes.length);
  result.set(input.subarray(0, at));
  result.set(bytes, at);
  result.set(input.subarray(end), at + bytes.length);
  return result;
}
