/** BOLT 1 and the onion message of BOLT 4. */
import * as ln from "@satwire/lnwire";
import {
  ErrorMessage,
  Init,
  InitFeatures,
  OnionMessage,
  Option_CVec_ThirtyTwoBytesZZ,
  Option_SocketAddressZ,
  Packet,
  Ping,
  Pong,
  type SocketAddress,
  WarningMessage,
} from "lightningdevkit";
import { fromSocketAddress, toSocketAddress } from "./addresses.ts";
import { fromChannelId, fromFeatures, lengthPrefixed, toChannelId } from "./fields.ts";
import { asU16, asU8, mustRead, optional, type Pair, pair } from "./pair.ts";

const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

// LDK keeps no more of the ignored bytes than how many they are.
const zeros = (length: number): Uint8Array => new Uint8Array(asU16(length));

export const controlPairs: readonly Pair[] = [
  // LDK has one vector of features and writes `globalfeatures` anew.
  pair<ln.Init, Init, "globalfeatures">(ln.init, Init, {
    hidden: ["globalfeatures"],
    fields(message) {
      const address = optional<SocketAddress>(message.get_remote_network_address());
      return {
        features: fromFeatures(message.get_features()),
        networks: optional<Uint8Array[]>(message.get_networks()),
        remoteAddr: address && fromSocketAddress(address),
      };
    },
    make: ({ features, networks, remoteAddr }) =>
      Init.constructor_new(
        mustRead(InitFeatures, lengthPrefixed(features)),
        networks === undefined
          ? Option_CVec_ThirtyTwoBytesZZ.constructor_none()
          : Option_CVec_ThirtyTwoBytesZZ.constructor_some([...networks]),
        remoteAddr === undefined
          ? Option_SocketAddressZ.constructor_none()
          : Option_SocketAddressZ.constructor_some(toSocketAddress(remoteAddr)),
      ),
  }),
  pair<ln.ErrorMessage, ErrorMessage>(ln.error, ErrorMessage, {
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      data: utf8.encode(message.get_data()),
    }),
    make: ({ channelId, data }) =>
      ErrorMessage.constructor_new(toChannelId(channelId), text.decode(data)),
  }),
  pair<ln.Warning, WarningMessage>(ln.warning, WarningMessage, {
    fields: (message) => ({
      channelId: fromChannelId(message.get_channel_id()),
      data: utf8.encode(message.get_data()),
    }),
    make: ({ channelId, data }) =>
      WarningMessage.constructor_new(toChannelId(channelId), text.decode(data)),
  }),
  pair<ln.Ping, Ping>(ln.ping, Ping, {
    fields: (message) => ({
      numPongBytes: asU16(message.get_ponglen()),
      ignored: zeros(message.get_byteslen()),
    }),
    make: ({ numPongBytes, ignored }) => Ping.constructor_new(numPongBytes, ignored.length),
  }),
  pair<ln.Pong, Pong>(ln.pong, Pong, {
    fields: (message) => ({ ignored: zeros(message.get_byteslen()) }),
    make: ({ ignored }) => Pong.constructor_new(ignored.length),
  }),
  pair<ln.OnionMessage, OnionMessage>(ln.onionMessage, OnionMessage, {
    fields(message) {
      const packet = message.get_onion_routing_packet();
      return {
        pathKey: message.get_blinding_point(),
        onionMessagePacket: {
          version: asU8(packet.get_version()),
          publicKey: packet.get_public_key(),
          hopPayloads: packet.get_hop_data(),
          hmac: packet.get_hmac(),
        },
      };
    },
    make({ pathKey, onionMessagePacket: { version, publicKey, hopPayloads, hmac } }) {
      const packet = Packet.constructor_new(version, publicKey, hopPayloads, hmac);
      return OnionMessage.constructor_new(pathKey, packet);
    },
  }),
];
