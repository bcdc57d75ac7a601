// BOLT 1 "Peer storage": peers keep a backup for each other.
import { bytes16 } from "../fields.ts";
import { message, type MessageBase, type MessageCodec } from "../message.ts";

/** `peer_storage` (BOLT 1): asks the peer to keep a backup; the last one counts. */
export interface PeerStorage extends MessageBase<"peer_storage"> {
  /** Encrypted by its owner, at most 65531 bytes. */
  readonly blob: Uint8Array;
}

/** Codec of {@link PeerStorage}: message 7, BOLT 1 "Peer storage". */
export const peerStorage: MessageCodec<PeerStorage> = /* @__PURE__ */ message(7, "peer_storage", {
  blob: bytes16,
});

/** `peer_storage_retrieval` (BOLT 1): gives the backup back, after `init` at every connection. */
export interface PeerStorageRetrieval extends MessageBase<"peer_storage_retrieval"> {
  /** What the peer last asked to keep. */
  readonly blob: Uint8Array;
}

/** Codec of {@link PeerStorageRetrieval}: message 9, BOLT 1 "Peer storage". */
export const peerStorageRetrieval: MessageCodec<PeerStorageRetrieval> = /* @__PURE__ */ message(
  9,
  "peer_storage_retrieval",
  { blob: bytes16 },
);

/** The messages of this chapter. */
export type PeerStorageMessage = PeerStorage | PeerStorageRetrieval;

/** All codecs of this chapter, for a set of one's own. */
export const peerStorageMessages: readonly MessageCodec<PeerStorageMessage>[] = [
  peerStorage,
  peerStorageRetrieval,
];
