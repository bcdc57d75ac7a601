/** BOLT 7: announcements and queries. What follows the known fields of an announcement is kept by LDK too. */
import * as ln from "@satwire/lnwire";
import {
  AnnouncementSignatures,
  ChannelAnnouncement,
  ChannelFeatures,
  ChannelUpdate,
  GossipTimestampFilter,
  NodeAlias,
  NodeAnnouncement,
  NodeFeatures,
  QueryChannelRange,
  QueryShortChannelIds,
  ReplyChannelRange,
  ReplyShortChannelIdsEnd,
  UnsignedChannelAnnouncement,
  UnsignedChannelUpdate,
  UnsignedNodeAnnouncement,
} from "lightningdevkit";
import { fromSocketAddress, toSocketAddress } from "./addresses.ts";
import {
  fromChannelId,
  fromFeatures,
  lengthPrefixed,
  fromNodeId,
  fromExcess,
  toChannelId,
  toExcess,
  toNodeId,
} from "./fields.ts";
import { asU16, asU32, asU64, asU8, mustRead, type Pair, pair } from "./pair.ts";

const unknownOf = (excess: Uint8Array): { readonly unknown?: readonly ln.TlvRecord[] } => {
  const unknown = fromExcess(excess);
  return unknown === undefined ? {} : { unknown };
};

