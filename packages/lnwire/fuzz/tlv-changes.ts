// Changes of the TLV stream at the end of a message: its records stay records, mostly.
import { Reader } from "@satwire/codec";
import type { Random } from "../../../tools/fuzz/random.ts";
import type { Change } from "../../../tools/fuzz/target.ts";
import { bigSize, encode } from "../src/index.ts";
import { idOf, setsFor } from "./message-sets.ts";

interface RawRecord {
  readonly type: Uint8Array;
  readonly length: Uint8Array;
  readonly value: Uint8Array;
}

const types = [0n, 1n, 2n, 3n, 4n, 5n, 7n, 22n, 64n, 160n, 251n, 253n, 0xffffn, 2n ** 64n - 1n];
const longest = 2n ** 64n - 1n;

/** One to three changes to the records of a message whose number is known, in one of its sets. */
export const changeRecords: Change = (input, random) => {
  const codecs = setsFor(idOf(input)).flatMap(({ set }) => set.codecs);
  const codec = codecs.find(({ id }) => id === idOf(input));
  if (codec === undefined) return input;
  const reader = new Reader(input);
  reader.u16();
  const fields = Object.values<{ read(from: Reader): unknown }>(codec.fields);
  try {
    for (const field of fields) field.read(reader);
  } catch {
    return input;
  }
  const start = reader.offset;
  let records = readRecords(reader);
  const rest = reader.rest();
  for (let left = 1 + random.below(3); left > 0; left--) {
    records = random.pick(changes)(records, random);
  }
  const parts = records.flatMap(({ type, length, value }) => [type, length, value]);
  return Buffer.concat([input.subarray(0, start), ...parts, rest]);
};

const size = (value: bigint): Uint8Array => encode(bigSize, value);
const record = (type: bigint, value: Uint8Array): RawRecord => ({
  type: size(type),
  length: size(BigInt(value.length)),
  value,
});

type RecordsChange = (records: readonly RawRecord[], random: Random) => readonly RawRecord[];

const changes: readonly RecordsChange[] = [
  function swap(records, random) {
    return records.toSorted(() => random.below(3) - 1);
  },
  function sort(records) {
    return records.toSorted((a, b) => Buffer.compare(a.type, b.type));
  },
  function remove(records, random) {
    const at = random.below(records.length);
    return records.filter((_, i) => i !== at);
  },
  function repeat(records, random) {
    const at = random.below(records.length);
    return records.flatMap((one, i) => (i === at ? [one, one] : [one]));
  },
  function add(records, random) {
    const type = random.chance(0.8) ? random.pick(types) : BigInt(random.u32());
    const value = random.bytes(random.pick([0, 1, 2, 8, 32, 33, 64, 66, 98, 253]));
    const added = record(type, value);
    const at = random.below(records.length + 1);
    return [...records.slice(0, at), added, ...records.slice(at)];
  },
  function setType(records, random) {
    return changeOne(records, random, (one) => ({ ...one, type: size(random.pick(types)) }));
  },
  function setLength(records, random) {
    return changeOne(records, random, (one) => {
      const exact = BigInt(one.value.length);
      const wrong = [0n, exact + 1n, exact === 0n ? 1n : exact - 1n, 0xffffn, longest];
      return { ...one, length: size(random.pick(wrong)) };
    });
  },
  function setValue(records, random) {
    return changeOne(records, random, (one) => {
      const { length } = one.value;
      const other = random.pick([0, 1, length + 1, Math.max(0, length - 1), 2 * length]);
      const value = new Uint8Array(other);
      value.set(one.value.subarray(0, other));
      return { ...one, value, length: size(BigInt(other)) };
    });
  },
  function swapValues(records, random) {
    const { value, length } = records[random.below(records.length)] ?? record(1n, random.bytes(1));
    return changeOne(records, random, (one) => ({ ...one, value, length }));
  },
  function notShortest(records, random) {
    return changeOne(records, random, (one) => {
      const long = Uint8Array.of(0xfd, 0, one.value.length & 0xff);
      return random.chance(0.5) ? { ...one, length: long } : { ...one, type: long };
    });
  },
];

function changeOne(
  records: readonly RawRecord[],
  random: Random,
  change: (one: RawRecord) => RawRecord,
): readonly RawRecord[] {
  const at = random.below(records.length);
  return records.map((one, i) => (i === at ? change(one) : one));
}

/** Records as long as they can be told apart. */
function readRecords(reader: Reader): readonly RawRecord[] {
  const records: RawRecord[] = [];
  const { bytes } = reader;
  while (reader.remaining > 0) {
    const start = reader.offset;
    try {
      bigSize.read(reader);
      const middle = reader.offset;
      const length = Number(bigSize.read(reader));
      const end = reader.offset;
      const type = bytes.subarray(start, middle);
      records.push({ type, length: bytes.subarray(middle, end), value: reader.take(length) });
    } catch {
      reader.offset = start;
      break;
    }
  }
  return records;
}
