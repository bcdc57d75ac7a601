import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import type { HandshakeErrorCode } from "../src/errors.ts";
import { initiate, respond } from "../src/handshake.ts";
import type { NoiseTransport } from "../src/transport.ts";
import { initiator, responder } from "./support/pair.ts";
import { recordingCrypto } from "./support/recording-crypto.ts";
import { thrown } from "./support/thrown.ts";
import vectors from "./vectors/bolt8.json" with { type: "json" };

// BOLT 8, appendix A.

interface Step {
  readonly input?: string;
  readonly output?: string;
  readonly error?: string;
}

interface Case {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly "rs.pub"?: string;
  readonly "ls.priv"?: string;
  readonly "e.priv"?: string;
  readonly keys?: { readonly order: string; readonly a: string; readonly b: string };
}

const cases: readonly Case[] = vectors.cases;

const codes: Record<string, HandshakeErrorCode> = {
  ACT1_READ_FAILED: "act_one_length",
  ACT1_BAD_VERSION: "act_one_version",
  ACT1_BAD_PUBKEY: "act_one_public_key",
  ACT1_BAD_TAG: "act_one_tag",
  ACT2_READ_FAILED: "act_two_length",
  "ACT2_BAD_VERSION 1": "act_two_version",
  ACT2_BAD_PUBKEY: "act_two_public_key",
  ACT2_BAD_TAG: "act_two_tag",
  ACT3_READ_FAILED: "act_three_length",
  "ACT3_BAD_VERSION 1": "act_three_version",
  ACT3_BAD_CIPHERTEXT: "act_three_ciphertext",
  ACT3_BAD_PUBKEY: "act_three_public_key",
  ACT3_BAD_TAG: "act_three_tag",
};

interface Outcome {
  readonly steps: readonly Step[];
  /** The last HKDF: its salt is `ck`, its output the two transport keys. */
  readonly split: { readonly salt: Uint8Array; readonly okm: Uint8Array } | undefined;
}

/** Plays the inputs of a case and returns what came of them in the form of the vectors. */
function play(testCase: Case, role: "initiator" | "responder"): Outcome {
  const crypto = recordingCrypto();
  const options = {
    localKey: hexToBytes(testCase["ls.priv"] ?? ""),
    ephemeralKey: hexToBytes(testCase["e.priv"] ?? ""),
    crypto,
  };
  const inputs = testCase.steps.flatMap((step) => step.input ?? []);
  const steps: Step[] = [];
  const output = (bytes: Uint8Array): void => void steps.push({ output: bytesToHex(bytes) });
  const input = (): Uint8Array => {
    const next = inputs.shift() ?? "";
    steps.push({ input: next });
    return hexToBytes(next);
  };
  const error = thrown(() => {
    if (role === "initiator") {
      const step = initiate({ ...options, remoteKey: hexToBytes(testCase["rs.pub"] ?? "") });
      output(step.act1);
      output(step.readAct2(input()).act3);
    } else {
      const step = respond(options).readAct1(input());
      output(step.act2);
      expect(bytesToHex(step.readAct3(input()).remoteKey)).toBe(
        "034f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa",
      );
    }
  });
  if (error instanceof Error && "code" in error) steps.push({ error: String(error.code) });
  else if (error !== undefined) throw error;
  return { steps, split: error === undefined ? crypto.hkdfs.at(-1) : undefined };
}

describe.each(["initiator", "responder"] as const)("BOLT 8 %s vectors", (role) => {
  const ofRole = cases.filter(({ name }) => name.startsWith(`transport-${role}`));

  test("all of them are there", () => {
    expect(ofRole.length).toBe(role === "initiator" ? 5 : 10);
  });

  test.each(ofRole)("$name", (testCase) => {
    const { steps, split } = play(testCase, role);
    expect(steps).toEqual(
      testCase.steps.map((step) =>
        step.error === undefined ? step : { error: codes[step.error] ?? "not a known error" },
      ),
    );
    if (testCase.keys === undefined) return;
    // The initiator sends with the first key ("sk,rk"), the responder receives with it ("rk,sk").
    expect(testCase.keys.order).toBe(role === "initiator" ? "sk,rk" : "rk,sk");
    expect(bytesToHex(split?.okm ?? new Uint8Array())).toBe(testCase.keys.a + testCase.keys.b);
    expect(bytesToHex(split?.salt ?? new Uint8Array())).toBe(message.ck);
  });
});

const message = vectors.cases.at(-1) as unknown as {
  readonly name: string;
  readonly ck: string;
  readonly messages: Record<string, string>;
};

describe("BOLT 8 message vectors", () => {
  const hello = Uint8Array.from("hello", (character) => character.charCodeAt(0));

  function handshake(): { readonly left: NoiseTransport; readonly right: NoiseTransport } {
    const step = initiator();
    const next = responder(step.act1);
    const { act3, transport } = step.readAct2(next.act2);
    return { left: transport, right: next.readAct3(act3).transport };
  }

  test(message.name, () => {
    const { left, right } = handshake();
    const found: Record<string, string> = {};
    for (let i = 0; i <= 1001; i++) {
      const frame = left.encrypt(hello);
      if (i in message.messages) found[i] = bytesToHex(frame);
      expect(right.push(frame)).toEqual([hello]);
    }
    expect(found).toEqual(message.messages);
  });

  test("the other direction has the other key and rotates alone", () => {
    const { left, right } = handshake();
    for (let i = 0; i < 600; i++) left.encrypt(hello);
    for (let i = 0; i <= 501; i++) {
      const frame = right.encrypt(hello);
      expect(bytesToHex(frame)).not.toBe(message.messages[String(i)]);
      expect(left.push(frame)).toEqual([hello]);
    }
  });
});
