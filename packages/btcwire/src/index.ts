// Messages
export { type BitcoinMessage, bitcoinMessages, type KnownMessage } from "./bitcoin.ts";
export {
  isCommand,
  isUnknownMessage,
  message,
  type MessageBase,
  type MessageCodec,
  type MessageFields,
  type MessageOf,
  type MessageOptions,
  type MessageTail,
  signal,
  type Trailing,
  type UnknownMessage,
} from "./message.ts";
export {
  commandOf,
  type Inspection,
  maxPayloadLength,
  type MessageSet,
  messageSet,
  type PartialMessage,
} from "./message-set.ts";
export {
  type Feature,
  feature,
  type HandshakeMessage,
  handshakeMessages,
  maxUserAgentLength,
  type SendAddrV2,
  sendaddrv2,
  type Verack,
  verack,
  type Version,
  version,
  type WtxidRelay,
  wtxidrelay,
} from "./messages/handshake.ts";
export {
  type ControlMessage,
  controlMessages,
  type FeeFilter,
  feefilter,
  type Ping,
  ping,
  type Pong,
  pong,
  type Reject,
  reject,
  rejectCode,
  type SendHeaders,
  sendheaders,
} from "./messages/control.ts";
export {
  type Addr,
  addr,
  type AddressMessage,
  addressMessages,
  type AddrV2,
  addrv2,
  type GetAddr,
  getaddr,
  maxAddresses,
} from "./messages/addresses.ts";
export {
  type GetData,
  getdata,
  type Inv,
  inv,
  type InventoryMessage,
  inventoryMessages,
  type Mempool,
  mempool,
  type NotFound,
  notfound,
  type Tx,
  tx,
} from "./messages/inventory.ts";
export {
  type AnnouncedHeader,
  block,
  type BlockMessage,
  type BlocksMessage,
  blocksMessages,
  type GetBlocks,
  getblocks,
  type GetHeaders,
  getheaders,
  type Headers,
  headers,
  maxHeaders,
  maxLocator,
} from "./messages/blocks.ts";
export {
  type BlockTxn,
  blocktxn,
  type CmpctBlock,
  cmpctblock,
  type CompactBlockMessage,
  compactBlockMessages,
  type GetBlockTxn,
  getblocktxn,
  maxCompactTransactions,
  type PrefilledTransaction,
  type SendCmpct,
  sendcmpct,
} from "./messages/compact-blocks.ts";
export {
  basicFilterType,
  type CFCheckpt,
  cfcheckpt,
  type CFHeaders,
  cfheaders,
  type CFilter,
  cfilter,
  type CompactFilterMessage,
  compactFilterMessages,
  filterCheckpointInterval,
  type GetCFCheckpt,
  getcfcheckpt,
  type GetCFHeaders,
  getcfheaders,
  type GetCFilters,
  getcfilters,
  maxFilterHashes,
  maxFilters,
} from "./messages/compact-filters.ts";
export {
  bloomFlag,
  type BloomFilterMessage,
  bloomFilterMessages,
  type FilterAdd,
  filteradd,
  type FilterClear,
  filterclear,
  type FilterLoad,
  filterload,
  maxBloomElementLength,
  maxBloomFilterLength,
  maxBloomHashFunctions,
  type MerkleBlock,
  merkleblock,
} from "./messages/bloom-filters.ts";

// Transports
export {
  type BitcoinTransport,
  type IgnoredFrame,
  type MalformedPayload,
  type MessageReceived,
  type TransportReady,
  type TransportEvent,
  type TransportOptions,
  type TransportResult,
} from "./transport/transport.ts";
export {
  framingOf,
  type TransportFraming,
  type TransportFramingResult,
} from "./transport/transport-framing.ts";
export { V1Transport, v1HeaderLength } from "./transport/v1-transport.ts";
export { V2Transport, type V2TransportOptions } from "./transport/v2-transport.ts";
export { maxGarbageLength } from "./transport/v2-handshake.ts";
export {
  decodeEllswift,
  type EllswiftKeyPair,
  ellswiftLength,
  encodeEllswift,
  generateEllswift,
} from "./transport/ellswift.ts";
export {
  type DecryptOptions,
  type EncryptOptions,
  type Packet,
  PacketCipher,
  type PacketCipherOptions,
  packetExpansion,
  packetPrefixLength,
} from "./transport/packet-cipher.ts";
export { defaultV2Crypto } from "#default-v2-crypto";
export { nobleV2Crypto, type V2Crypto } from "./transport/v2-crypto.ts";