export const gossipPairs: readonly Pair[] = [
  pair<ln.ChannelAnnouncement, ChannelAnnouncement>(ln.channelAnnouncement, ChannelAnnouncement, {
    fields(message) {
      const contents = message.get_contents();
      return {
        nodeSignature1: message.get_node_signature_1(),
        nodeSignature2: message.get_node_signature_2(),
        bitcoinSignature1: message.get_bitcoin_signature_1(),
        bitcoinSignature2: message.get_bitcoin_signature_2(),
        features: fromFeatures(contents.get_features()),
        chainHash: contents.get_chain_hash(),
        shortChannelId: asU64(contents.get_short_channel_id()),
        nodeId1: fromNodeId(contents.get_node_id_1()),
        nodeId2: fromNodeId(contents.get_node_id_2()),
        bitcoinKey1: fromNodeId(contents.get_bitcoin_key_1()),
        bitcoinKey2: fromNodeId(contents.get_bitcoin_key_2()),
        ...unknownOf(contents.get_excess_data()),
      };
    },
    make: (message) =>
      ChannelAnnouncement.constructor_new(
        message.nodeSignature1,
        message.nodeSignature2,
        message.bitcoinSignature1,
        message.bitcoinSignature2,
        UnsignedChannelAnnouncement.constructor_new(
          mustRead(ChannelFeatures, lengthPrefixed(message.features)),
          message.chainHash,
          message.shortChannelId,
          toNodeId(message.nodeId1),
          toNodeId(message.nodeId2),
          toNodeId(message.bitcoinKey1),
          toNodeId(message.bitcoinKey2),
          toExcess(message.unknown),
        ),
      ),
    signedPart: (message) => message.get_contents().write(),
  }),
  pair<ln.NodeAnnouncement, NodeAnnouncement>(ln.nodeAnnouncement, NodeAnnouncement, {
    fields(message) {
      const contents = message.get_contents();
      const opaque = contents.get_excess_address_data();
      const last: ln.Address[] = opaque.length === 0 ? [] : [{ type: "opaque", data: opaque }];
      return {
        signature: message.get_signature(),
        features: fromFeatures(contents.get_features()),
        timestamp: asU32(contents.get_timestamp()),
        nodeId: fromNodeId(contents.get_node_id()),
        rgbColor: contents.get_rgb(),
        alias: contents.get_alias().get_a(),
        addresses: [...contents.get_addresses().map(fromSocketAddress), ...last],
        ...unknownOf(contents.get_excess_data()),
      };
    },
    make(message) {
      const known = message.addresses.filter(({ type }) => type !== "opaque");
      const last = message.addresses.at(-1);
      return NodeAnnouncement.constructor_new(
        message.signature,
        UnsignedNodeAnnouncement.constructor_new(
          mustRead(NodeFeatures, lengthPrefixed(message.features)),
          message.timestamp,
          toNodeId(message.nodeId),
          message.rgbColor,
          NodeAlias.constructor_new(message.alias),
          known.map(toSocketAddress),
          last?.type === "opaque" ? last.data : new Uint8Array(0),
          toExcess(message.unknown),
        ),
      );
    },
    signedPart: (message) => message.get_contents().write(),
  }),
  pair<ln.ChannelUpdate, ChannelUpdate>(ln.channelUpdate, ChannelUpdate, {
    fields(message) {
      const contents = message.get_contents();
      return {
        signature: message.get_signature(),
        chainHash: contents.get_chain_hash(),
        shortChannelId: asU64(contents.get_short_channel_id()),
        timestamp: asU32(contents.get_timestamp()),
        messageFlags: asU8(contents.get_message_flags()),
        channelFlags: asU8(contents.get_channel_flags()),
        cltvExpiryDelta: asU16(contents.get_cltv_expiry_delta()),
        htlcMinimumMsat: asU64(contents.get_htlc_minimum_msat()),
        feeBaseMsat: asU32(contents.get_fee_base_msat()),
        feeProportionalMillionths: asU32(contents.get_fee_proportional_millionths()),
        htlcMaximumMsat: asU64(contents.get_htlc_maximum_msat()),
        ...unknownOf(contents.get_excess_data()),
      };
    },
    make: (message) =>
      ChannelUpdate.constructor_new(
        message.signature,
        UnsignedChannelUpdate.constructor_new(
          message.chainHash,
          message.shortChannelId,
          message.timestamp,
          message.messageFlags,
          message.channelFlags,
          message.cltvExpiryDelta,
          message.htlcMinimumMsat,
          message.htlcMaximumMsat,
          message.feeBaseMsat,
          message.feeProportionalMillionths,
          toExcess(message.unknown),
        ),
      ),
    signedPart: (message) => message.get_contents().write(),
  }),
  pair<ln.AnnouncementSignatures, AnnouncementSignatures>(
    ln.announcementSignatures,
    AnnouncementSignatures,
    {
      fields: (message) => ({
        channelId: fromChannelId(message.get_channel_id()),
        shortChannelId: asU64(message.get_short_channel_id()),
        nodeSignature: message.get_node_signature(),
        bitcoinSignature: message.get_bitcoin_signature(),
      }),
      make: ({ channelId, shortChannelId, nodeSignature, bitcoinSignature }) =>
        AnnouncementSignatures.constructor_new(
          toChannelId(channelId),
          shortChannelId,
          nodeSignature,
          bitcoinSignature,
        ),
    },
  ),
  pair<ln.QueryShortChannelIds, QueryShortChannelIds>(
    ln.queryShortChannelIds,
    QueryShortChannelIds,
    {
      fields: (message) => ({
        chainHash: message.get_chain_hash(),
        shortChannelIds: message.get_short_channel_ids(),
        queryFlags: undefined,
      }),
      make: ({ chainHash, shortChannelIds }) =>
        QueryShortChannelIds.constructor_new(chainHash, [...shortChannelIds]),
    },
  ),
  pair<ln.ReplyShortChannelIdsEnd, ReplyShortChannelIdsEnd>(
    ln.replyShortChannelIdsEnd,
    ReplyShortChannelIdsEnd,
    {
      fields: (message) => ({
        chainHash: message.get_chain_hash(),
        fullInformation: Boolean(message.get_full_information()), // 0 or 1, whatever its type says
      }),
      make: ({ chainHash, fullInformation }) =>
        ReplyShortChannelIdsEnd.constructor_new(chainHash, fullInformation),
    },
  ),
  pair<ln.QueryChannelRange, QueryChannelRange>(ln.queryChannelRange, QueryChannelRange, {
    fields: (message) => ({
      chainHash: message.get_chain_hash(),
      firstBlocknum: asU32(message.get_first_blocknum()),
      numberOfBlocks: asU32(message.get_number_of_blocks()),
      queryOption: undefined,
    }),
    make: ({ chainHash, firstBlocknum, numberOfBlocks }) =>
      QueryChannelRange.constructor_new(chainHash, firstBlocknum, numberOfBlocks),
  }),
  pair<ln.ReplyChannelRange, ReplyChannelRange>(ln.replyChannelRange, ReplyChannelRange, {
    fields: (message) => ({
      chainHash: message.get_chain_hash(),
      firstBlocknum: asU32(message.get_first_blocknum()),
      numberOfBlocks: asU32(message.get_number_of_blocks()),
      syncComplete: Boolean(message.get_sync_complete()),
      shortChannelIds: message.get_short_channel_ids(),
      timestamps: undefined,
      checksums: undefined,
    }),
    make: (message) =>
      ReplyChannelRange.constructor_new(
        message.chainHash,
        message.firstBlocknum,
        message.numberOfBlocks,
        message.syncComplete,
        [...message.shortChannelIds],
      ),
  }),
  pair<ln.GossipTimestampFilter, GossipTimestampFilter>(
    ln.gossipTimestampFilter,
    GossipTimestampFilter,
    {
      fields: (message) => ({
        chainHash: message.get_chain_hash(),
        firstTimestamp: asU32(message.get_first_timestamp()),
        timestampRange: asU32(message.get_timestamp_range()),
      }),
      make: ({ chainHash, firstTimestamp, timestampRange }) =>
        GossipTimestampFilter.constructor_new(chainHash, firstTimestamp, timestampRange),
    },
  ),
];
