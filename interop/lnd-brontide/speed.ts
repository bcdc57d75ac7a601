/** Our BOLT 8 and lnd's side by side: short slices in turn, so that other work on the machine hits all alike. */
import { fileURLToPath } from "node:url";
import { Lines } from "../daemons/lines.ts";
import { goPrograms } from "../daemons/provided.ts";

/** How long `count` rounds take: of messages of these lengths, or of a handshake if there are none. */
export interface Question {
  readonly sizes: readonly number[];
  readonly count: number;
}

export interface Answer {
  readonly nanoseconds: number;
}

/** What is measured. */
interface Task {
  readonly name: string;
  readonly sizes: readonly number[];
}

/** One row of the table: nanoseconds of one message or one handshake. */
export interface Row {
  readonly task: Task;
  readonly lnd: number;
  readonly ours: number;
  readonly native: number;
}

const sliceMs = 8;
const warmUpMs = 250;
const rounds = 5;
const lengths = [34, 136, 430, 1400, 65_535];

// No bench of the packages has a mix. This is one of gossip and channels: mostly channel_update (136) and
// channel_announcement (430), some short messages and an onion.
const mix = [136, 430, 136, 136, 34, 136, 430, 136, 1400, 136, 34, 136, 430, 136, 136, 34];

/** Messages of each length, the mix, and the handshake. */
const tasks: readonly Task[] = [
  ...lengths.map((length) => ({ name: `${length} bytes`, sizes: [length] })),
  { name: "mix", sizes: mix },
  { name: "handshake, both sides", sizes: [] },
];

/** Measures all tasks. */
export async function measure(): Promise<{
  readonly rows: readonly Row[];
  readonly curve: string;
}> {
  const ours = fileURLToPath(new URL("bench-ours.ts", import.meta.url));
  await using lnd = new Lines<Answer>(goPrograms()["lnd/brontide"]!, ["bench"]);
  await using noble = new Lines<Answer>(process.execPath, [ours, "noble"]);
  await using native = new Lines<Answer>(process.execPath, [ours, "native"]);
  await noble.take();
  const { curve } = (await native.take()) as unknown as { readonly curve: string };
  await Promise.all([lnd, noble, native].map(warmUp));
  const rows: Row[] = [];
  for (const task of tasks) {
    const [lndNs, oursNs, nativeNs] = await inTurn(task, [lnd, noble, native]);
    rows.push({ task, lnd: lndNs!, ours: oursNs!, native: nativeNs! });
  }
  return { rows, curve };
}

/** The median of each. */
async function inTurn(
  { sizes }: Task,
  programs: readonly Lines<Answer>[],
): Promise<readonly number[]> {
  const rivals: { program: Lines<Answer>; count: number; each: number[] }[] = [];
  for (const program of programs) {
    rivals.push({ program, count: await countOf(program, sizes), each: [] });
  }
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < rivals.length; i++) {
      const { program, count, each } = rivals[(round + i) % rivals.length]!;
      each.push((await ask(program, sizes, count)) / count / Math.max(sizes.length, 1));
    }
  }
  return rivals.map(({ each }) => each.toSorted((a, b) => a - b)[rounds >> 1]!);
}

/** Until the engine has seen and compiled what is measured. */
async function warmUp(program: Lines<Answer>): Promise<void> {
  for (let spentMs = 0; spentMs < warmUpMs; ) {
    spentMs += (await ask(program, [...mix, ...lengths], 1)) / 1e6;
  }
}

/** Says how many rounds fill a slice. */
async function countOf(program: Lines<Answer>, sizes: readonly number[]): Promise<number> {
  for (let count = 1; ; count *= 2) {
    const ms = (await ask(program, sizes, count)) / 1e6;
    if (ms >= sliceMs / 2) return Math.ceil((count * sliceMs) / ms);
  }
}

async function ask(
  program: Lines<Answer>,
  sizes: readonly number[],
  count: number,
): Promise<number> {
  const question: Question = { sizes, count };
  program.say(question);
  return (await program.take()).nanoseconds;
}

/** As text. */
export function tableOf(rows: readonly Row[], curve: string): string {
  const micros = (ns: number): string => `${(ns / 1000).toPrecision(3)} µs`;
  const versus = (ns: number, lnd: number): string =>
    `${micros(ns)} (${(ns / lnd).toPrecision(2)})`;
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(24) : cell.padStart(22))).join("");
  return [
    line(["", "lnd", "ours (× lnd)", `native, ${curve}`]),
    ...rows.map(({ task, lnd, ours, native }) =>
      line([task.name, micros(lnd), versus(ours, lnd), versus(native, lnd)]),
    ),
    line(["handshakes per second", ...perSecond(rows.at(-1)!)]),
  ].join("\n");
}

function perSecond({ lnd, ours, native }: Row): string[] {
  return [lnd, ours, native].map((ns) => (1e9 / ns).toFixed(0));
}
