import {
  decodeMessage,
  encodeMessage,
  equalBytes,
  formatMessage,
  fromHex,
  lightningMessages,
  messageFromJson,
  messageToJson,
} from "@satwire/lnwire";

const message = decodeMessage(
  fromHex("0024" + "11".repeat(32) + "02".repeat(33) + "010800000100000a0001"),
);

export const line: string = formatMessage(message);
// "channel_ready channelId=1111… secondPerCommitmentPoint=0202… shortChannelId=1x10x1"

export const json: string = messageToJson(message);
// {"type":"channel_ready","channelId":"0x1111…","secondPerCommitmentPoint":"0x0202…","shortChannelId":"1099512283137n"}

const again = messageFromJson(json, lightningMessages);
export const isSame: boolean = equalBytes(encodeMessage(again), encodeMessage(message)); // true
