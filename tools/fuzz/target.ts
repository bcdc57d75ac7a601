// What a package tells the fuzzer: a file packages/<name>/fuzz/<anything>.fuzz.ts that exports a `target`.
import type { Random } from "./random.ts";

/** What became of an input that did what it should. */
export interface Outcome {
  readonly accepted: boolean;
  /**
   * What happened, without values: inputs with a new one are kept and changed further. It must follow from
   * the input alone. A few thousand different ones at most.
   */
  readonly signature: string;
}

/** What no input may exceed. */
interface FuzzLimits {
  /** Milliseconds of processor time for all of `check`. */
  readonly caseMs: number;
  /** Bytes that the result of one reading holds, its input not counted. */
  readonly heldBytes: number;
  /** Bytes allocated by one reading, garbage included: memory can never grow by more while it runs. */
  readonly allocatedBytes: number;
  /** Characters, or bytes, of the longest input. */
  readonly inputBytes: number;
}

/** One thing that takes bytes of strangers. */
export interface FuzzTarget {
  readonly limits: FuzzLimits;
  /** Inputs that are as bad as the format allows; they run first, and in every run. */
  readonly worstCases: () => readonly (readonly [name: string, input: Uint8Array])[];
  /** Makers of new inputs by the name of their kind, with how often they are used beside each other. */
  readonly kinds: Readonly<Record<string, readonly [weight: number, make: MakeInput]>>;
  /** The kind whose inputs are valid: what is changed is made by it if it is not taken from the corpus. */
  readonly validKind: string;
  /** Changes that know the format, beside those that know bytes only. */
  readonly changes: readonly Change[];
  /** What is measured: each takes an input and returns all that stays of it. What they throw counts too. */
  readonly readings: Readonly<Record<string, (input: Uint8Array) => unknown>>;
  /** Checks everything that must hold for an input. @throws whatever is wrong */
  readonly check: (input: Uint8Array) => Outcome;
  /** What became of an input, for people. */
  readonly describe: (input: Uint8Array) => string;
}

/** A new input. The same random numbers give the same one. */
type MakeInput = (random: Random) => Uint8Array;

/** Another input made of one that was taken or refused. It leaves `input` as it is. */
export type Change = (input: Uint8Array, random: Random) => Uint8Array;
