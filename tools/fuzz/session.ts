// Runs cases against a target, inside the process that may die of them.
import { setTimeout } from "node:timers/promises";
import { inspect } from "node:util";
import { changed } from "./changes.ts";
import type { JournalWriter } from "./journal.ts";
import { allocatedBy, heapNow, heldBy } from "./memory.ts";
import { type Random, randomFrom } from "./random.ts";
import { shrunk } from "./shrunk.ts";
import type { FuzzTarget, Outcome } from "./target.ts";

/** What the parent tells the child. */
export interface SessionSettings {
  /** Path of the file that exports the target. */
  readonly target: string;
  readonly journal: string;
  readonly seed: number;
  /** The random cases end after the first of the two. */
  readonly ms?: number | undefined;
  readonly runs?: number | undefined;
  /** Path of a file with the one input to run instead of all others. */
  readonly input?: string | undefined;
}

/** Something that must not happen, and with what. */
export interface Failure {
  readonly what: string;
  readonly detail: string;
  readonly kind: string;
  /** How many random cases had been run, this one included. */
  readonly runs: number;
  readonly input: Uint8Array;
}

/** Figures of one kind of input. */
export interface KindFigures {
  cases: number;
  accepted: number;
  refused: number;
}

/** The greatest of something, and where it was found. */
export interface Extreme {
  readonly value: number;
  readonly where: string;
}

/** What the child tells the parent at the end. */
export interface Summary {
  readonly kinds: Readonly<Record<string, KindFigures>>;
  readonly slowestMs: Extreme;
  readonly heldBytes: Extreme;
  readonly allocatedBytes: Extreme;
  /** Growth of the heap over all random cases. */
  readonly keptBytes: number;
  readonly inputsKept: number;
  readonly outcomes: number;
  /** What became of the one input. */
  readonly replayed?: string;
}

const mostFailures = 5;
/** A run that has failed goes on for so long to find more: failing cases tend to be slow ones. */
const afterFailureMs = 30_000;
const corpusSize = 4000;
const corpusInputBytes = 8192;
/** The heap may grow by so much in a run: caches, machine code, figures. */
const mostKeptBytes = 8 * 2 ** 20;
/** A result that is dropped may leave so much behind: 1 in 10 of what the smallest bad one holds. */
const mostLeftBytes = 2 ** 18;
const worstKind = "worst case";
const changedKind = "changed";
const changedWorstKind = "changed worst case";

const nothing: Extreme = { value: 0, where: "" };
const greater = (a: Extreme, value: number, where: string): Extreme =>
  value > a.value ? { value, where } : a;
const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** One run. */
export class Session {
  readonly #target: FuzzTarget;
  readonly #settings: SessionSettings;
  readonly #journal: JournalWriter;
  readonly #report: (failure: Failure) => Promise<void>;
  readonly #random: Random;
  readonly #seen = new Set<number>();
  readonly #failures = new Set<string>();
  readonly #kinds: Record<string, KindFigures> = {};
  readonly #makers: readonly (readonly [kind: string, until: number])[];
  #corpus: Uint8Array[] = [];
  #corpusBytes = 0;
  #added = 0;
  #index = 0;
  #runs = 0;
  #slowest = nothing;
  #held = nothing;
  #allocated = nothing;
  #keptBytes = 0;
  #failedUntil = Infinity;
  #pauseAt = 0;
  #replayed: string | undefined;

