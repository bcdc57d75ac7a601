/** Addresses and blinded paths: ways to a node, as LDK's getters have them and as we do. */
import {
  type Address,
  type BlindedPath,
  bytes,
  encode,
  type SciddirOrPubkey,
  struct,
  u16,
} from "@satwire/lnwire";
import {
  type BlindedMessagePath,
  Direction,
  Hostname,
  type IntroductionNode,
  IntroductionNode_DirectedShortChannelId,
  IntroductionNode_NodeId,
  SocketAddress,
  SocketAddress_Hostname,
  SocketAddress_OnionV2,
  SocketAddress_OnionV3,
  SocketAddress_TcpIpV4,
  SocketAddress_TcpIpV6,
} from "lightningdevkit";
import { asU16, asU64, asU8, mustRead } from "./pair.ts";

export function fromSocketAddress(address: SocketAddress): Address {
  if (address instanceof SocketAddress_TcpIpV4) {
    return { type: "ipv4", address: address.addr, port: asU16(address.port) };
  }
  if (address instanceof SocketAddress_TcpIpV6) {
    return { type: "ipv6", address: address.addr, port: asU16(address.port) };
  }
  if (address instanceof SocketAddress_OnionV2) {
    // LDK does not look into these: the last two of twelve bytes are the port.
    const view = new DataView(address.onion_v2.buffer, address.onion_v2.byteOffset);
    return { type: "torv2", address: address.onion_v2.slice(0, 10), port: view.getUint16(10) };
  }
  if (address instanceof SocketAddress_OnionV3) {
    const { ed25519_pubkey: key, version, port } = address;
    const checksum = asU16(address.checksum);
    const onion = Uint8Array.of(...key, checksum >> 8, checksum & 0xff, asU8(version));
    return { type: "torv3", address: onion, port: asU16(port) };
  }
  if (address instanceof SocketAddress_Hostname) {
    return { type: "dns", hostname: address.hostname.to_str(), port: asU16(address.port) };
  }
  throw new Error("LDK has a kind of address that this test does not know");
}

const torV2 = struct<{ readonly address: Uint8Array; readonly port: number }>({
  address: bytes(10),
  port: u16,
});

/** @throws Error for an opaque address: LDK has none. */
export function toSocketAddress(address: Address): SocketAddress {
  switch (address.type) {
    case "ipv4":
      return SocketAddress.constructor_tcp_ip_v4(address.address, address.port);
    case "ipv6":
      return SocketAddress.constructor_tcp_ip_v6(address.address, address.port);
    case "torv2":
      return SocketAddress.constructor_onion_v2(encode(torV2, address));
    case "torv3": {
      const onion = address.address;
      const view = new DataView(onion.buffer, onion.byteOffset, onion.length);
      return SocketAddress.constructor_onion_v3(
        onion.slice(0, 32),
        view.getUint16(32),
        view.getUint8(34),
        address.port,
      );
    }
    case "dns": {
      const name = new TextEncoder().encode(address.hostname);
      const hostname = mustRead(Hostname, Uint8Array.of(name.length, ...name));
      return SocketAddress.constructor_hostname(hostname, address.port);
    }
    case "opaque":
      throw new Error("LDK has no opaque address");
  }
}

/** What LDK's getters say of a path. */
export const fromBlindedPath = (path: BlindedMessagePath): BlindedPath => ({
  firstNodeId: fromIntroductionNode(path.introduction_node()),
  firstPathKey: path.blinding_point(),
  path: path.blinded_hops().map((hop) => ({
    blindedNodeId: hop.get_blinded_node_id(),
    encryptedRecipientData: hop.get_encrypted_payload(),
  })),
});

function fromIntroductionNode(node: IntroductionNode): SciddirOrPubkey {
  if (node instanceof IntroductionNode_NodeId) return { type: "pubkey", pubkey: node.node_id };
  if (!(node instanceof IntroductionNode_DirectedShortChannelId)) {
    throw new Error("LDK has a kind of node that this test does not know");
  }
  const direction = node._0 === Direction.LDKDirection_NodeOne ? 0 : 1;
  return { type: "sciddir", direction, shortChannelId: asU64(node._1) };
}
