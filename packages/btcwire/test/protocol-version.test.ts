import { expect, test } from "vitest";
import {
  latestProtocolVersion,
  minimumProtocolVersion,
  negotiatedVersion,
  type ProtocolFeature,
  protocolVersion,
  supports,
} from "../src/protocol-version.ts";

test("the milestones are those of the reference node and of the BIPs", () => {
  expect(protocolVersion).toEqual({
    addresses: 209,
    addressTime: 31402,
    getheaders: 31800,
    pong: 60001,
    mempool: 60002,
    filterload: 70001,
    reject: 70002,
    bloomService: 70011,
    sendheaders: 70012,
    feefilter: 70013,
    sendcmpct: 70014,
    unvalidatedCompactBlocks: 70015,
    wtxidrelay: 70016,
    sendaddrv2: 70016,
    feature: 70017,
  });
  expect(minimumProtocolVersion).toBe(31800);
  expect(latestProtocolVersion).toBe(Math.max(...Object.values(protocolVersion)));
});

test.each(Object.entries(protocolVersion) as [ProtocolFeature, number][])(
  "%s comes with %i",
  (feature, version) => {
    expect(supports(version - 1, feature)).toBe(false);
    expect(supports(version, feature)).toBe(true);
    expect(supports(version + 1, feature)).toBe(true);
  },
);

test("two nodes talk in the lower version", () => {
  expect(negotiatedVersion(70016, 70001)).toBe(70001);
  expect(negotiatedVersion(70016, 70017)).toBe(70016);
  expect(negotiatedVersion(70016, -1)).toBe(-1);
});
