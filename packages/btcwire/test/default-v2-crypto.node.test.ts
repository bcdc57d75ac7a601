import type { Decipheriv } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import { nobleV2Crypto } from "../src/transport/v2-crypto.ts";

// What a runtime does that resembles Node and is built on BoringSSL.

const key = new Uint8Array(32).fill(1);
const nonce = new Uint8Array(12).fill(2);
const none = new Uint8Array(0);

afterEach(() => {
  vi.doUnmock("node:crypto");
  vi.resetModules();
});

test("in Node, node:crypto does the work", async () => {
  const called: string[] = [];
  vi.doMock("node:crypto", async (original) => {
    const real = await original<typeof import("node:crypto")>();
    const noting = (name: "createCipheriv" | "createDecipheriv" | "createECDH") => ({
      [name]: (...given: unknown[]): unknown => {
        called.push(name);
        return (real[name] as (...all: unknown[]) => unknown)(...given);
      },
    });
    return {
      ...real,
      ...noting("createCipheriv"),
      ...noting("createDecipheriv"),
      ...noting("createECDH"),
    };
  });
  const { defaultV2Crypto } = await import("../src/transport/default-v2-crypto.node.ts");
  exercise(defaultV2Crypto);
  expect(called).toEqual(["createECDH", "createCipheriv", "createDecipheriv"]);
});

test("what was decrypted before the tag was known to be wrong is overwritten", async () => {
  let opened: Uint8Array | undefined;
  vi.doMock("node:crypto", async (original) => {
    const real = await original<typeof import("node:crypto")>();
    const createDecipheriv = (...given: unknown[]): object => {
      const decipher = (real.createDecipheriv as (...all: unknown[]) => Decipheriv)(...given);
      const update = decipher.update.bind(decipher);
      const watched = (bytes: Uint8Array): Uint8Array => (opened = update(bytes));
      return Object.assign(decipher, { update: watched });
    };
    return { ...real, createDecipheriv };
  });
  const { defaultV2Crypto } = await import("../src/transport/default-v2-crypto.node.ts");
  const sealed = new Uint8Array(21);
  defaultV2Crypto.seal(key, nonce, none, key, 0, 5, sealed, 0);
  expect(defaultV2Crypto.open(key, nonce, none, sealed, 0, 5, new Uint8Array(5), 0)).toBe(true);
  expect(opened?.length).toBe(5);
  expect(opened?.some((byte) => byte !== 0)).toBe(true);
  sealed[20] = (sealed[20] ?? 0) ^ 1;
  expect(defaultV2Crypto.open(key, nonce, none, sealed, 0, 5, new Uint8Array(5), 0)).toBe(false);
  expect(Uint8Array.from(opened ?? [])).toEqual(new Uint8Array(5));
});

test("without its curve and its cipher, noble does", async () => {
  const missing = (): never => {
    throw new Error("not in this runtime");
  };
  vi.doMock("node:crypto", () => ({
    getCurves: () => ["prime256v1"],
    getCipherInfo: () => undefined,
    createECDH: missing,
    createCipheriv: missing,
    createDecipheriv: missing,
  }));
  const { defaultV2Crypto } = await import("../src/transport/default-v2-crypto.node.ts");
  exercise(defaultV2Crypto);
});

function exercise(crypto: typeof nobleV2Crypto): void {
  const theirs = new Uint8Array(64).fill(3);
  expect(crypto.sharedX(key, theirs)).toEqual(nobleV2Crypto.sharedX(key, theirs));
  const sealed = new Uint8Array(21);
  crypto.seal(key, nonce, none, key, 0, 5, sealed, 0);
  const opened = new Uint8Array(5);
  expect(crypto.open(key, nonce, none, sealed, 0, 5, opened, 0)).toBe(true);
  expect(opened).toEqual(key.subarray(0, 5));
}
