import { expect, test } from "vitest";
import {
  hasAnyService,
  hasServices,
  serviceFlag,
  serviceNamesOf,
  servicesOf,
} from "../src/service-flags.ts";

test("the bits are those of the reference node and of the BIPs", () => {
  expect(serviceFlag).toEqual({
    network: 1n << 0n,
    getUtxo: 1n << 1n,
    bloom: 1n << 2n,
    witness: 1n << 3n,
    xthin: 1n << 4n,
    compactFilters: 1n << 6n,
    networkLimited: 1n << 10n,
    p2pV2: 1n << 11n,
  });
});

test("names become bits", () => {
  expect(servicesOf()).toBe(0n);
  expect(servicesOf("network", "witness")).toBe(9n);
  expect(servicesOf("networkLimited", "p2pV2", "compactFilters", "witness", "p2pV2")).toBe(0xc48n);
});

test("bits become names, lowest first", () => {
  expect(serviceNamesOf(0n)).toEqual([]);
  expect(serviceNamesOf(0xc48n)).toEqual(["witness", "compactFilters", "networkLimited", "p2pV2"]);
  expect(serviceNamesOf(0x8000_0000_0100_0021n)).toEqual(["network", "bit5", "bit24", "bit63"]);
  expect(serviceNamesOf(2n ** 64n - 1n)).toHaveLength(64);
  expect(serviceNamesOf(2n ** 64n)).toEqual([]);
});

test("all bits are asked for, or any", () => {
  expect(hasServices(0x9n, 0x9n)).toBe(true);
  expect(hasServices(0x449n, 0x9n)).toBe(true);
  expect(hasServices(0x8n, 0x9n)).toBe(false);
  expect(hasServices(0x0n, 0x0n)).toBe(true);
  expect(hasAnyService(0x8n, 0x9n)).toBe(true);
  expect(hasAnyService(0x6n, 0x9n)).toBe(false);
  expect(hasAnyService(0x6n, 0x0n)).toBe(false);
});
