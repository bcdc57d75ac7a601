import { V1Transport } from "@satwire/btcwire";
import { describe, it } from "vitest";
import { describeBitcoinTransport } from "../../src/compliance/index.ts";
import { bitcoinOptions, v2Initiator, v2Responder } from "../support/fixed-sessions.ts";

describeBitcoinTransport(
  {
    name: "v1",
    createPair: (more) => ({
      protocol: "v1",
      transports: [
        new V1Transport({ ...bitcoinOptions, ...more }),
        new V1Transport({ ...bitcoinOptions, ...more }),
      ],
    }),
  },
  { describe, it },
);

describeBitcoinTransport(
  {
    name: "v2",
    createPair: (more) => ({
      protocol: "v2",
      transports: [v2Initiator(more), v2Responder(more)],
    }),
  },
  { describe, it },
);

describeBitcoinTransport(
  {
    name: "v2 with a peer of v1",
    createPair: (more) => ({
      protocol: "v1",
      transports: [new V1Transport({ ...bitcoinOptions, ...more }), v2Responder(more)],
    }),
  },
  { describe, it },
);
