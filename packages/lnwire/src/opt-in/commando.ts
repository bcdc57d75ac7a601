// Commando, of Core Lightning: commands to a node, with a rune that allows them. The JSON of a command or
// a reply is cut into pieces wherever they are full, even inside a character; all have the same id.
import { rest, u64 } from "@satwire/codec";
import { message, type MessageBase, type MessageCodec } from "../message.ts";

/** One piece. */
interface Piece<Name extends string> extends MessageBase<Name> {
  /** Chosen by who sends the command. */
  readonly id: bigint;
  /** A piece of JSON, to the end of the message; Core Lightning sends at most 65000 bytes. See `jsonText`. */
  readonly json: Uint8Array;
  /** Nothing can follow the JSON. */
  readonly unknown?: never;
}

/** `COMMANDO_MSG_CMD_CONTINUES`: a piece of a command that is not the last. */
export interface CommandoMsgCmdContinues extends Piece<"commando_msg_cmd_continues"> {}

/** Codec of {@link CommandoMsgCmdContinues}: message 19533. */
export const commandoMsgCmdContinues: MessageCodec<CommandoMsgCmdContinues> =
  /* @__PURE__ */ message(19533, "commando_msg_cmd_continues", { id: u64, json: rest });

/** `COMMANDO_MSG_CMD_TERM`: the last piece of a command, mostly the only one. */
export interface CommandoMsgCmdTerm extends Piece<"commando_msg_cmd_term"> {}

/** Codec of {@link CommandoMsgCmdTerm}: message 19535. */
export const commandoMsgCmdTerm: MessageCodec<CommandoMsgCmdTerm> = /* @__PURE__ */ message(
  19535,
  "commando_msg_cmd_term",
  { id: u64, json: rest },
);

/** `COMMANDO_MSG_REPLY_CONTINUES`: a piece of a reply that is not the last. */
export interface CommandoMsgReplyContinues extends Piece<"commando_msg_reply_continues"> {}

/** Codec of {@link CommandoMsgReplyContinues}: message 22859. */
export const commandoMsgReplyContinues: MessageCodec<CommandoMsgReplyContinues> =
  /* @__PURE__ */ message(22859, "commando_msg_reply_continues", { id: u64, json: rest });

/** `COMMANDO_MSG_REPLY_TERM`: the last piece of a reply. */
export interface CommandoMsgReplyTerm extends Piece<"commando_msg_reply_term"> {}

/** Codec of {@link CommandoMsgReplyTerm}: message 22861. */
export const commandoMsgReplyTerm: MessageCodec<CommandoMsgReplyTerm> = /* @__PURE__ */ message(
  22861,
  "commando_msg_reply_term",
  { id: u64, json: rest },
);

/** The messages of this chapter. */
export type CommandoMessage =
  | CommandoMsgCmdContinues
  | CommandoMsgCmdTerm
  | CommandoMsgReplyContinues
  | CommandoMsgReplyTerm;

/** All codecs of this chapter, for a set of one's own. */
export const commandoMessages: readonly MessageCodec<CommandoMessage>[] = [
  commandoMsgCmdContinues,
  commandoMsgCmdTerm,
  commandoMsgReplyContinues,
  commandoMsgReplyTerm,
];
