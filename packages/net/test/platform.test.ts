import { describe, expect, test } from "vitest";
import * as net from "../src/index.ts";
import * as withoutTcp from "../src/platform.ts";
import { rejectionOf } from "./failure.ts";

const target = net.parseHostPort("127.0.0.1:9735");
const inNode = "process" in globalThis;

test("exports what the README lists", () => {
  expect(Object.keys(net).sort()).toEqual([
    "FramedStream",
    "MemoryNetwork",
    "NetError",
    "StreamTurns",
    "afterEventLoop",
    "callOwner",
    "defaultDialer",
    "destroyError",
    "formatHostPort",
    "formatIp",
    "listenTcp",
    "memoryPair",
    "parseHostPort",
    "parseIp",
    "startError",
    "tcpDialer",
    "writeError",
  ]);
});

describe("a platform without TCP", () => {
  // In a browser the package itself is one: there `#platform` is that module.
  const platforms = inNode ? { module: withoutTcp } : { module: withoutTcp, package: net };
  for (const [title, platform] of Object.entries(platforms)) {
    test(`rejects with no_dialer (${title})`, async () => {
      const noDialer = { name: "NetError", code: "no_dialer", address: "127.0.0.1:9735" };
      expect(await rejectionOf(platform.defaultDialer(target))).toMatchObject({
        ...noDialer,
        message: "pass a dialer: this platform has no TCP",
      });
      expect(await rejectionOf(platform.tcpDialer({ keepAliveMs: 1 })(target))).toMatchObject(
        noDialer,
      );
      expect(await rejectionOf(platform.listenTcp(target, () => {}))).toMatchObject(noDialer);
    });
  }
});
