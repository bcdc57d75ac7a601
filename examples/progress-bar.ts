import { SingleBar } from "cli-progress";

/** A bar that counts `things`; one line a second where there is no terminal. Start it when the total is known. */
export function progressBar(things: string): SingleBar {
  return new SingleBar({
    format: `  {bar} {value}/{total} ${things}, {duration} s`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 1000,
  });
}
