// Waiting and failing
export { AssertionError, type AssertionDetails } from "./assertion-error.ts";
export { Conditions, type WaitOptions } from "./conditions.ts";

// Determinism
export { createRng, type Rng } from "./determinism/rng.ts";
export { eventually, type EventuallyOptions } from "./determinism/eventually.ts";
export { settle } from "./determinism/settle.ts";
export {
  type PendingTimer,
  type RunOptions,
  VirtualClock,
  type VirtualClockOptions,
} from "./determinism/virtual-clock.ts";

// Bytes: connected streams, and faults of any stream
export { duplexPair, type DuplexPairOptions } from "./streams/duplex-pair.ts";
export {
  type BlackholeAfterFault,
  checkFaultPlan,
  type CoalesceFault,
  type ConnectDelayFault,
  type CorruptFault,
  type DialFault,
  fault,
  type Fault,
  type FaultDirection,
  type FaultPlace,
  type FaultPlan,
  type FinAfterFault,
  type FragmentFault,
  isDestructive,
  type ResetAfterFault,
  type SlowlorisFault,
  type StallAfterFault,
  type StreamFault,
  type TimedOutFault,
} from "./streams/fault-plan.ts";
export {
  type AcceptFaults,
  type DialFaults,
  faultyDialer,
  faultyListen,
  type FaultyConnectionsOptions,
} from "./streams/faulty-dialer.ts";
export { type FaultyStreamOptions, withFaults } from "./streams/faulty-stream.ts";
export type { SimStream } from "./streams/sim-stream.ts";

// Networks in one process
export type { Latency, LinkProfile } from "./network/link-profile.ts";
export type { Packet, PacketKind, PacketRule, PacketVerdict } from "./network/packet.ts";
export type { SimConnectionInfo, SimEndpoint } from "./network/sim-connection.ts";
export type { SimHost } from "./network/sim-host.ts";
export { SimNetwork } from "./network/sim-network.ts";
export type {
  ClogOptions,
  DirectionOptions,
  HostGroup,
  HostRef,
  SimNetworkOptions,
  SwizzleOptions,
} from "./network/sim-network-options.ts";
export { formatTraceEvent, type TraceEvent, type TraceKind } from "./network/trace.ts";
export type { SimLink } from "./network/wire.ts";

// Simulations
export { seededV2Crypto, simulationCrypto } from "./determinism/simulation-crypto.ts";
export {
  simulate,
  type SimulateOptions,
  type Simulation,
  type SimulationReport,
  type SimulationRun,
} from "./network/simulate.ts";

// Loopback nodes: what both kinds have in common
export type { LoopbackDialOptions, LoopbackListenOptions } from "./doors.ts";

// Loopback nodes: Lightning
export type { LoopbackLightningConnection } from "./lightning/loopback-connection.ts";
export type { LoopbackMessage } from "./lightning/loopback-setup.ts";
export { LoopbackLightningNode } from "./lightning/loopback-lightning-node.ts";
export type {
  LoopbackAddress,
  LoopbackLightningAttachOptions,
  LoopbackLightningNodeOptions,
} from "./lightning/loopback-options.ts";
export { type LightningMisbehaviour, lightningMisbehaviours } from "./lightning/misbehaviour.ts";

// Gossip that such a node serves
export type { GenerateGossipOptions } from "./lightning/generate-gossip.ts";
export { GossipFileError, type GossipFileErrorCode } from "./lightning/gossip-file.ts";
export {
  answerGossipQuery,
  type GossipAnswerOptions,
  type GossipQuery,
  isGossipQuery,
} from "./lightning/gossip-responder.ts";
export {
  type AddedGossip,
  type AddGossipOptions,
  GossipStore,
  type KnownChannel,
} from "./lightning/gossip-store.ts";

// Loopback nodes: Bitcoin, and the chain that they serve
export type { ChainBlock } from "./bitcoin/chain-block.ts";
export { FakeChainError, type FakeChainErrorCode } from "./bitcoin/chain-error.ts";
export type { TransactionProblem } from "./bitcoin/coins.ts";
export { FakeChain } from "./bitcoin/fake-chain.ts";
export type {
  ConfirmedTransaction,
  FakeChainOptions,
  GenerateChainOptions,
  MineOptions,
  ReorgOptions,
  TipChange,
} from "./bitcoin/fake-chain-options.ts";
export type { MempoolEntry, MempoolVerdict } from "./bitcoin/mempool.ts";
export type { BitcoinViolation } from "./bitcoin/bitcoin-handshake.ts";
export { type BitcoinMisbehaviour, bitcoinMisbehaviours } from "./bitcoin/bitcoin-misbehaviour.ts";
export type { LoopbackBitcoinConnection } from "./bitcoin/loopback-bitcoin-connection.ts";
export {
  type LoopbackBitcoinDialOptions,
  type LoopbackBitcoinAttachOptions,
  LoopbackBitcoinNode,
  type LoopbackBitcoinNodeOptions,
} from "./bitcoin/loopback-bitcoin-node.ts";

// Faults by type of message, of any node or connection
export {
  type MessageDirection,
  type MessageFault,
  type MessageFaultAction,
  MessageFaults,
  type MessageFaultsOptions,
  type MessageVerdict,
  type PlacedMessageFault,
} from "./message-faults.ts";

// What went over a connection of a node
export { MessageLog } from "./message-log.ts";

