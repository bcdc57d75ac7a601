import { encodeMessage } from "@satwire/lnwire";
import { memoryPair } from "@satwire/net";
import { newTestKeyPair, RawLightningConnection, withFaults } from "@satwire/testkit";
import { faultPlans, lightningMessages } from "@satwire/testkit/fast-check";
import fc from "fast-check";
import { expect, test } from "vitest";

const { publicKey: remoteKey, privateKey: localKey } = newTestKeyPair();
const plans = faultPlans({ kind: "harmless", maxMs: 10 });

test("a message arrives as it was sent, however its bytes are cut", () =>
  fc.assert(
    fc.asyncProperty(lightningMessages(), plans, async (message, plan) => {
      const [near, far] = memoryPair();
      await using sender = RawLightningConnection.initiate(withFaults(near, plan), { remoteKey });
      await using receiver = RawLightningConnection.respond(far, { localKey });
      sender.send(message);
      expect(await receiver.takeFrame()).toEqual(encodeMessage(message));
    }),
    { numRuns: 10 },
  ));
