import { connectedMock, type PeerConnection } from "@satwire/testkit";

// The code under test: it takes whatever behaves as a connection, such as a `SimplePeer`.
async function answerWarnings(connection: PeerConnection): Promise<string> {
  try {
    for await (const message of connection.receiveMessages()) {
      if (message.type !== "warning") continue;
      await connection.sendMessage({ ...message, type: "error" });
    }
    return "closed in order";
  } catch (error) {
    return (error as { code: string }).code;
  }
}

const mock = connectedMock();
const answering = answerWarnings(mock);
const channelId = new Uint8Array(32);
mock.push({ type: "warning", channelId, data: new TextEncoder().encode("fee too low") });
export const answer = await mock.nextSent("error");
mock.failNext("send", "send_queue_full");
mock.push({ type: "warning", channelId, data: new Uint8Array(0) });
export const outcome = await answering;
// answer: { type: "error", … }, outcome: "send_queue_full"
