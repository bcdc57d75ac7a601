// What btcd does with messages that are wrong: see the tables in docs/interop.md.
import { readFile } from "node:fs/promises";
import {
  bitcoinMessages,
  blockHeader,
  decode,
  equalBytes,
  formatHash,
  fromHex,
  inventoryType,
  networks,
  parseHash,
  rejectCode,
  V2Transport,
} from "@satwire/btcwire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contentRows } from "./btcd-malformed/content-rows.ts";
import { frameOf, listOf } from "./btcd-malformed/frame.ts";
import { frameRows } from "./btcd-malformed/frame-rows.ts";
import { handshakeRows } from "./btcd-malformed/handshake-rows.ts";
import { payloadRows } from "./btcd-malformed/payload-rows.ts";
import { CraftedTransport } from "./btcd-malformed/crafted-transport.ts";
import { packetRows } from "./btcd-malformed/packet-rows.ts";
import { describeReading, type Facts, readingOf, type Row } from "./btcd-malformed/row.ts";
import type { RawBitcoinConnection } from "@satwire/testkit";
import { type Btcd, startBtcd } from "./daemons/btcd.ts";
import { connect, counted, dial, dialling, join } from "./bitcoin-peer/connect.ts";
import { type Greeting, greet, hearGreeting, ourVersion } from "./bitcoin-peer/greeting.ts";
import { hasGo, versionOf } from "./daemons/provided.ts";

/** One more than the longest range that is asked for. */
const height = 2001;
const rows = [...handshakeRows, ...frameRows, ...payloadRows, ...contentRows];

type Cells = Pick<Row, "what" | "btcd" | "core" | "ours">;
const isLater = ({ when }: Row): boolean => when === "later";
/** The tables of docs/interop.md, by the line in front of each. */
const tables: Readonly<Record<string, readonly Cells[]>> = {
  "In front of `version`:": rows.filter(({ when }) => when === "first"),
  "Between `version` and `verack`:": rows.filter(({ when }) => when === "handshake"),
  "Behind `verack`, messages of the handshake:": handshakeRows.filter(isLater),
  "Behind `verack`, frames:": frameRows.filter(isLater),
  "Behind `verack`, payloads:": payloadRows,
  "Behind `verack`, messages that are well-formed:": contentRows,
  "Behind `verack`, packets of BIP 324:": [...packetRows.harmless, ...packetRows.fatal],
};

describe.runIf(hasGo)("malformed messages", () => {
  let btcd: Btcd;
  let withoutBloom: Btcd;
  let encrypted: Btcd;
  let facts: Facts;

  beforeAll(async () => {
    console.log(versionOf("btcd"));
    [btcd, withoutBloom, encrypted] = await Promise.all([
      startBtcd({ args: ["--nobanning"] }),
      startBtcd({ args: ["--nobanning", "--nopeerbloomfilters"] }),
      startBtcd({ v2: true, args: ["--nobanning"] }),
    ]);
    const hashes = (await btcd.mine(height)).map(parseHash);
    const tip = await btcd.call<string>("getblockheader", formatHash(hashes.at(-1)!), false);
    await using peer = await connect(btcd);
    const { version } = await greet(peer);
    facts = {
      hashes: [networks.simnet.genesisHash, ...hashes],
      tip: decode(blockHeader, fromHex(tip)),
      nonce: version.nonce!,
    };
  });
  afterAll(async () => {
    await btcd?.[Symbol.asyncDispose]();
    await withoutBloom?.[Symbol.asyncDispose]();
    await encrypted?.[Symbol.asyncDispose]();
  });

  test.each(rows)("$when: $what: $btcd", async (row) => {
    const to = row.isWithoutBloom === true ? withoutBloom : btcd;
    await using peer = await connect(to);
    const seen = await observe(to, peer, row, facts);
    expect(seen).toBe(row.btcd === "takes it" ? "ignores" : row.btcd);
  });

  // From one address btcd takes four connections of BIP 324 at once, and then two per second.
  test("packets", async () => {
    const open = async (): Promise<[RawBitcoinConnection, CraftedTransport]> => {
      const transport = new CraftedTransport();
      const peer = await dial(encrypted, transport);
      await counted(encrypted, await greet(peer));
      return [peer, transport];
    };
    const [first, transport] = await open();
    await using _ = first;
    for (const { what, bytes, btcd } of packetRows.harmless) {
      first.sendBytes(bytes(transport));
      await proveAlive(first);
      expect([what, effectOf(first)]).toStrictEqual([what, btcd]);
      first.takeEvents();
    }
    for (const { what, bytes, btcd } of packetRows.fatal) {
      const [peer, transport] = await open();
      await using _ = peer;
      peer.sendBytes(bytes(transport));
      await peer.ended();
      expect([what, [...heard(peer), "hangs up"].join(", ")]).toStrictEqual([what, btcd]);
    }
  });

  test("on regtest what is malformed ends nothing, and an empty addr does", async () => {
    await using regtest = await startBtcd({ network: "regtest" });
    const open = async (): Promise<RawBitcoinConnection> => {
      const peer = await dial(regtest, dialling("v1", "regtest"));
      await counted(regtest, await greet(peer));
      return peer;
    };
    await using patient = await open();
    const { magic } = networks.regtest;
    patient.sendBytes(frameOf("ping", new Uint8Array(8), { magic, hasWrongChecksum: true }));
    patient.sendBytes(frameOf("feefilter", new Uint8Array(9), { magic }));
    patient.sendBytes(frameOf("inv", listOf(50_001, new Uint8Array(36)), { magic }));
    await proveAlive(patient);
    expect(heard(patient)).toStrictEqual([]);
    for (const type of ["addr", "addrv2"] as const) {
      await using peer = await open();
      peer.send({ type, addresses: [] });
      await peer.ended();
      expect(heard(peer)).toStrictEqual([]);
    }
  });

  test("nine connections that say nothing: one more than btcd has for an address", async () => {
    const silent = await Promise.all(Array.from({ length: 9 }, () => connect(btcd)));
    try {
      await Promise.race(silent.map((peer) => peer.ended()));
      const [speaker, ...others] = silent.filter(({ ending }) => ending === undefined);
      expect(others).toHaveLength(7);
      // Who says verack makes room for another.
      await counted(btcd, await greet(speaker!));
      await using another = await join(btcd);
      expect(another.ending).toBeUndefined();
    } finally {
      for (const peer of silent) await peer[Symbol.asyncDispose]();
    }
  });

  test("many v2 connections at once: btcd says nothing and hangs up, like a node of v1", async () => {
    const all = Array.from({ length: 30 }, () => dialling("v2"));
    let hungUp = 0;
    for (const transport of all) {
      try {
        await using peer = await dial(encrypted, transport);
        expect(peer.isEstablished).toBe(true);
      } catch {
        expect(transport.shouldRetryV1).toBe(true);
        hungUp++;
      }
    }
    expect(hungUp).toBeGreaterThan(0);
  });
});

