// Addresses of nodes as texts, there and back between us and bcoin, and which of them it would dial. SATWIRE_SEED repeats
// a run.
import {
  formatHostAddress,
  hostAddressOfIp,
  ipOfHostAddress,
  isRoutable,
  networkId,
  parseHostAddress,
  toHex,
} from "@satwire/btcwire";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadBcoin } from "./bitcoin-codecs/load-bcoin.ts";

interface NetAddress {
  readonly raw: Buffer;
  readonly port: number;
  readonly hostname: string;
  isRoutable(): boolean;
}
interface NetAddressClass {
  fromHostname(hostname: string, network: string): NetAddress;
  fromRaw(data: Buffer, full: boolean): NetAddress;
}
const NetAddress = loadBcoin("net/netaddress") as NetAddressClass;

const seed = Number(process.env["SATWIRE_SEED"] ?? Date.now() % 2 ** 31);
const numRuns = 3000;
const counts = { ipv4: 0, ipv6: 0, torv2: 0, routable: 0 };

beforeAll(() => console.log(`SATWIRE_SEED=${seed}`));
afterAll(() => {
  console.log(JSON.stringify(counts));
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(numRuns / 20);
});

// Both sides of what decides whether an address is one of the public network; anything follows.
const mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
const ipv4Starts: readonly (readonly number[])[] = [
  [],
  [127],
  [10],
  [11],
  [172, 15],
  [172, 16],
  [172, 31],
  [172, 32],
  [192, 168],
  [198, 17],
  [198, 18],
  [198, 19],
  [198, 20],
  [169, 254],
  [100, 63],
  [100, 64],
  [100, 127],
  [100, 128],
  [192, 0, 2],
  [198, 51, 100],
  [203, 0, 113],
  [255, 255, 255, 255],
];
const ipv6Starts: readonly (readonly number[])[] = [
  [],
  [0x20, 0x01, 0x00, 0x0f],
  [0x20, 0x01, 0x00, 0x10],
  [0x20, 0x01, 0x00, 0x2f],
  [0x20, 0x01, 0x00, 0x30],
  [0x20, 0x01, 0x0d, 0xb8],
  [0x20, 0x02],
  [0xfd],
  [0xfe, 0x80, 0, 0, 0, 0, 0, 0],
  [0xfe, 0x80, 0, 0, 0, 0, 0, 1],
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
];
const onionCat = [0xfd, 0x87, 0xd8, 0x7e, 0xeb, 0x43];
const prefixes = fc.oneof(
  fc.constantFrom(...ipv4Starts).map((start) => [...mapped, ...start]),
  fc.constantFrom(...ipv6Starts),
  fc.constant(onionCat),
);
const byte = fc.oneof(fc.constant(0), fc.nat(255));
const ips = fc
  .tuple(prefixes, fc.array(byte, { minLength: 16, maxLength: 16 }))
  .map(([prefix, bytes]) => Uint8Array.from([...prefix, ...bytes].slice(0, 16)))
  // CJDNS and Yggdrasil, which bcoin does not know.
  .filter(([first]) => first !== 0xfc && first !== 2 && first !== 3);
const ports = fc.integer({ min: 1, max: 65_535 });

test("bcoin reads our texts, we read its texts, and both dial the same", () => {
  fc.assert(
    fc.property(ips, ports, (ip, port) => {
      const ours = hostAddressOfIp(ip, port);
      const raw = Buffer.from([...new Uint8Array(8), ...ip, port >> 8, port & 255]);
      const theirs = NetAddress.fromRaw(raw, false);
      expect(theirs.isRoutable()).toBe(
        // Tor v2 is out of use: we dial none.
        ours.networkID === networkId.torv2 || isRoutable(ours),
      );
      if (isRoutable(ours)) counts.routable++;
      const read = NetAddress.fromHostname(formatHostAddress(ours), "main");
      expect([toHex(read.raw), read.port]).toEqual([toHex(ip), port]);
      if (ours.networkID === networkId.torv2) {
        counts.torv2++;
        expect(formatHostAddress(ours)).toBe(theirs.hostname);
        return;
      }
      counts[ours.networkID === networkId.ipv4 ? "ipv4" : "ipv6"]++;
      const back = parseHostAddress(theirs.hostname);
      expect(back).toEqual(ours);
      expect(ipOfHostAddress(back)).toEqual(ip);
    }),
    { seed, numRuns },
  );
});
