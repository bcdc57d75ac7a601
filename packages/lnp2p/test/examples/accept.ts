import { formatNodeAddress, SimplePeer } from "@satwire/lnp2p";
import { toHex } from "@satwire/lnwire";
import { listenTcp, parseHostPort } from "@satwire/net";
import { generatePrivateKey, publicKeyOf } from "@satwire/noise";

const localKey = generatePrivateKey();
const anyPort = parseHostPort("127.0.0.1:0", { allowPortZero: true });
const { address } = await listenTcp(anyPort, (stream) => {
  const peer = new SimplePeer({ stream, localKey });
  peer.connect().then(
    () => console.log(`called by ${toHex(peer.remotePublicKey ?? new Uint8Array(0))}`),
    (error: unknown) => console.log(String(error)),
  );
});
console.log(formatNodeAddress({ publicKey: publicKeyOf(localKey), address }));
