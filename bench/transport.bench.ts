import { afterAll, expect, test } from "vitest";
import { type Link, lnmessageLink, nodeLightningLink, satwireLink } from "./links.ts";
import { nativeCrypto } from "./native-crypto.ts";
import { sideBySide } from "./side-by-side.ts";
import { Table } from "./table.ts";

// Does not measure: sockets, the handshake, codecs, a frame that arrives in parts.

const table = new Table();
afterAll(() => table.print());

const createLinks: readonly (readonly [name: string, create: () => Link])[] = [
  ["satwire", satwireLink],
  ["satwire, native crypto", () => satwireLink(nativeCrypto)],
  ["lnmessage", lnmessageLink],
  ["@node-lightning/noise", nodeLightningLink],
];

test("every implementation puts the same bytes on the wire, across two key rotations", () => {
  const links = createLinks.map(([, create]) => create());
  for (let i = 0; i < 1100; i++) {
    const message = new Uint8Array(1 + (i % 50)).fill(i);
    const frames = links.map((link) => Buffer.from(link.encrypt(message)).toString("hex"));
    expect(new Set(frames).size).toBe(1);
    for (const link of links) {
      const frame = Buffer.from(frames[0] ?? "", "hex");
      expect(Buffer.compare(link.decrypt(frame) ?? new Uint8Array(0), message)).toBe(0);
    }
  }
});

for (const size of [34, 136, 430, 1400, 65535]) {
  test(`message of ${size} bytes`, { timeout: 60_000 }, async () => {
    const message = new Uint8Array(size).fill(7);
    const measured = await sideBySide(
      ...createLinks.map(([name, create]) => {
        const { encrypt, decrypt } = create();
        return { name, run: () => decrypt(encrypt(message)) };
      }),
    );
    table.add(`${size} bytes`, measured);
  });
}
