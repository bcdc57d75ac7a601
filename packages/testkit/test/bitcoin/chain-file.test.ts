import { concatBytes, formatHash, hash256 } from "@satwire/btcwire";
import { describe, expect, test } from "vitest";
import { FakeChain, FakeChainError } from "../../src/index.ts";

const output = { value: 1000n, scriptPubKey: Uint8Array.of(0x51) };

function errorOf(run: () => unknown): FakeChainError {
  try {
    run();
  } catch (error) {
    if (error instanceof FakeChainError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** The file with its checksum made right again. */
function sealed(file: Uint8Array): Uint8Array {
  const contents = file.subarray(0, -4);
  return concatBytes(contents, hash256(contents).subarray(0, 4));
}

function changed(file: Uint8Array, at: number, value: number): Uint8Array {
  const copy = file.slice();
  copy[at] = value;
  return copy;
}

const seedLength = "a seed: ü".length + 1;
/** Where the number of blocks is. */
const countAt = 10 + 1 + seedLength + 8;

describe("a saved chain", () => {
  const chain = FakeChain.generate({
    blocks: 120,
    seed: "a seed: ü",
    network: "simnet",
    startTime: 1_500_000_000,
    blockIntervalSeconds: 700,
  });
  chain.mine(1, { transactions: [chain.pay([output])] });
  const old = chain.tip;
  chain.reorg(1);
  chain.addTransaction(chain.pay([output, output]));
  const file = chain.save();

  test("is the same when it is loaded: branches, what waits, and what is mined next", () => {
    const loaded = FakeChain.load(file);
    expect(loaded.network.name).toBe("simnet");
    expect(formatHash(loaded.tip.hash)).toBe(formatHash(chain.tip.hash));
    expect(loaded.block(old.hash)).toEqual(old);
    expect(loaded.mempool).toEqual(chain.mempool);
    expect(loaded.save()).toEqual(file);
    const again = FakeChain.load(file);
    expect(formatHash(loaded.mine(2)[1]!.hash)).toBe(formatHash(again.mine(2)[1]!.hash));
    expect(loaded.pay([output])).toEqual(again.pay([output]));
  });

  test("of the first block alone", () => {
    expect(FakeChain.load(new FakeChain().save()).height).toBe(0);
  });

  test("is refused with any byte changed, or cut anywhere", () => {
    for (let at = 0; at < file.length; at += 211) {
      const error = errorOf(() => FakeChain.load(changed(file, at, (file[at] as number) ^ 0x40)));
      expect(error.code).toBe("bad_file");
      expect(errorOf(() => FakeChain.load(file.subarray(0, at))).code).toBe("bad_file");
    }
  });

  test.each<[string, Uint8Array, string]>([
    ["no chain at all", new Uint8Array(0), "no saved chain"],
    ["a later format", sealed(changed(file, 8, 2)), "format 2 is not known"],
    ["another network", sealed(changed(file, 9, 2)), "network 2 is not known"],
    ["a seed that is no text", sealed(changed(file, 11, 0xff)), "no UTF-8"],
    ["more blocks than there are", sealed(changed(file, countAt, 0xfc)), "not all of a chain"],
    ["fewer blocks than there are", sealed(changed(file, countAt, 2)), "not all of a chain"],
    [
      "a number of blocks that no memory holds",
      sealed(concatBytes(file.subarray(0, countAt), Uint8Array.of(0xfe, 255, 255, 255, 0), file)),
      "not all of a chain",
    ],
    ["no time between blocks", sealed(noInterval(file)), "no time in between"],
  ])("with %s is a bad file", (_name, bytes, text) => {
    const error = errorOf(() => FakeChain.load(bytes));
    expect([error.name, error.code]).toEqual(["FakeChainError", "bad_file"]);
    expect(error.message).toContain(text);
  });

  test("is not believed what its blocks do not prove", () => {
    // The first block: its length, then version, parent, merkle root, time, bits, nonce, and its transactions.
    const blockAt = countAt + 1 + 3;
    const codes = [0, 4, 36, 68, 72, 90].map((offset) => {
      const at = blockAt + offset;
      const bytes = sealed(changed(file, at, (file[at] as number) ^ 1));
      return errorOf(() => FakeChain.load(bytes)).code;
    });
    expect(new Set(codes)).toEqual(
      new Set(["bad_proof_of_work", "unknown_parent", "bad_merkle_root"]),
    );
  });

  test("is not believed a transaction that cannot wait", () => {
    const last = file.length - 4 - 60;
    const codes = new Set<string>();
    for (let at = last; at < file.length - 4; at += 5) {
      try {
        FakeChain.load(sealed(changed(file, at, (file[at] as number) ^ 0x80)));
      } catch (error) {
        codes.add((error as FakeChainError).code);
      }
    }
    expect(codes).toContain("bad_transaction");
  });
});

function noInterval(file: Uint8Array): Uint8Array {
  const copy = file.slice();
  copy.fill(0, countAt - 4, countAt);
  return copy;
}
