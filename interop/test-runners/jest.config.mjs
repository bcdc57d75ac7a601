/** What jest needs to run TypeScript as ES modules; also `node --experimental-vm-modules`. */
export default {
  testMatch: ["**/smoke.jest.ts"],
  extensionsToTreatAsEsm: [".ts"],
  moduleFileExtensions: ["js", "mjs", "ts", "json", "node"],
  transform: { "\\.ts$": "<rootDir>/strip-types.mjs" },
  watchman: false,
};
