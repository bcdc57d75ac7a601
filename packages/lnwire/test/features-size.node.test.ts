import { expect, test } from "vitest";
import { bundle } from "../../../tools/bundle.ts";

const inTheTable = /option_data_loss_protect|taproot_overlay_chans/;
const exporting = (name: string): string => `export { ${name} } from "@satwire/lnwire";`;

test.each([
  "featureVector",
  "featureBits",
  "hasFeatureBit",
  "joinFeatures",
  "trimFeatures",
  "FeatureError",
])("importing %s does not bring the table", async (name) => {
  const { code } = await bundle("lnwire", exporting(name));
  expect(inTheTable.exec(code)?.[0]).toBeUndefined();
});

test("the table goes even if a bundler does not know of `sideEffects`", async () => {
  const { code } = await bundle("lnwire", exporting("hasFeatureBit"), { isTrusted: false });
  expect(inTheTable.exec(code)?.[0]).toBeUndefined();
});

test("nor does importing channel types", async () => {
  const { code } = await bundle("lnwire", exporting("channelTypeOf, channelTypeVector"));
  expect(code).not.toContain("option_data_loss_protect");
  expect(code).toContain("script_enforced_lease");
});

test("importing checkFeatures brings it, and its size is stated", async ({ annotate }) => {
  const { code, gzipBytes } = await bundle("lnwire", exporting("checkFeatures"));
  const text = `checkFeatures: ${gzipBytes} bytes gzip, ${code.length} minified`;
  await annotate(text, "size");
  expect(code).toMatch(inTheTable);
  expect(gzipBytes, text).toBeLessThan(3_000);
});
