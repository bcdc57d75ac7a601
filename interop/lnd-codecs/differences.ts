/** The table of differences: every row, which of them explain a case, and how often each was seen. */
import { equalBytes } from "@satwire/lnwire";
import type { Case } from "./case.ts";
import { lndRefuses } from "./lnd-refuses.ts";
import { lndRewrites } from "./lnd-rewrites.ts";
import type { Row } from "./row.ts";
import { lndMessages, type LndMessage } from "./set.ts";
import { weRefuse } from "./we-refuse.ts";

/** Every difference. */
export const rows: readonly Row[] = [...weRefuse, ...lndRefuses, ...lndRewrites];

/** The rows that explain why the two sides differ; none if nobody has explained it yet. */
export function explain(found: Case): readonly Row[] {
  const { outcome, name, error, lnd, message } = found;
  if (outcome === "we refuse") {
    return weRefuse.filter(
      (row) => row.messages.includes(name) && row.codes.includes(error!.code) && row.is(found),
    );
  }
  if (message === undefined) return [];
  if (outcome === "lnd refuses" && !lnd.ok) {
    return lndRefuses.filter(
      (row) =>
        row.messages.includes(name) &&
        row.reason.test(lnd.reason) &&
        (row.mended === undefined ||
          (message.type !== "unknown" && row.mended(message) !== message)),
    );
  }
  if (outcome !== "lnd rewrites" || message.type === "unknown" || !lnd.ok) return [];
  const { bytes, seen } = rewritten(message, found);
  return equalBytes(bytes, lnd.bytes) ? seen : [];
}

/** What lnd should write, and the rows that say so. */
function rewritten(message: LndMessage, found: Case): { bytes: Uint8Array; seen: readonly Row[] } {
  const own = lndRewrites.filter(({ messages }) => messages.includes(message.type));
  const seen = new Set<Row>();
  let result = message;
  for (const row of own) {
    const before = result;
    result = row.rewritten(before);
    if (result !== before) seen.add(row);
  }
  let bytes: Uint8Array = lndMessages.encode(result);
  for (const row of own) {
    const patched = row.patched?.(bytes, found);
    if (patched === undefined) continue;
    bytes = patched;
    seen.add(row);
  }
  return { bytes, seen: [...seen] };
}

/** The nearest message that lnd takes and writes as it is. */
export function plain(message: LndMessage): LndMessage {
  let result = message;
  for (const row of lndRefuses) {
    if (row.messages.includes(message.type)) result = row.mended?.(result) ?? result;
  }
  for (const row of lndRewrites) {
    if (!row.messages.includes(message.type)) continue;
    result = row.plain === undefined ? row.rewritten(result) : row.plain(result);
  }
  return result;
}
