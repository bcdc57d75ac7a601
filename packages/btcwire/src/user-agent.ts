// BIP 14: the names of the software that a node runs, as `version` says them. Never decide by them.
import { EncodeError } from "@satwire/codec";
import { maxUserAgentLength } from "./messages/handshake.ts";

/** One layer of a node's software. */
export interface UserAgentPart {
  readonly name: string;
  /** In no fixed form, such as `29.1.0` or `20110128`. */
  readonly version?: string;
  /** Absent if there are none. */
  readonly comments?: readonly string[];
}

/**
 * The text of a user agent, from the lowest layer up, such as `/Satoshi:29.1.0/` or `/a:1(b; c)/d:2/`.
 *
 * @throws EncodeError `invalid_value` if there is no part, or one without a name, or if a name, version or comment
 * is not printable ASCII, has one of `/:()`, or, in a comment, `;` or spaces at an end; `too_long` above 256 characters
 */
export function formatUserAgent(parts: readonly UserAgentPart[]): string {
  if (parts.length === 0) throw new EncodeError("invalid_value", "a user agent has a part or more");
  const text = `/${parts.map(textOfPart).join("/")}/`;
  if (text.length > maxUserAgentLength) {
    const problem = `a user agent of ${text.length} characters, at most ${maxUserAgentLength}`;
    throw new EncodeError("too_long", problem);
  }
  return text;
}

/**
 * The parts of a user agent; undefined if it is not in the form of BIP 14. Versions and the last slash may be
 * absent, and comments may have any character but `(` and `)`.
 *
 * They are what the peer likes them to be: see `printableText` before showing them.
 */
export function parseUserAgent(text: string): readonly UserAgentPart[] | undefined {
  const part = /\/([^/:()]+)(?::([^/:()]*))?(?:\(([^()]*)\))?/y;
  const end = text.endsWith("/") ? text.length - 1 : text.length;
  const parts: UserAgentPart[] = [];
  while (part.lastIndex < end) {
    const found = part.exec(text);
    if (found === null) return undefined;
    const [, name = "", version, comment] = found;
    const comments = (comment ?? "").split(";").flatMap((item) => item.trim() || []);
    parts.push({
      name,
      ...(version === undefined ? {} : { version }),
      ...(comments.length === 0 ? {} : { comments }),
    });
  }
  return parts.length === 0 ? undefined : parts;
}

function textOfPart({ name, version, comments = [] }: UserAgentPart, i: number): string {
  if (name === "") throw new EncodeError("invalid_value", "is empty", { path: [i, "name"] });
  const check = (text: string, ...key: readonly (string | number)[]): string => {
    if (!/^[ !-'*-.0-9;-~]*$/.test(text)) {
      const problem = `"${text.slice(0, 80)}" has characters that are not allowed`;
      throw new EncodeError("invalid_value", problem, { path: [i, ...key] });
    }
    return text;
  };
  const remarks = comments.map((comment, k) => {
    if (comment === "" || comment.includes(";") || comment.trim() !== comment) {
      const problem = "is empty, has spaces at an end, or a semicolon";
      throw new EncodeError("invalid_value", problem, { path: [i, "comments", k] });
    }
    return check(comment, "comments", k);
  });
  return (
    check(name, "name") +
    (version === undefined ? "" : `:${check(version, "version")}`) +
    (remarks.length === 0 ? "" : `(${remarks.join("; ")})`)
  );
}
