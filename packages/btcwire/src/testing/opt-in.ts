// Random messages of the sets outside the default one.
import fc from "fast-check";
import * as opt from "../opt-in/index.ts";
import { type ArbitrariesOf, arbitraryMessage, type MessageOptions } from "./messages.ts";
import { bytes, hash, hashes, someBytes, transaction, u16, u32, u64 } from "./values.ts";

/** Arbitraries of {@link opt.packageRelayMessages}. */
export function arbitraryPackageRelay(): ArbitrariesOf<opt.PackageRelayMessage> {
  return {
    sendpackages: arbitraryMessage(opt.sendpackages, { versions: u64 }),
    ancpkginfo: arbitraryMessage(opt.ancpkginfo, {
      txns: fc.uniqueArray(hash, { maxLength: 6, selector: (wtxid) => wtxid.join() }),
    }),
    getpkgtxns: arbitraryMessage(opt.getpkgtxns, { txns: hashes }),
    pkgtxns: arbitraryMessage(opt.pkgtxns, { txns: fc.array(transaction, { maxLength: 3 }) }),
  };
}

/** Arbitraries of {@link opt.reconciliationMessages}. */
export function arbitraryReconciliation(
  options: MessageOptions = {},
): ArbitrariesOf<opt.ReconciliationMessage> {
  return {
    sendtxrcncl: arbitraryMessage(opt.sendtxrcncl, {
      version: u32.map((version) => Math.max(version, 1)),
      salt: u64,
    }),
    reqrecon: arbitraryMessage(opt.reqrecon, { setSize: u16, q: u16 }),
    sketch: arbitraryMessage(opt.sketch, {
      skdata: fc.nat({ max: 10 }).chain((count) => bytes(4 * count)),
    }),
    reqsketchext: arbitraryMessage(opt.reqsketchext, {}, options),
    reconcildiff: arbitraryMessage(opt.reconcildiff, {
      success: fc.boolean(),
      askShortids: fc.array(u32, { maxLength: 8 }),
    }),
  };
}

/** Arbitraries of {@link opt.alertMessages}. */
export function arbitraryAlert(): ArbitrariesOf<opt.AlertMessage> {
  return { alert: arbitraryMessage(opt.alert, { payload: someBytes, signature: someBytes }) };
}
