// SimplePeer keeps every promise of P2PConnection, dialled in memory.
import { SimplePeer } from "@satwire/lnp2p";
import type { LightningMessage } from "@satwire/lnwire";
import { MemoryNetwork, parseHostPort } from "@satwire/net";
import { Conditions, LoopbackLightningNode } from "@satwire/testkit";
import { describePeerConnection } from "@satwire/testkit/compliance";
import { describe, it } from "vitest";

describePeerConnection(
  {
    name: "SimplePeer",
    async create() {
      const network = new MemoryNetwork();
      const received: LightningMessage[] = [];
      const conditions = new Conditions();
      const node = new LoopbackLightningNode({
        onMessage(message) {
          received.push(message);
          conditions.recheck();
        },
      });
      const address = parseHostPort("node.example:9735");
      const target = await node.listen({ listen: network.listen, address });
      const connection = new SimplePeer({ target, dialer: network.dialer });
      const theirs = (): LoopbackLightningNode["connections"][number] => {
        const [first] = node.connections;
        if (first === undefined) throw new Error("nobody is connected");
        return first;
      };
      const take = (type: string): LightningMessage | undefined => {
        const index = received.findIndex((message) => message.type === type);
        return index < 0 ? undefined : received.splice(index, 1)[0];
      };
      return {
        connection,
        remote: {
          send: (message) => void theirs().send(message),
          next: (type) => conditions.find(() => take(type), type),
          end: () => theirs().end(),
          reset: () => theirs().destroy(),
        },
        async dispose() {
          await connection.close();
          await node.close();
        },
      };
    },
  },
  { describe, it },
);