test.each(Object.entries(tables))("docs/interop.md: %s", async (title, expected) => {
  const docs = await readFile(new URL("../docs/interop.md", import.meta.url), "utf8");
  const lines = docs.split("\n");
  // Behind the title come an empty line, the names of the columns and a line of dashes.
  const below = lines.slice(lines.indexOf(title) + 4);
  const table = below.slice(
    0,
    below.findIndex((line) => !line.startsWith("|")),
  );
  const found = table.flatMap((line) => {
    const [, whats = "", ...cells] = line.split("|").map((cell) => cell.trim());
    return whats.split("; ").map((what) => [what, ...cells.slice(0, -1)].join(" | "));
  });
  const cells = expected.map(({ what, btcd, core, ours }) => [what, btcd, core, ours].join(" | "));
  expect(found.toSorted()).toStrictEqual(cells.toSorted());
});

describe("what we make of the same bytes", () => {
  const facts: Facts = {
    hashes: Array.from({ length: height + 1 }, () => networks.simnet.genesisHash),
    tip: networks.simnet.genesis,
    nonce: 1n,
  };

  test.each(rows)("$when: $what: $ours", (row) => {
    expect(readingOf(row.bytes(facts))).toBe(row.ours);
  });

  test.each([...packetRows.harmless, ...packetRows.fatal])("v2: $what: $ours", (row) => {
    const options = { network: networks.simnet, messages: bitcoinMessages };
    const them = new CraftedTransport();
    const us = V2Transport.responder({ ...options, malformed: "report" });
    us.push(them.push(us.push(them.open()!).reply!).reply!);
    expect(describeReading(us.push(row.bytes(them)))).toBe(row.ours);
  });
});

/** What comes of a row: all that is said, and whether the connection ends. */
async function observe(
  btcd: Btcd,
  peer: RawBitcoinConnection,
  row: Row,
  facts: Facts,
): Promise<string> {
  const { when, before, isVersion = false } = row;
  const hangsUp = row.btcd.endsWith("hangs up");
  let greeting: Greeting | undefined;
  if (when === "later") {
    greeting = await greet(peer);
    await counted(btcd, greeting);
  } else if (when === "handshake") {
    peer.send(ourVersion());
    greeting = await hearGreeting(peer);
  }
  if (before !== undefined) peer.sendBytes(before(facts));
  peer.sendBytes(row.bytes(facts));
  if (hangsUp) {
    await peer.ended();
    return [...heard(peer), "hangs up"].join(", ");
  }
  if (when !== "later") {
    if (greeting === undefined) greeting = isVersion ? await hearGreeting(peer) : await greet(peer);
    if (isVersion || when === "handshake") peer.send({ type: "verack" });
    await counted(btcd, greeting);
  }
  await proveAlive(peer, row);
  return effectOf(peer);
}

function effectOf(peer: RawBitcoinConnection): string {
  const said = heard(peer);
  return said.length === 0 ? "ignores" : `answers ${said.join(", ")}`;
}

/**
 * btcd reads on: it wants what we announce, and answers a ping. Announcements wait in line behind all else that it
 * passes on to those who look at headers, blocks and transactions.
 */
async function proveAlive(
  peer: RawBitcoinConnection,
  { isWithoutPong = false }: Partial<Row> = {},
): Promise<void> {
  const hash = crypto.getRandomValues(new Uint8Array(32));
  peer.send({ type: "inv", inventory: [{ type: inventoryType.tx, hash }] });
  await peer.take("getdata", ({ inventory }) => equalBytes(inventory[0]!.hash, hash));
  if (!isWithoutPong) await peer.sync();
}

/** What has come and was not taken. */
function heard(peer: RawBitcoinConnection): string[] {
  return peer.events.flatMap((event) => {
    if (event.type !== "message") return event.type === "ready" ? [] : event.type;
    const { message } = event;
    if (message.type !== "reject") return `\`${message.type}\``;
    const [name] = Object.entries(rejectCode).find(([, code]) => code === message.code) ?? [];
    return `\`reject\` ${name}`;
  });
}
