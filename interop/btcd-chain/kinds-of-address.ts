/** Addresses of simnet of every kind that outputs have: scripts of all lengths for filters and codecs. */
import { generatePrivateKey, publicKeyOf } from "@satwire/noise";
import { payments } from "bitcoinjs-lib";
import { simnet as network } from "../daemons/wallet.ts";

/** One address of each kind, of fresh keys that nobody keeps. */
export function everyKindOfAddress(): string[] {
  const pubkey = publicKeyOf(generatePrivateKey());
  const redeem = payments.p2ms({ m: 1, pubkeys: [pubkey], network });
  return [
    payments.p2pkh({ pubkey, network }),
    payments.p2wpkh({ pubkey, network }),
    payments.p2sh({ redeem, network }),
    payments.p2wsh({ redeem, network }),
    payments.p2sh({ redeem: payments.p2wpkh({ pubkey, network }), network }),
  ].map(({ address }) => address!);
}
