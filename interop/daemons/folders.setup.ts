/** After each file: folders of daemons go, or stay and are named if a test failed. */
import { afterAll, afterEach } from "vitest";
import { keepFolders, removeFolders } from "./folders.ts";

let hasFailed = false;

afterEach(({ task }) => {
  hasFailed ||= task.result?.state === "fail";
});

afterAll(async () => {
  if (hasFailed) console.log(keepFolders());
  else await removeFolders();
});
