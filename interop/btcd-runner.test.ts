/** The runner of daemons itself, with btcd: free ports, fresh folders, failures with logs, and nothing left running. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { startBtcd } from "./daemons/btcd.ts";
import { ask, Daemon } from "./daemons/daemon.ts";
import { keepFolders, makeFolder, removeFolders } from "./daemons/folders.ts";
import { freePort } from "./daemons/free-port.ts";
import { Lines } from "./daemons/lines.ts";
import { goPrograms, hasGo, versionOf } from "./daemons/provided.ts";

const run = promisify(execFile);

/** Does what `Daemon` does, in a process that can be killed. */
const parentScript = `
  require("node:child_process").spawn(process.argv[1], process.argv.slice(2), {
    stdio: ["pipe", "ignore", "ignore"],
  });
  setInterval(() => {}, 60_000);
`;

describe.runIf(hasGo)("the runner of daemons", () => {
  const parents: ChildProcess[] = [];
  afterAll(() => {
    for (const parent of parents) parent.kill("SIGKILL"); // after a failure
  });

  test("two at once, each with ports and a folder of its own; then they are gone", async () => {
    console.log(versionOf("btcd"));
    const nodes = await Promise.all([startBtcd(), startBtcd()]);
    const ports = nodes.flatMap(({ port, rpc }) => [port, rpc.port]);
    expect(new Set(ports).size).toBe(4);
    const folders = nodes.map(({ rpc }) => dirname(rpc.certificate));
    expect(new Set(folders).size).toBe(2);
    for (const node of nodes) expect(await node.call<number>("getblockcount")).toBe(0);
    await nodes[0]!.mine(2);
    expect(await nodes[1]!.call<number>("getblockcount")).toBe(0);
    for (const port of ports) expect(await isOpen(port)).toBe(true);
    for (const folder of folders) expect(await processesOf(folder)).not.toEqual([]);

    await Promise.all(nodes.map((node) => node[Symbol.asyncDispose]()));
    for (const folder of folders) expect(await processesOf(folder)).toEqual([]);
    for (const port of ports) expect(await isOpen(port)).toBe(false);
    await nodes[0]![Symbol.asyncDispose](); // once more is no error
  });

  test("a start that fails says how the log ends, and leaves nothing", async () => {
    const error = await startBtcd({ args: ["--no-such-flag"] }).catch((error: Error) => error);
    if (!(error instanceof Error)) throw new Error("it started");
    expect(error.message).toMatch(/^btcd ended\n--- the end of \S+\/btcd\.log\n/);
    expect(error.message).toContain("unknown flag `no-such-flag'");
    const [, log = ""] = /the end of (\S+)/.exec(error.message) ?? [];
    expect(existsSync(log)).toBe(true);
    expect(await processesOf(dirname(log))).toEqual([]);
  });

  test("a program that does not become ready is ended", async () => {
    const folder = await makeFolder("btcd");
    const program = goPrograms()["btcd/btcd"]!;
    const daemon = new Daemon({ program, args: await btcdArgs(folder, await freePort()), folder });
    const ready = daemon.ready(() => Promise.reject(new Error("not yet")), { timeoutMs: 500 });
    await expect(ready).rejects.toMatchObject({
      message: "btcd to be ready: not within 500 ms",
      cause: { message: "not yet" },
    });
    expect(await processesOf(folder)).toEqual([]);
  });

  test("a question without an answer is given up, and one that throws is asked again", async () => {
    const unanswered = ask("it to be so", () => new Promise<never>(() => {}), { timeoutMs: 100 });
    await expect(unanswered).rejects.toMatchObject({
      message: "it to be so: not within 100 ms",
      cause: { message: "the last question had no answer" },
    });
    let asked = 0;
    const late = ask("it to be so", () => {
      if (++asked < 3) throw new Error("not yet");
      return asked;
    });
    expect(await late).toBe(3);
  });

  test("waiting for a line of the log ends with the program", async () => {
    const folder = await makeFolder("btcd");
    const program = goPrograms()["btcd/btcd"]!;
    await using daemon = new Daemon({ program, args: ["--no-such-flag"], folder });
    expect(await daemon.logged(/unknown flag/)).not.toBeNull();
    await expect(daemon.logged(/never said/)).rejects.toThrow(/^btcd ended\n---/);
  });

  test("a small program that ends, or is not there, is an error for who waits for it", async () => {
    await using program = new Lines(goPrograms()["btcd/v2transport"]!);
    const waiting = program.take();
    program.say({ id: "no number" });
    await expect(waiting).rejects.toThrow(/^v2transport ended: json: cannot unmarshal/);
    await expect(program.take()).rejects.toThrow(/^v2transport ended/);
    await using missing = new Lines(join(await makeFolder("none"), "missing"));
    await expect(missing.take()).rejects.toThrow(/ENOENT/);
  });

  test.for(["SIGKILL", "SIGINT"] as const)(
    "%s for the process that started it ends btcd too",
    async (signal) => {
      const folder = await makeFolder("btcd");
      const port = await freePort();
      const { "common/leash": leash, "btcd/btcd": btcd } = goPrograms();
      const command = [leash!, "20", btcd!, ...(await btcdArgs(folder, port))];
      const parent = spawn(process.execPath, ["-e", parentScript, ...command], {
        detached: true, // a group of its own, as in a terminal
        stdio: "ignore",
      });
      parents.push(parent);
      const ended = once(parent, "exit");
      await ask("btcd to listen", async () => (await isOpen(port)) || undefined);
      expect((await processesOf(folder)).length).toBe(3); // the parent names it too
      // Ctrl-C goes to the whole group.
      process.kill(signal === "SIGINT" ? -parent.pid! : parent.pid!, signal);
      await ended;
      await ask("btcd to end", async () =>
        (await processesOf(folder)).length === 0 ? true : undefined,
      );
      expect(await isOpen(port)).toBe(false);
    },
  );

  test("the leash kills a program that does not end in order", async () => {
    const stubborn = `trap "" TERM; echo ready; while :; do sleep 0.1; done`;
    const leash = spawn(goPrograms()["common/leash"]!, ["1", "sh", "-c", stubborn], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const ended = once(leash, "exit");
    await once(leash.stdout, "data");
    leash.stdin.end();
    await ended;
    expect(leash.exitCode).not.toBe(0);
  });

  test("folders are removed, or kept with the ends of their logs", async () => {
    await removeFolders(); // those of the tests before
    const gone = await makeFolder("gone");
    await removeFolders();
    expect(existsSync(gone)).toBe(false);

    const kept = await makeFolder("kept");
    const lines = Array.from({ length: 30 }, (_, i) => `line ${i}.`);
    await writeFile(join(kept, "it.log"), `${lines.join("\n")}\n`);
    await writeFile(join(kept, "data"), "no log");
    const text = keepFolders();
    expect(text).toBe(`--- the end of ${join(kept, "it.log")}\n${lines.slice(5).join("\n")}`);
    await removeFolders();
    expect(existsSync(kept)).toBe(true);
    await rm(kept, { recursive: true });
  });

  test("no port is given twice, and none that is in use", async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));
    expect(new Set(ports).size).toBe(50);
    for (const port of ports) expect(await isOpen(port)).toBe(false);
  });
});

/** Of a btcd that listens to peers alone. */
async function btcdArgs(folder: string, port: number): Promise<readonly string[]> {
  const configuration = join(folder, "btcd.conf");
  await writeFile(configuration, "");
  return [
    "--simnet",
    "--norpc",
    `--configfile=${configuration}`,
    `--datadir=${join(folder, "data")}`,
    `--logdir=${join(folder, "logs")}`,
    `--listen=127.0.0.1:${port}`,
  ];
}

/** Processes with the folder in their command lines. */
async function processesOf(folder: string): Promise<readonly string[]> {
  const { stdout } = await run("ps", ["-A", "-ww", "-o", "args="]);
  return stdout.split("\n").filter((line) => line.includes(folder));
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
