/** What btcd does with a payload, as far as the differences between it and us say. */
import {
  bitcoinMessages,
  equalBytes,
  indexBlock,
  type KnownMessage,
  toHex,
} from "@satwire/btcwire";
import type { Answer } from "../daemons/oracle.ts";
import type { Difference, Strictness } from "./difference.ts";
import { differencesIn, plainMessage } from "./differences.ts";
import { strictnesses } from "./strictnesses.ts";

/** What explains btcd's answer to a payload, if it is not what we do. @throws if nothing does */
export function explain(
  command: KnownMessage["type"],
  payload: Uint8Array,
  answer: Answer,
): readonly (Difference | Strictness)[] {
  const reading = read(command, payload);
  const found =
    reading.message === undefined
      ? explainStrictness(command, payload, reading.code, answer)
      : explainDifferences(reading.message, payload, answer);
  if (found !== undefined && !isPanic(answer)) return found;
  const theirs = answer.ok ? `writes ${toHex(answer.bytes)}` : `refuses: ${answer.reason}`;
  const ours = reading.message === undefined ? `refuse: ${reading.code}` : "write the same bytes";
  throw new Error(`${command} ${toHex(payload)}\nbtcd ${theirs}\nwe ${ours}`);
}

/** What we make of a payload. A block is read to its end. @throws if we do not write the same bytes */
export function read(
  command: KnownMessage["type"],
  payload: Uint8Array,
): { readonly message: KnownMessage } | { readonly message: undefined; readonly code: string } {
  const inspection = bitcoinMessages.inspect(command, payload);
  if (!inspection.valid) return { message: undefined, code: inspection.problem.code };
  const message = inspection.message as KnownMessage;
  if (message.type === "block") {
    try {
      indexBlock(message).transactions();
    } catch (error) {
      return { message: undefined, code: (error as { readonly code: string }).code };
    }
  }
  const written = bitcoinMessages.encode(message);
  if (equalBytes(written, payload)) return { message };
  throw new Error(`${command} ${toHex(payload)}\nwe write ${toHex(written)}`);
}

function explainStrictness(
  command: KnownMessage["type"],
  payload: Uint8Array,
  code: string,
  answer: Answer,
): readonly Strictness[] | undefined {
  if (!answer.ok) return [];
  const found = strictnesses.filter((strictness) => {
    if (!strictness.commands.includes(command) || strictness.code !== code) return false;
    const written = strictness.written(payload);
    return written !== undefined && equalBytes(written, answer.bytes);
  });
  return found.length > 0 ? found : undefined;
}

function explainDifferences(
  message: KnownMessage,
  payload: Uint8Array,
  answer: Answer,
): readonly Difference[] | undefined {
  const all = differencesIn(message);
  const refusals = all.filter(({ refusal }) => refusal !== undefined);
  if (refusals.length > 0) {
    if (answer.ok) return undefined;
    const said = refusals.filter(({ refusal }) => refusal?.(message).test(answer.reason));
    return said.length > 0 ? said : undefined;
  }
  const written = all.length === 0 ? payload : bitcoinMessages.encode(plainMessage(message));
  return answer.ok && equalBytes(answer.bytes, written) ? all : undefined;
}

function isPanic(answer: Answer): boolean {
  return !answer.ok && answer.reason.startsWith("panic");
}
