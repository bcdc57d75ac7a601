import { describe, expect, test } from "vitest";
import {
  type Codec,
  type LightningMessage,
  lightningMessages,
  message,
  type MessageBase,
  messageFromJson,
  messageSet,
} from "../src/index.ts";
import { thrown } from "./support/thrown.ts";

interface Own extends MessageBase<"own"> {
  readonly field: unknown;
}
const read = (json: string): LightningMessage => messageFromJson(json, lightningMessages);
const regtest = "0x06226e46111a0b59caaf126043eb5bbf28c34f3a5e332a1fc7b2b73cf188910f";
const ping = '{"type":"ping","numPongBytes":8,"ignored":"0x"}';
const bare = '{"type":"init","globalfeatures":"0x","features":"0x"';
const rbf = `{"type":"tx_ack_rbf","channelId":"0x${"00".repeat(32)}"`;
const stfu = `{"type":"stfu","channelId":"0x${"00".repeat(32)}"`;
const reply =
  `{"type":"reply_channel_range","chainHash":"${regtest}","firstBlocknum":0,"numberOfBlocks":1,` +
  '"syncComplete":true,"shortChannelIds":["1n"]';

describe("JSON that is no message", () => {
  test.each<[what: string, json: string, code: string, path: readonly (string | number)[]]>([
    ["no text at all", "", "invalid_value", []],
    ["no JSON", "{type:1}", "invalid_value", []],
    ["JSON that is cut", ping.slice(0, -1), "invalid_value", []],
    ["two messages", ping + ping, "invalid_value", []],
    ["a number", "1", "invalid_value", []],
    ["null", "null", "invalid_value", []],
    ["a text", '"ping"', "invalid_value", []],
    ["bytes", '"0x0012"', "invalid_value", []],
    ["a list", "[]", "invalid_value", []],
    ["a list of a message", `[${ping}]`, "invalid_value", []],
    ["an object without type", "{}", "invalid_value", []],
    ["a type that is inherited", '{"__proto__":{"type":"ping"}}', "invalid_value", []],
    ["a type that is a number", '{"type":18}', "invalid_value", []],
    ["a type that is null", '{"type":null}', "invalid_value", []],
    ["a type that is a bigint", '{"type":"18n"}', "invalid_value", []],
    ["a type in bytes", '{"type":"0x70696e67"}', "invalid_value", []],
    ["a type in bad hex", '{"type":"0x7"}', "invalid_value", ["type"]],
    ["an unknown type", '{"type":"pingg"}', "invalid_value", ["pingg"]],
    ["a type of capitals", '{"type":"PING"}', "invalid_value", ["PING"]],
    ["the type __proto__", '{"type":"__proto__"}', "invalid_value", ["__proto__"]],
    ["the type constructor", '{"type":"constructor"}', "invalid_value", ["constructor"]],

    ["a field missing", '{"type":"pong"}', "missing_field", ["pong", "ignored"]],
    [
      "a required field misspelled",
      '{"type":"pong","ignord":"0x"}',
      "missing_field",
      ["pong", "ignored"],
    ],
    ["an optional field misspelled", `${bare},"network":[]}`, "invalid_value", ["init", "network"]],
    [
      "a field in the spec's spelling",
      `${bare},"remote_addr":{"type":"dns","hostname":"a","port":1}}`,
      "invalid_value",
      ["init", "remote_addr"],
    ],
    [
      "a required nested field misspelled",
      `${bare},"remoteAddr":{"type":"dns","hostname":"a","prt":1}}`,
      "out_of_range",
      ["init", "remoteAddr"],
    ],
    [
      "a nested field too many",
      `${bare},"remoteAddr":{"type":"dns","hostname":"a","port":1,"address":"0x"}}`,
      "invalid_value",
      ["init", "remoteAddr", "address"],
    ],
    [
      "a field too many in a list's second item",
      `${reply},"checksums":[{"node1":1,"node2":2},{"node1":1,"node2":2,"node3":3}]}`,
      "invalid_value",
      ["reply_channel_range", "checksums", 1, "node3"],
    ],
    [
      "a field missing in a list's second item",
      `${reply},"checksums":[{"node1":1,"node2":2},{"node1":1}]}`,
      "missing_field",
      ["reply_channel_range", "checksums", 1, "node2"],
    ],
    [
      "a field too many in a record",
      '{"type":"pong","ignored":"0x","unknown":[{"type":"1n","value":"0x","length":0}]}',
      "invalid_value",
      ["pong", "unknown", 0, "length"],
    ],
    [
      "a field too many in an unknown message",
      '{"type":"unknown","id":1,"payload":"0x","unknown":[{"type":"1n","value":"0x"}]}',
      "invalid_value",
      ["unknown", "unknown"],
    ],
    [
      "an unknown message without payload",
      '{"type":"unknown","id":1}',
      "missing_field",
      ["unknown", "payload"],
    ],
    ["__proto__", `${bare},"__proto__":{}}`, "invalid_value", ["init", "__proto__"]],
    [
      "an optional field inside __proto__",
      `${bare},"__proto__":{"networks":[]}}`,
      "invalid_value",
      ["init", "__proto__"],
    ],
    ["constructor", `${bare},"constructor":1}`, "invalid_value", ["init", "constructor"]],
    ["toString", `${bare},"toString":1}`, "invalid_value", ["init", "toString"]],
    ["toJSON", `${bare},"toJSON":"x"}`, "invalid_value", ["init", "toJSON"]],
    [
      "__proto__ inside",
      `${bare},"remoteAddr":{"type":"dns","hostname":"a","port":1,"__proto__":{}}}`,
      "invalid_value",
      ["init", "remoteAddr", "__proto__"],
    ],

    ["null for bytes", '{"type":"pong","ignored":null}', "invalid_value", ["pong", "ignored"]],
    [
      "null for an optional field",
      `${bare},"networks":null}`,
      "invalid_value",
      ["init", "networks"],
    ],
    [
      "null in a list",
      `${bare},"networks":["${regtest}",null]}`,
      "invalid_value",
      ["init", "networks", 1],
    ],
    ["a list for bytes", '{"type":"pong","ignored":[1]}', "invalid_value", ["pong", "ignored"]],
    [
      "an empty list for bytes",
      '{"type":"pong","ignored":[]}',
      "invalid_value",
      ["pong", "ignored"],
    ],
    [
      "a list of 32 numbers for 32 bytes",
      `{"type":"stfu","channelId":[${"0,".repeat(31)}0],"initiator":true}`,
      "invalid_value",
      ["stfu", "channelId"],
    ],
    ["text for bytes", '{"type":"pong","ignored":"00"}', "invalid_value", ["pong", "ignored"]],
    [
      "hex of an odd length",
      '{"type":"pong","ignored":"0x000"}',
      "invalid_value",
      ["pong", "ignored"],
    ],
    [
      "hex with other letters",
      `${bare},"networks":["0x0g"]}`,
      "invalid_value",
      ["init", "networks", 0],
    ],
    ["bytes for a list", `${bare},"networks":"0x"}`, "invalid_value", ["init", "networks"]],
    ["text for a list", `${bare},"networks":""}`, "invalid_value", ["init", "networks"]],
    ["an object for a list", `${bare},"networks":{}}`, "invalid_value", ["init", "networks"]],
    [
      "a list for an object",
      `${bare},"remoteAddr":["dns","a",1]}`,
      "invalid_value",
      ["init", "remoteAddr"],
    ],
    [
      "a method's name for an address",
      `${bare},"remoteAddr":{"type":"toString","address":"0x","port":1}}`,
      "invalid_value",
      ["init", "remoteAddr"],
    ],
    [
      "nested lists",
      `${bare},"networks":[["${regtest}"]]}`,
      "wrong_length",
      ["init", "networks", 0],
    ],
    [
      "a number for a bigint",
      `${rbf},"fundingOutputContribution":1}`,
      "out_of_range",
      ["tx_ack_rbf", "fundingOutputContribution"],
    ],
    [
      "text for a bigint",
      `${rbf},"fundingOutputContribution":"1"}`,
      "out_of_range",
      ["tx_ack_rbf", "fundingOutputContribution"],
    ],
    [
      "a bigint for a number",
      '{"type":"ping","numPongBytes":"8n","ignored":"0x"}',
      "out_of_range",
      ["ping", "numPongBytes"],
    ],
    [
      "text for a number",
      '{"type":"ping","numPongBytes":"8","ignored":"0x"}',
      "out_of_range",
      ["ping", "numPongBytes"],
    ],
    [
      "a fraction",
      '{"type":"ping","numPongBytes":0.5,"ignored":"0x"}',
      "out_of_range",
      ["ping", "numPongBytes"],
    ],
    [
      "a number beyond all",
      '{"type":"ping","numPongBytes":1e999,"ignored":"0x"}',
      "out_of_range",
      ["ping", "numPongBytes"],
    ],
    ["text for a boolean", `${stfu},"initiator":"true"}`, "invalid_value", ["stfu", "initiator"]],
    ["a number for a boolean", `${stfu},"initiator":1}`, "invalid_value", ["stfu", "initiator"]],
    [
      "false for a record that is only there",
      `${rbf},"requireConfirmedInputs":false}`,
      "invalid_value",
      ["tx_ack_rbf", "requireConfirmedInputs"],
    ],
    [
      "a record's type as a number",
      '{"type":"pong","ignored":"0x","unknown":[{"type":1,"value":"0x"}]}',
      "invalid_value",
      ["pong", "unknown", 0],
    ],
    [
      "an even record",
      '{"type":"pong","ignored":"0x","unknown":[{"type":"2n","value":"0x"}]}',
      "invalid_value",
      ["pong", "unknown", 0],
    ],
    [
      "records that are no list",
      '{"type":"pong","ignored":"0x","unknown":{"1":"0x"}}',
      "invalid_value",
      ["pong"],
    ],

    // A reader would take these two for something else.
    [
      "an opaque address that is cut",
      `${bare},"remoteAddr":{"type":"opaque","data":"0x0502"}}`,
      "invalid_value",
      ["init", "remoteAddr"],
    ],
    [
      "an opaque address that is a hostname",
      `${bare},"remoteAddr":{"type":"opaque","data":"0x0501610001"}}`,
      "invalid_value",
      ["init", "remoteAddr"],
    ],
    [
      "more than a message holds",
      `{"type":"pong","ignored":"0x${"00".repeat(65532)}"}`,
      "too_long",
      ["pong"],
    ],
  ])("%s", (_what, json, code, path) => {
    expect(thrown(() => read(json))).toMatchObject({ name: "EncodeError", code, path });
  });

  test("has a cause: no JSON", () => {
    expect(thrown(() => read("{")).cause).toMatchObject({ name: "SyntaxError" });
  });

  test("has a cause: what is written and not read", () => {
    const field: Codec<unknown> = {
      read(reader) {
        throw reader.error("invalid_value", "not this way");
      },
      write: () => undefined,
    };
    const set = messageSet([message<Own>(32769, "own", { field })]);
    const error = thrown(() => messageFromJson('{"type":"own","field":1}', set));
    expect(error).toMatchObject({ code: "invalid_value", path: ["own", "field"] });
    expect(error.cause).toMatchObject({ name: "DecodeError" });
  });

  test("is what its codec reads in another way than it writes", () => {
    for (const back of [null, undefined, 1, [], {}]) {
      const field: Codec<unknown> = { read: () => back, write: () => undefined };
      const set = messageSet([message<Own>(32769, "own", { field })]);
      const error = thrown(() => messageFromJson('{"type":"own","field":{"a":1}}', set));
      expect(error).toMatchObject({ name: "EncodeError", code: "invalid_value" });
      expect(error.path.slice(0, 2)).toEqual(["own", "field"]);
    }
  });

  const deep = 100_000;
  test.each<[what: string, json: string, path: readonly (string | number)[]]>([
    ["lists", "[".repeat(deep) + "]".repeat(deep), []],
    ["lists that are not closed", "[".repeat(deep), []],
    [
      "lists in a field",
      `{"type":"pong","ignored":${"[".repeat(deep)}${"]".repeat(deep)}}`,
      ["pong", "ignored", ...Array.from({ length: 32 }, () => 0)],
    ],
    [
      "objects in a field",
      `{"type":"pong","ignored":${'{"a":'.repeat(deep)}1${"}".repeat(deep)}}`,
      ["pong", "ignored", ...Array.from({ length: 32 }, () => "a")],
    ],
  ])("is refused with 100,000 levels of %s", (_what, json, path) => {
    expect(thrown(() => read(json))).toMatchObject({
      name: "EncodeError",
      code: "invalid_value",
      path,
    });
  });
});
