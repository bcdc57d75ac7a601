/** A `ChannelManager` without a chain: no channel can be opened, but LDK's `init` becomes that of a full node. */
import {
  BestBlock,
  BroadcasterInterface,
  ChainMonitor,
  ChainParameters,
  ChannelManager,
  ChannelMonitorUpdateStatus,
  DefaultMessageRouter,
  DefaultRouter,
  FeeEstimator,
  type KeysManager,
  type Logger,
  MultiThreadedLockableScore,
  type Network,
  type NetworkGraph,
  Option_FilterZ,
  Persist,
  ProbabilisticScorer,
  ProbabilisticScoringDecayParameters,
  ProbabilisticScoringFeeParameters,
  UserConfig,
} from "lightningdevkit";

export function createChannelManager(
  network: Network,
  keys: KeysManager,
  graph: NetworkGraph,
  logger: Logger,
): ChannelManager {
  const fees = FeeEstimator.new_impl({ get_est_sat_per_1000_weight: () => 253 });
  const broadcaster = BroadcasterInterface.new_impl({ broadcast_transactions: () => {} });
  const stored = ChannelMonitorUpdateStatus.LDKChannelMonitorUpdateStatus_Completed;
  const persister = Persist.new_impl({
    persist_new_channel: () => stored,
    update_persisted_channel: () => stored,
    archive_persisted_channel: () => {},
  });
  const monitor = ChainMonitor.constructor_new(
    Option_FilterZ.constructor_none(),
    broadcaster,
    logger,
    fees,
    persister,
  );
  const entropy = keys.as_EntropySource();
  const scorer = ProbabilisticScorer.constructor_new(
    ProbabilisticScoringDecayParameters.constructor_default(),
    graph,
    logger,
  );
  const router = DefaultRouter.constructor_new(
    graph,
    logger,
    entropy,
    MultiThreadedLockableScore.constructor_new(scorer.as_Score()).as_LockableScore(),
    ProbabilisticScoringFeeParameters.constructor_default(),
  );
  return ChannelManager.constructor_new(
    fees,
    monitor.as_Watch(),
    broadcaster,
    router.as_Router(),
    DefaultMessageRouter.constructor_new(graph, entropy).as_MessageRouter(),
    logger,
    entropy,
    keys.as_NodeSigner(),
    keys.as_SignerProvider(),
    UserConfig.constructor_default(),
    ChainParameters.constructor_new(network, BestBlock.constructor_from_network(network)),
    0,
  );
}
