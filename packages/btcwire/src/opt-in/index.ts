// Messages that are not in the default set: drafts, and what is out of use.

// BIP 330, draft: reconciliation of transactions
export {
  type ReconcilDiff,
  reconcildiff,
  type ReconciliationMessage,
  reconciliationMessages,
  reconciliationPrecision,
  type ReqRecon,
  reqrecon,
  type ReqSketchExt,
  reqsketchext,
  type SendTxRcncl,
  sendtxrcncl,
  type Sketch,
  sketch,
} from "./reconciliation.ts";

// BIP 331, draft: package relay
export {
  type AncPkgInfo,
  ancpkginfo,
  combinedHashOf,
  type GetPkgTxns,
  getpkgtxns,
  maxPackageTransactions,
  type PackageRelayMessage,
  packageRelayMessages,
  packageRelayVersion,
  type PkgTxns,
  pkgtxns,
  type SendPackages,
  sendpackages,
} from "./package-relay.ts";

// Out of use: alerts
export { type Alert, alert, type AlertMessage, alertMessages } from "./alert.ts";
