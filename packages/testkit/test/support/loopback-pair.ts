// Two loopback nodes that are connected over a network.
import type { Dialer, Listen } from "@satwire/net";
import {
  type LoopbackLightningConnection,
  LoopbackLightningNode,
  type LoopbackLightningNodeOptions,
} from "@satwire/testkit";

/** What tests run over: memory or TCP. */
export interface PairNetwork {
  readonly listen: Listen;
  readonly dialer: Dialer;
}

export interface LoopbackPair extends AsyncDisposable {
  /** The one that dials, and its side. */
  readonly near: LoopbackLightningNode;
  readonly nearSide: LoopbackLightningConnection;
  readonly far: LoopbackLightningNode;
  readonly farSide: LoopbackLightningConnection;
}

/** Connects two nodes, and waits for both `init`s unless told not to. */
export async function loopbackPair(
  { listen, dialer }: PairNetwork,
  nearOptions: LoopbackLightningNodeOptions = {},
  farOptions: LoopbackLightningNodeOptions = {},
): Promise<LoopbackPair> {
  const near = new LoopbackLightningNode(nearOptions);
  const far = new LoopbackLightningNode(farOptions);
  const nearSide = await near.dial(await far.listen({ listen }), { dialer });
  await nearSide.ready();
  const farSide = await far.nextConnection();
  return {
    near,
    nearSide,
    far,
    farSide,
    async [Symbol.asyncDispose]() {
      await Promise.all([near.close(), far.close()]);
    },
  };
}
