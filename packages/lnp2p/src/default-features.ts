import { features, featureVector } from "@satwire/lnwire";

/**
 * The features that a client without channels has to offer so that today's lnd, LDK and Core
 * Lightning keep the connection, all optional: `option_data_loss_protect`, `var_onion_optin`,
 * `option_static_remotekey`, `payment_secret` and `option_channel_type`. BOLT 9 assumes them of every
 * node; each call returns bytes of its own.
 */
export function defaultFeatures(): Uint8Array {
  return featureVector([
    features.option_data_loss_protect.bit + 1,
    features.var_onion_optin.bit + 1,
    features.option_static_remotekey.bit + 1,
    features.payment_secret.bit + 1,
    features.option_channel_type.bit + 1,
  ]);
}
