/** Folders of daemons: gone when all is well, kept with their logs when something failed. */
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders: string[] = [];
const lastLines = 25;

/** A fresh folder among the system's temporary ones, e.g. `satwire-lnd-x1y2z3`. */
export async function makeFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `satwire-${name}-`));
  folders.push(folder);
  return folder;
}

/** Removes all folders that were made; their daemons have ended. */
export async function removeFolders(): Promise<void> {
  await Promise.all(folders.splice(0).map((path) => rm(path, { recursive: true, force: true })));
}

/** Keeps the folders, and says where they are and how their logs end. */
export function keepFolders(): string {
  return folders.splice(0).map(describeFolder).join("\n");
}

/** Where a folder is, and the last lines of each log in it. */
export function describeFolder(folder: string): string {
  const logs = readdirSync(folder).filter((file) => file.endsWith(".log"));
  const ends = logs.map((file) => {
    const lines = readFileSync(join(folder, file), "utf8").trimEnd().split("\n");
    return `--- the end of ${join(folder, file)}\n${lines.slice(-lastLines).join("\n")}`;
  });
  return ends.join("\n");
}
