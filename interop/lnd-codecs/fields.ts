/** Fields of messages, as `go/lnd/codec` says what lnd has read. */
import { toHex } from "@satwire/lnwire";
import { channelUpdate2Defaults } from "@satwire/lnwire/opt-in";
import type { LndMessage } from "./set.ts";

/** The messages whose fields are compared: those of lnd that LDK does not have. */
export const compared: readonly string[] = [
  "closing_complete",
  "closing_sig",
  "dyn_propose",
  "dyn_ack",
  "dyn_reject",
  "dyn_commit",
  "kickoff_sig",
  "announcement_signatures_2",
  "channel_announcement_2",
  "node_announcement_2",
  "channel_update_2",
];

/** The fields of a message: byte strings in hex, all else as text; without its type and unknown records. */
export function fieldsOf(message: LndMessage): Readonly<Record<string, unknown>> {
  const { type, unknown: _, ...fields } = message;
  const all = type === "channel_update_2" ? { ...channelUpdate2Defaults, ...fields } : fields;
  return textOf(all) as Readonly<Record<string, unknown>>;
}

function textOf(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(textOf);
  if (typeof value !== "object" || value === null) return String(value);
  return Object.fromEntries(
    Object.entries(value as Readonly<Record<string, unknown>>).map(([key, inner]) => [
      key,
      textOf(inner),
    ]),
  );
}
