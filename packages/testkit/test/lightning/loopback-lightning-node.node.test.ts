import { defaultDialer, listenTcp, NetError } from "@satwire/net";
import { LoopbackLightningNode } from "@satwire/testkit";
import { expect, test } from "vitest";
import { describeLoopbackEndings } from "./loopback-endings.suite.ts";
import { describeLoopbackNode } from "./loopback-lightning-node.suite.ts";
import type { Network } from "../support/loopback-setting.ts";

const createNetwork = (): Network => ({
  listen: listenTcp,
  dialer: defaultDialer,
  mostUnderWay: 16_000_000, // the system's buffers on both sides grow to about 10 MB
});

describeLoopbackNode("over TCP", createNetwork);
describeLoopbackEndings("over TCP", createNetwork);

test("listens at a free port of 127.0.0.1 by default, at several if asked", async () => {
  await using node = new LoopbackLightningNode();
  const [one, two] = [await node.listen(), await node.listen()];
  expect([one.address.host, two.address.host]).toEqual(["127.0.0.1", "127.0.0.1"]);
  expect(one.address.port).not.toBe(two.address.port);
});

test("passes on why it could not listen", async () => {
  await using node = new LoopbackLightningNode();
  const { address } = await node.listen();
  const failed = node.listen({ address });
  await expect(failed).rejects.toBeInstanceOf(NetError);
  await expect(failed).rejects.toMatchObject({ code: "address_in_use" });
});
