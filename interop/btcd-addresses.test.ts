// What btcd keeps of addr and addrv2, and how it tells of it: on regtest, as on simnet it does neither.
import {
  formatHostAddress,
  hostAddressOfIp,
  ipOfHostAddress,
  type KnownMessage,
  type NetAddressV2,
  networkId,
  type TimedNetAddress,
} from "@satwire/btcwire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gossipAddresses } from "./btcd-chain/gossip-addresses.ts";
import type { RawBitcoinConnection } from "@satwire/testkit";
import { type Btcd, startBtcd } from "./daemons/btcd.ts";
import { dial, dialling, type Protocol } from "./bitcoin-peer/connect.ts";
import { greet } from "./bitcoin-peer/greeting.ts";
import { hasGo, versionOf } from "./daemons/provided.ts";

/** Of all addresses that it has, btcd tells about as many percent. */
const toldPercent = 23;

describe.runIf(hasGo)("addresses in btcd", () => {
  let btcd: Btcd;
  const old = gossipAddresses({ ipv4: 60, ipv6: 60 });
  const inV2 = gossipAddresses({ ipv4: 60, ipv6: 60, torv3: 100, torv2: 100 });
  const dropped = gossipAddresses({ i2p: 20, cjdns: 20, yggdrasil: 20, private: 20 });
  const kept = new Map([...old, ...inV2].map((address) => [formatHostAddress(address), address]));

  beforeAll(async () => {
    console.log(versionOf("btcd"));
    // With a peer to connect to, though there is none, it does not dial what we tell it about.
    btcd = await startBtcd({ network: "regtest", v2: true, args: ["--connect=127.0.0.1:1"] });
    await using v1 = await connect("v1");
    v1.send({ type: "addr", addresses: old.map(toLegacy) });
    await v1.sync();
    await using v2 = await connect("v2");
    v2.send({ type: "addrv2", addresses: [...inV2, ...dropped] });
    await v2.sync();
  });
  afterAll(() => btcd?.[Symbol.asyncDispose]());

  async function connect(
    protocol: Protocol,
    wishes: readonly KnownMessage[] = [],
  ): Promise<RawBitcoinConnection> {
    const peer = await dial(btcd, dialling(protocol, "regtest"));
    await greet(peer, { wishes });
    return peer;
  }

  test.each(["v1", "v2"] as const)(
    "sendaddrv2 over %s: addrv2, all that it keeps",
    async (protocol) => {
      await using peer = await connect(protocol, [{ type: "sendaddrv2" }]);
      peer.send({ type: "getaddr" });
      const { addresses } = await peer.take("addrv2");
      expect(addresses).toHaveLength(Math.floor((kept.size * toldPercent) / 100));
      for (const address of addresses) {
        expect(kept.get(formatHostAddress(address))).toStrictEqual(address);
      }
      const networks = new Set(addresses.map(({ networkID }) => networkID));
      const { ipv4, ipv6, torv2, torv3 } = networkId;
      expect(networks).toStrictEqual(new Set([ipv4, ipv6, torv2, torv3]));
    },
  );

  test.each(["v1", "v2"] as const)("without it over %s: addr, without Tor v3", async (protocol) => {
    await using peer = await connect(protocol);
    peer.send({ type: "getaddr" });
    const { addresses } = await peer.take("addr");
    for (const address of addresses) {
      const known = kept.get(formatHostAddress(hostAddressOfIp(address.ip, address.port)));
      expect(known && toLegacy(known)).toStrictEqual(address);
    }
    expect(addresses.length).toBeGreaterThan(0);
    expect(addresses.length).toBeLessThan(Math.floor((kept.size * toldPercent) / 100));
  });

  test("once per connection, and not what the peer has said itself", async () => {
    await using peer = await connect("v1", [{ type: "sendaddrv2" }]);
    peer.send({ type: "addrv2", addresses: [...kept.values()] });
    peer.send({ type: "getaddr" });
    peer.send({ type: "getaddr" });
    await peer.sync();
    expect(peer.events.filter((event) => event.type === "message")).toStrictEqual([]);
  });

  test("what is seen in the future was seen five days ago", async () => {
    const day = 24 * 60 * 60;
    const now = Math.floor(Date.now() / 1000);
    const late = [...kept.values()].map((address) => ({ ...address, time: now + day }));
    const fresh = gossipAddresses({ ipv4: 100 }).map((one) => ({ ...one, time: now + day }));
    await using peer = await connect("v1");
    peer.send({ type: "addrv2", addresses: [...late, ...fresh] });
    await peer.sync();
    await using other = await connect("v1", [{ type: "sendaddrv2" }]);
    other.send({ type: "getaddr" });
    const { addresses } = await other.take("addrv2");
    const keys = new Set(fresh.map(formatHostAddress));
    const found = addresses.filter((address) => keys.has(formatHostAddress(address)));
    expect(found.length).toBeGreaterThan(0);
    for (const { time } of found) expect(Math.abs(time - (now - 5 * day))).toBeLessThan(60);
  });
});

function toLegacy({ time, services, ...address }: NetAddressV2): TimedNetAddress {
  return { time, services, ip: ipOfHostAddress(address)!, port: address.port };
}
