import { generatePrivateKey, initiate, publicKeyOf, respond } from "@satwire/noise";

const alice = generatePrivateKey();
const bob = generatePrivateKey();

// Alice dials Bob, whose node id she knows. Bob learns hers in act three.
const dialling = initiate({ localKey: alice, remoteKey: publicKeyOf(bob) });
const answering = respond({ localKey: bob }).readAct1(dialling.act1);
const { act3, transport: toBob } = dialling.readAct2(answering.act2);
const { transport: toAlice } = answering.readAct3(act3);

// From here on each side turns messages into bytes and bytes into messages.
const ping = Uint8Array.of(0, 18, 0, 4, 0, 0);
const bytes = toBob.encrypt(ping);

// TCP cuts where it likes: `push` takes any pieces.
export const received: Uint8Array[] = [
  ...toAlice.push(bytes.subarray(0, 7)),
  ...toAlice.push(bytes.subarray(7)),
];
if (toAlice.failure !== undefined) throw toAlice.failure;