  constructor(
    target: FuzzTarget,
    settings: SessionSettings,
    journal: JournalWriter,
    report: (failure: Failure) => Promise<void>,
  ) {
    this.#target = target;
    this.#settings = settings;
    this.#journal = journal;
    this.#report = report;
    this.#random = randomFrom(settings.seed);
    let until = 0;
    this.#makers = Object.entries(target.kinds).map(([kind, [weight]]) => {
      until += weight;
      return [kind, until];
    });
  }

  /** Runs one input only. */
  async replay(input: Uint8Array): Promise<void> {
    await this.#try("replayed", input, "the input", true);
    if (this.#failures.size === 0) this.#replayed = this.#target.describe(input);
  }

  /** Runs the worst cases, then random ones until the budget is used up. */
  async run(): Promise<void> {
    const worst = this.#target.worstCases();
    for (const [name, input] of worst) {
      await this.#try(worstKind, input, name, true);
      if (this.#hasFailed()) return;
    }
    const { ms = Infinity, runs = Infinity } = this.#settings;
    const end = performance.now() + ms;
    let heapBefore = 0;
    while (this.#runs < runs && performance.now() < end && !this.#hasFailed()) {
      const [kind, input] = this.#next(worst);
      this.#runs += 1;
      await this.#try(kind, input, kind, false);
      // Code is compiled and caches are filled at first.
      if (this.#runs === 2000) heapBefore = (await settledHeap()) - this.#corpusBytes;
    }
    if (heapBefore === 0) return;
    this.#keptBytes = (await settledHeap()) - this.#corpusBytes - heapBefore;
    if (this.#keptBytes > mostKeptBytes) {
      const what = `leak: the heap grew by ${megabytes(this.#keptBytes)} over the run`;
      await this.#fail(what, `at most ${megabytes(mostKeptBytes)}`, "all", new Uint8Array(0));
    }
  }

  get summary(): Summary {
    return {
      kinds: this.#kinds,
      slowestMs: this.#slowest,
      heldBytes: this.#held,
      allocatedBytes: this.#allocated,
      keptBytes: this.#keptBytes,
      inputsKept: this.#corpus.length,
      outcomes: this.#seen.size,
      ...(this.#replayed === undefined ? {} : { replayed: this.#replayed }),
    };
  }

  #next(
    worst: readonly (readonly [name: string, input: Uint8Array])[],
  ): readonly [kind: string, input: Uint8Array] {
    const random = this.#random;
    const { changes, limits } = this.#target;
    const change = (input: Uint8Array): Uint8Array =>
      changed(input, random, changes, () => this.#known(), limits.inputBytes + 1);
    // They are a thousand times as slow as others.
    if (worst.length > 0 && random.chance(0.002)) {
      return [changedWorstKind, change(random.pick(worst)[1])];
    }
    if (random.chance(0.6)) return [changedKind, change(this.#known())];
    const at = random.below(this.#makers.at(-1)?.[1] ?? 0);
    const [kind = this.#target.validKind] = this.#makers.find(([, until]) => at < until) ?? [];
    return [kind, this.#make(kind)];
  }

  #make(kind: string): Uint8Array {
    const maker = this.#target.kinds[kind];
    if (maker === undefined) throw new Error(`the target has no inputs of the kind "${kind}"`);
    return maker[1](this.#random);
  }

  /** An input to change. */
  #known(): Uint8Array {
    return this.#corpus.length > 0 && this.#random.chance(0.6)
      ? this.#random.pick(this.#corpus)
      : this.#make(this.#target.validKind);
  }

  async #try(kind: string, input: Uint8Array, name: string, precisely: boolean): Promise<void> {
    // What arrives from the parent, its end above all, must be heard.
    if (performance.now() > this.#pauseAt) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#pauseAt = performance.now() + 50;
    }
    const figures = (this.#kinds[kind] ??= { cases: 0, accepted: 0, refused: 0 });
    figures.cases += 1;
    const result = this.#runCase(kind, input, name, precisely);
    if ("signature" in result) {
      figures[result.accepted ? "accepted" : "refused"] += 1;
      this.#keep(input, result.signature);
      return;
    }
    const { what, detail, shrink } = result;
    if (this.#failures.has(keyOf(what))) return;
    const same = (candidate: Uint8Array): boolean => {
      const again = this.#runCase(kind, candidate, name, false);
      return "what" in again && keyOf(again.what) === keyOf(what);
    };
    await this.#fail(what, detail, kind, shrink ? shrunk(input, same) : input);
  }

  /** Everything that is looked at in one case, with the journal saying so. */
  #runCase(
    kind: string,
    input: Uint8Array,
    name: string,
    precisely: boolean,
  ): Outcome | { what: string; detail: string; shrink: boolean } {
    this.#index += 1;
    this.#journal.begin({ index: this.#index, runs: this.#runs, kind, input });
    try {
      const view = surrounded(input);
      const measured = this.#measure(view, name, precisely);
      if (measured !== undefined) return { ...measured, shrink: false };
      const outcome = this.#check(view, name);
      if (Buffer.compare(view, input) !== 0) throw new Error("the input was written to");
      return outcome;
    } catch (error) {
      const [what = "?"] = (error instanceof Error ? error.message : String(error)).split("\n");
      if (error instanceof SlowCase) return { what, detail: "", shrink: false };
      return { what, detail: inspect(error, { maxStringLength: 2000 }), shrink: true };
    } finally {
      this.#journal.end();
    }
  }

  #check(view: Uint8Array, name: string): Outcome {
    const { check, limits } = this.#target;
    let ms = 0;
    let outcome: Outcome;
    // Code that is compiled in between makes one run slow, hardly two.
    for (let attempt = 0; ; attempt++) {
      const start = process.threadCpuUsage();
      outcome = check(view);
      const { user, system } = process.threadCpuUsage(start);
      const elapsed = (user + system) / 1000;
      ms = attempt === 0 ? elapsed : Math.min(ms, elapsed);
      if (ms <= limits.caseMs) break;
      if (attempt === 1) {
        throw new SlowCase(`slow: ${Math.round(ms)} ms, at most ${limits.caseMs}`);
      }
    }
    this.#slowest = greater(this.#slowest, ms, name);
    return outcome;
  }

  #measure(
    view: Uint8Array,
    name: string,
    precisely: boolean,
  ): { what: string; detail: string } | undefined {
    const { readings, limits } = this.#target;
    for (const [reading, read] of Object.entries(readings)) {
      const where = `${reading}: ${name}`;
      const allocated = allocatedBy(read, view, limits.allocatedBytes);
      this.#allocated = greater(this.#allocated, allocated, where);
      if (allocated > limits.allocatedBytes) {
        const what = `memory: ${reading} allocated ${megabytes(allocated)}`;
        return { what, detail: `at most ${megabytes(limits.allocatedBytes)}` };
      }
      // Nothing can hold more than was allocated.
      const isSmall = allocated < limits.heldBytes / 4 && this.#settings.input === undefined;
      if (!precisely || isSmall) continue;
      const { held, left } = heldBy(read, view, limits.heldBytes / 2);
      this.#held = greater(this.#held, held, where);
      if (held > limits.heldBytes) {
        const what = `memory: what ${reading} returned holds ${megabytes(held)}`;
        return { what, detail: `at most ${megabytes(limits.heldBytes)}` };
      }
      if (left > mostLeftBytes) {
        const what = `leak: ${reading} left ${megabytes(left)} behind when its result was dropped`;
        return { what, detail: `at most ${megabytes(mostLeftBytes)}` };
      }
    }
    return undefined;
  }

  #keep(input: Uint8Array, signature: string): void {
    const hash = hashOf(signature);
    if (this.#seen.has(hash)) return;
    this.#seen.add(hash);
    if (input.length > corpusInputBytes) return;
    const at = this.#added++ % corpusSize;
    this.#corpusBytes += input.length - (this.#corpus[at]?.length ?? 0);
    this.#corpus[at] = new Uint8Array(input); // not a view that holds more
  }

  #hasFailed(): boolean {
    return this.#failures.size >= mostFailures || performance.now() > this.#failedUntil;
  }

  async #fail(what: string, detail: string, kind: string, input: Uint8Array): Promise<void> {
    if (this.#failures.size === 0) this.#failedUntil = performance.now() + afterFailureMs;
    this.#failures.add(keyOf(what));
    await this.#report({ what, detail, kind, runs: this.#runs, input });
  }
}

/** V8 frees large buffers after a collection, in a later turn. */
async function settledHeap(): Promise<number> {
  heapNow();
  await setTimeout(100);
  return heapNow();
}

/** The same for failures that differ in numbers only. */
const keyOf = (what: string): string => what.replace(/[0-9]+/g, "#");

/** 32 bits instead of the text (FNV-1a): the texts of a long run would look like a leak. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

class SlowCase extends Error {}

/** The same bytes in the middle of others, where a reader that goes too far finds something. */
function surrounded(input: Uint8Array): Uint8Array {
  const around = new Uint8Array(input.length + 13).fill(0xa5);
  around.set(input, 7);
  return around.subarray(7, 7 + input.length);
}