// Mock connections
export type {
  ConnectionError,
  ConnectionEvent,
  ConnectionState,
  ConnectionWaitOptions,
  PeerConnection,
  PeerErrorCode,
  PingOptions,
  ReceivedMessage,
  SendableMessage,
} from "./connection/peer-connection.ts";
export { MockConnection } from "./connection/mock-connection.ts";
export { connectedMock } from "./connection/connected-mock.ts";
export type { FailingCall } from "./connection/mock-failures.ts";
export {
  defaultMockConfig,
  type MockConnectionConfig,
  type MockEvent,
  type MockFailure,
  type PeerMessage,
  type WireMessage,
} from "./connection/mock-config.ts";
export { type ConnectionErrorDetails, MockPeerError } from "./connection/mock-peer-error.ts";
export type {
  ExpectationOptions,
  MessageMatch,
  MockCall,
  MockCallName,
} from "./connection/mock-record.ts";
export { Gate } from "./connection/gate.ts";

// Raw connections: the wire without any rules
export {
  type RawLightningDialOptions,
  type RawLightningInitiateOptions,
  RawLightningConnection,
  type RawLightningOptions,
  type RawOutcome,
  type RawOutcomeOptions,
} from "./connection/raw-lightning-connection.ts";
export {
  RawBitcoinConnection,
  type RawBitcoinDialOptions,
  type RawBitcoinOptions,
} from "./connection/raw-bitcoin-connection.ts";
export {
  type PlainMessage,
  type RawConnection,
  type RawConnectionOptions,
  type RawEnd,
  type RawObserver,
} from "./connection/raw-connection.ts";
export type { RawLogLimits } from "./connection/raw-log.ts";
export type { Rewrite, Rewrites } from "./connection/raw-wire.ts";
export { RawListener, type RawListenerOptions } from "./connection/raw-listener.ts";

// Harness
export {
  createHarness,
  Harness,
  type HarnessOptions,
  newTestHarness,
} from "./harness/harness.ts";
export { MessageCounter } from "./harness/message-counter.ts";
export type {
  ConnectionResult,
  ConnectRequest,
  ConnectResponse,
  MessageReceived,
  PeerActorConfig,
  PeerActorFactory,
  PeerActorLike,
  PeerActorRequest,
  PeerActorStatus,
  PeerMessageSink,
  SendMessageRequest,
} from "./harness/peer-actor-like.ts";
export { newTestKeyPair, newTestPublicKey, type TestKeyPair } from "./harness/test-keys.ts";

// Actors
export {
  ActorTestkit,
  type ActorTestkitOptions,
  createActorTestkit,
} from "./actors/actor-testkit.ts";
export {
  type IdleOptions,
  SeededScheduler,
  type SeededSchedulerOptions,
  type TurnOrder,
} from "./actors/seeded-scheduler.ts";
export { type Autopilot, TestProbe, type TestProbeOptions } from "./actors/test-probe.ts";

// Scripts
export {
  type Branch,
  type ExpectOptions,
  type OpenConnection,
  type Script,
  script,
  scriptFromJson,
} from "./scripts/script.ts";
export type { ScriptRunOptions } from "./scripts/script-run.ts";
export {
  type AnswerPingsStep,
  type BranchStep,
  type ConnectStep,
  type EndStep,
  type ExpectCloseStep,
  type ExpectStep,
  type Fields,
  fromStash,
  type MessageOfType,
  type ScriptMessage,
  type SendStep,
  type Stash,
  type StashReference,
  type Step,
  type Template,
  type TypesStep,
  type WaitStep,
} from "./scripts/script-step.ts";
export {
  type ScriptedConnection,
  ScriptedSide,
  type ScriptedSideOptions,
} from "./scripts/scripted-connection.ts";
export {
  type PeerScriptMessage,
  type ScriptableMock,
  scriptedMock,
  scriptedPeer,
  type ScriptedPeerEnd,
  type ScriptedPeerOptions,
} from "./scripts/scripted-peers.ts";
export { FormatError, type FormatErrorCode } from "./scripts/format-error.ts";

// Transcripts
export {
  type LoadTranscriptOptions,
  loadTranscript,
  saveTranscript,
  type Transcript,
  type TranscriptEntry,
} from "./scripts/transcript.ts";
export {
  type RecordableConnection,
  type RecordedStream,
  Recording,
  type RecordOptions,
  recordStream,
  recordTranscript,
} from "./scripts/record-transcript.ts";
export {
  type ReplayConnection,
  type Replayed,
  type ReplayOptions,
  replayTranscript,
} from "./scripts/replay-transcript.ts";

// Checks
export {
  boundedBuffers,
  checkInvariants,
  connectionInvariants,
  eventsEnd,
  initFirst,
  type Invariant,
  InvariantError,
  legalStateTransitions,
  type NamedViolation,
  noMessageAfterClose,
  sameReason,
  singleClose,
  type StateRules,
  stateTransitions,
  timeMovesForward,
  type Violation,
} from "./checks/invariants.ts";
export { LeakCheck, leakCheck, type LeakCheckOptions } from "./checks/leak-check.ts";
export type {
  BufferObservation,
  CloseObservation,
  EndObservation,
  FullObservation,
  MessageObservation,
  NoteObservation,
  Observation,
  StateObservation,
} from "./checks/observation.ts";
export {
  type ObservableConnection,
  type ObservableEvent,
  observe,
  Observer,
  type ObserverOptions,
} from "./checks/observer.ts";
