import type { LightningMessage } from "@satwire/lnwire";
import { memoryPair } from "@satwire/net";
import {
  fromStash,
  loadTranscript,
  LoopbackLightningNode,
  RawLightningConnection,
  recordTranscript,
  replayTranscript,
  saveTranscript,
  script,
} from "@satwire/testkit";

const none = new Uint8Array(0);
const conversation = script<LightningMessage>()
  .expect("init")
  .send({ type: "init", globalfeatures: none, features: fromStash("init.features") })
  .never("error")
  .send({ type: "ping", numPongBytes: 2, ignored: none })
  .expect("pong", { ignored: new Uint8Array(2) })
  .send({ type: "unknown", id: 100, payload: none }) // nobody knows it, and it is even
  .expectClose();

await using node = new LoopbackLightningNode(); // or whatever you test
const connect = (): RawLightningConnection => {
  const [ours, theirs] = memoryPair();
  node.attach(theirs);
  return RawLightningConnection.initiate(ours, { remoteKey: node.publicKey });
};

await using first = connect();
const recording = recordTranscript(first);
await conversation.run(first);
export const text = saveTranscript(recording);

await using second = connect();
export const replayed = await replayTranscript(loadTranscript(text), { connection: second });
