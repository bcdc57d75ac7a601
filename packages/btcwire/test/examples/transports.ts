import { bitcoinMessages, networks, V2Transport } from "@satwire/btcwire";

const options = { network: networks.regtest, messages: bitcoinMessages };
const alice = V2Transport.initiator(options);
const bob = V2Transport.responder(options);

// A socket would carry the bytes; here each side's go straight to the other.
const nothing = new Uint8Array(0);
const atBob = bob.push(alice.open() ?? nothing); // Alice's key and garbage
const atAlice = alice.push(atBob.reply ?? nothing); // Bob's, and his version packet
bob.push(atAlice.reply ?? nothing);
export const sessionIds = [alice.sessionId, bob.sessionId]; // the same 32 bytes: nobody is between them

const bytes = alice.encode({ type: "ping", nonce: 7n });
export const heard: string[] = [];
const { events, failure } = bob.push(bytes);
for (const event of events) {
  if (event.type === "message" && event.message.type === "ping") heard.push("ping");
}
if (failure !== undefined) throw failure; // and close the connection
// ["ping"], in 29 bytes that look random
export const { length } = bytes;
