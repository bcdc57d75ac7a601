// Started by `tools/fuzz.ts`: runs the cases of one target and reports over the channel of `fork`.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { JournalWriter } from "./journal.ts";
import { type Failure, Session, type SessionSettings, type Summary } from "./session.ts";
import type { FuzzTarget } from "./target.ts";

/** What the child tells its parent. */
export type Report = { readonly failure: Failure } | { readonly summary: Summary };

const settings = JSON.parse(process.argv[2] ?? "") as SessionSettings;
const { target } = (await import(pathToFileURL(settings.target).href)) as { target: FuzzTarget };

process.on("disconnect", () => process.exit(1)); // the parent is gone
const send = (report: Report): Promise<void> =>
  new Promise((resolve, reject) => {
    process.send?.(report, undefined, undefined, (error) => (error ? reject(error) : resolve()));
  });

const journal = new JournalWriter(settings.journal);
const session = new Session(target, settings, journal, (failure) => send({ failure }));
if (settings.input === undefined) await session.run();
else await session.replay(readFileSync(settings.input));
await send({ summary: session.summary });
journal.close();
process.exit(0);
