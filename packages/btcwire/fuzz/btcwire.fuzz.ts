// `pnpm fuzz btcwire`: messages as a peer would send them, down to bytes that no peer would.
import type { Random } from "../../../tools/fuzz/random.ts";
import type { FuzzTarget } from "../../../tools/fuzz/target.ts";
import { commandLength } from "../src/transport/command.ts";
import { maxPayloadLength } from "../src/index.ts";
import { changes } from "./changes.ts";
import { everyMessage, joined, parted } from "./inputs.ts";
import { checkFrame, describeFrame, readTransactions } from "./properties.ts";
import { commands, validMessage } from "./valid-messages.ts";
import { worstCases } from "./worst-cases.ts";

function anyPayload(random: Random): Uint8Array {
  const length = random.chance(0.9) ? random.below(300) : random.below(4000);
  const payload = random.bytes(length);
  // Small numbers are counts that fit, flags, numbers of networks.
  if (random.chance(0.5)) for (let i = 0; i < length; i++) payload[i] = random.below(4);
  return joined(random.pick(commands), payload);
}

export const target: FuzzTarget = {
  limits: {
    // Measured: 460 ms, for 399,991 transactions of 10 bytes.
    caseMs: 4000,
    // Measured: 52 MiB, for the same block with all its transactions read.
    heldBytes: 96 * 2 ** 20,
    // Measured: 79 MiB, for that, too.
    allocatedBytes: 160 * 2 ** 20,
    inputBytes: commandLength + maxPayloadLength,
  },
  worstCases,
  kinds: {
    valid: [3, (random) => joined(...validMessage(random))],
    "any payload": [2, anyPayload],
    "any bytes": [1, (random) => random.bytes(random.below(random.chance(0.5) ? 20 : 300))],
  },
  validKind: "valid",
  changes,
  readings: {
    decode(input) {
      const { command, payload } = parted(input);
      return command === undefined ? undefined : everyMessage.decode(command, payload);
    },
    inspect(input) {
      const { command, payload } = parted(input);
      return command === undefined ? undefined : everyMessage.inspect(command, payload);
    },
    "all transactions": readTransactions,
  },
  check: checkFrame,
  describe: describeFrame,
};
