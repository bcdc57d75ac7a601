/** After each file: folders of daemons go, or stay and are named if something failed. */
import { afterAll } from "vitest";
import { keepFolders, removeFolders } from "./folders.ts";

interface Task {
  readonly result?: { readonly state: string };
  readonly tasks?: readonly Task[];
}

/** Of tests, and of what runs before and after them. */
const hasFailed = ({ result, tasks = [] }: Task): boolean =>
  result?.state === "fail" || tasks.some(hasFailed);

// The empty pattern is vitest's way to say that nothing of the context is wanted.
// oxlint-disable-next-line no-empty-pattern
afterAll(async ({}, file) => {
  if (hasFailed(file)) console.log(keepFolders());
  else await removeFolders();
});