// Transactions and blocks
export {
  hasWitness,
  isCoinbase,
  sizeOf,
  strippedTransaction,
  type Transaction,
  transaction,
  type TransactionInput,
  type TransactionOutput,
  type TransactionSize,
  txidOf,
  wtxidOf,
} from "./transaction.ts";
export {
  type Block,
  BlockIndex,
  checkMerkleRoot,
  indexBlock,
  type MerkleCheck,
} from "./block-index.ts";
export { blockHashOf, type BlockHeader, blockHeader, blockHeaderLength } from "./block-header.ts";
export { type MerkleRoot, merkleRootOf } from "./merkle.ts";
export {
  bitsOf,
  checkProofOfWork,
  type ProofOfWorkOptions,
  targetOf,
  workOf,
} from "./proof-of-work.ts";
export { formatHash, hash256, parseHash } from "./hash256.ts";

// What follows from blocks and filters
export {
  checkWitnessCommitment,
  computeWitnessCommitment,
  findWitnessCommitment,
  type WitnessCheck,
  type WitnessCheckOptions,
  witnessCommitmentScript,
} from "./witness-commitment.ts";
export {
  type CandidateTransaction,
  compactBlockOf,
  type CompactBlockOptions,
  completeBlock,
  type CompletedReconstruction,
  type PartialBlock,
  reconstructBlock,
  type Reconstruction,
  type ReconstructionFailure,
  type ReconstructionViolation,
} from "./compact-block.ts";
export { shortIdsOf } from "./short-id.ts";
export { basicFilterOf, matchFilter } from "./filter/basic-filter.ts";
export {
  checkFilterCheckpoints,
  checkFilterHeaders,
  type FilterCheckpointCheckOptions,
  filterHashOf,
  type FilterHeaderCheck,
  type FilterHeaderCheckOptions,
  filterHeaderOf,
  filterHeadersOf,
} from "./filter/filter-header.ts";
export { BloomFilter, type BloomFilterOptions } from "./filter/bloom-filter.ts";
export {
  matchesOf,
  merkleBlockOf,
  type MerkleMatch,
  type PartialMerkleProof,
  type PartialMerkleTree,
  partialMerkleTreeOf,
  readPartialMerkleTree,
} from "./partial-merkle-tree.ts";
export { blockLocator, locatorHeights } from "./block-locator.ts";

// Networks
export {
  type AddressPrefixes,
  type DifficultyRules,
  type Network,
  networkByName,
  type NetworkName,
  networkOfMagic,
  networks,
  seedHost,
} from "./networks.ts";
export { customSignet, type SignetOptions } from "./signet.ts";

// Addresses and inventories
export {
  type HostAddress,
  hostAddressOfIp,
  ipOfHostAddress,
  plainHostAddress,
} from "./address/host-address.ts";
export {
  addressKey,
  formatHostAddress,
  parseHostAddress,
  type ParseHostAddressOptions,
} from "./address/host-text.ts";
export { isRoutable } from "./address/routability.ts";
export { netgroupOf } from "./address/netgroup.ts";
export { usableAddresses } from "./address/usable-addresses.ts";
export {
  type NetAddress,
  netAddress,
  type NetAddressV2,
  netAddressV2,
  networkId,
  type TimedNetAddress,
  timedNetAddress,
} from "./address/network-address.ts";
export {
  type InventoryItem,
  inventoryItem,
  inventoryList,
  inventoryType,
  maxInventory,
  witnessFlag,
} from "./inventory.ts";

// Services, versions and texts of peers
export {
  hasAnyService,
  hasServices,
  serviceFlag,
  type ServiceName,
  serviceNamesOf,
  servicesOf,
} from "./service-flags.ts";
export {
  latestProtocolVersion,
  minimumProtocolVersion,
  negotiatedVersion,
  type ProtocolFeature,
  protocolVersion,
  supports,
} from "./protocol-version.ts";
export { printableText } from "./text.ts";
export { formatUserAgent, parseUserAgent, type UserAgentPart } from "./user-agent.ts";

// Fields
export { compactSize, compactSize64, maxCompactSize } from "./compact-size.ts";
export { bytesOfText, hash, list, textOfBytes, varBytes, varText } from "./fields.ts";

// Errors, and the bytes and numbers that custom messages are described with
export { TransportError, type TransportErrorCode } from "./errors.ts";
export {
  bytes,
  type Codec,
  compareBytes,
  concatBytes,
  decode,
  DecodeError,
  type DecodeErrorCode,
  encode,
  EncodeError,
  type EncodeErrorCode,
  equalBytes,
  flag,
  fromHex,
  i32le,
  i64le,
  rest,
  struct,
  toHex,
  u16,
  u16le,
  u32le,
  u64le,
  u8,
} from "@satwire/codec";
