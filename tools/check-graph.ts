// Checks that packages import, declare and reference what `graph.ts` allows, and nothing else.
import { readdirSync, readFileSync } from "node:fs";
import { cruise, type IFlattenedRuleSet, type IReporterOutput } from "dependency-cruiser";
import { graph, nodeOnly } from "./graph.ts";

const problems: string[] = [];
const json = (path: string): Record<string, unknown> => JSON.parse(readFileSync(path, "utf8"));
const keys = (value: unknown): string[] => Object.keys((value as object | undefined) ?? {});
const same = (a: readonly string[], b: readonly string[]): boolean =>
  [...a].sort().join() === [...b].sort().join();
const references = (path: string): string[] =>
  ((json(path)["references"] ?? []) as { path: string }[]).map((reference) => reference.path);
const oneOf = (names: readonly string[]): string => `(${names.join("|")})`;

const folders = readdirSync("packages");
if (!same(folders, keys(graph))) {
  problems.push(`packages/ holds ${folders.join(", ")}; graph.ts names ${keys(graph).join(", ")}`);
}

for (const [name, { packages, external, optionalPeers = {} }] of Object.entries(graph)) {
  const manifest = json(`packages/${name}/package.json`);
  const wanted = [...packages.map((dependency) => `@satwire/${dependency}`), ...external];
  const declared = keys(manifest["dependencies"]);
  if (!same(declared, wanted)) {
    problems.push(
      `packages/${name}/package.json: dependencies ${declared.join(", ")}; allowed ${wanted.join(", ")}`,
    );
  }
  const peers = manifest["peerDependencies"];
  if (!same(keys(peers), keys(optionalPeers))) {
    problems.push(
      `packages/${name}/package.json: peers ${keys(peers).join(", ")}; allowed ${keys(optionalPeers).join(", ")}`,
    );
  }
  const meta = (manifest["peerDependenciesMeta"] ?? {}) as Record<string, { optional?: boolean }>;
  for (const peer of keys(optionalPeers)) {
    if (meta[peer]?.optional !== true) {
      problems.push(`packages/${name}/package.json: the peer ${peer} is not optional`);
    }
    // Without it there the tests of the folder that uses it could not run.
    if (!keys(manifest["devDependencies"]).includes(peer)) {
      problems.push(`packages/${name}/package.json: ${peer} is not among the devDependencies`);
    }
  }
  // TypeScript builds in the order of these and says nothing when one is missing.
  const config = `packages/${name}/tsconfig.json`;
  const dependencies = packages.map((dependency) => `../${dependency}`);
  if (!same(references(config), dependencies)) {
    problems.push(`${config}: references differ from the dependencies`);
  }
}

/** The folders, of whichever package, that may use an optional peer. */
function usersOf(peer: string): string[] {
  return Object.entries(graph).flatMap(([name, { optionalPeers = {} }]) => {
    const folder = optionalPeers[peer];
    return folder === undefined ? [] : [`^packages/${name}/${folder}/`];
  });
}

// What is not referenced here is neither built nor checked.
const everyPackage = folders.map((name) => `packages/${name}`);
for (const [config, wanted] of [
  ["tsconfig.json", [...everyPackage, "tsconfig.tests.json"]],
  ["tsconfig.tests.json", everyPackage],
] as const) {
  const found = references(config);
  for (const path of wanted) {
    if (!found.includes(path)) problems.push(`${config}: no reference to ${path}`);
  }
  for (const path of found) {
    if (!wanted.includes(path))
      problems.push(`${config}: a reference to ${path}, which is not there`);
  }
}

// What others may import: `index.ts`, and what is exported under a path of its own.
const entries = folders.flatMap((name) =>
  Object.values((json(`packages/${name}/package.json`)["exports"] ?? {}) as Record<string, string>)
    .filter((path) => path.endsWith(".ts"))
    .map((path) => `^packages/${name}/${path.slice(2).replaceAll(".", "\\.")}$`),
);

const rules: IFlattenedRuleSet = {
  forbidden: [
    {
      name: "cycle",
      severity: "error",
      from: {},
      // Types may refer to each other: they are gone when the code runs.
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "node-builtin-outside-its-entry",
      severity: "error",
      from: { path: "^packages/[^/]+/src/", pathNot: nodeOnly },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "past-the-index",
      severity: "error",
      from: { path: "^packages/([^/]+)/" },
      to: {
        path: "^packages/[^/]+/",
        pathNot: ["^packages/$1/", ...entries],
      },
    },
    {
      name: "past-the-index",
      severity: "error",
      from: { path: "^(examples|interop|bench)/" },
      to: { path: "^packages/", pathNot: entries },
    },
    ...Object.entries(graph).flatMap(([name, { optionalPeers = {} }]) =>
      Object.entries(optionalPeers).flatMap(([peer, folder]) => [
        {
          name: `${peer}-is-optional`,
          severity: "error" as const,
          from: { path: `^packages/${name}/src/`, pathNot: `^packages/${name}/${folder}/` },
          to: { path: `node_modules/${peer}/` },
        },
        {
          name: `needs-${peer}`,
          severity: "error" as const,
          from: { path: "^packages/[^/]+/src/", pathNot: usersOf(peer) },
          to: { path: `^packages/${name}/${folder}/` },
        },
      ]),
    ),
    ...Object.entries(graph).flatMap(
      ([name, { packages, external, optionalPeers, tests = [] }]) => [
        {
          name: `graph-of-${name}`,
          severity: "error" as const,
          from: { path: `^packages/${name}/src/` },
          to: { path: "^packages/", pathNot: `^packages/${oneOf([name, ...packages])}/` },
        },
        {
          name: `graph-of-${name}-tests`,
          severity: "error" as const,
          from: { path: `^packages/${name}/(test|bench|fuzz)/` },
          to: { path: "^packages/", pathNot: `^packages/${oneOf([name, ...packages, ...tests])}/` },
        },
        {
          name: `npm-packages-of-${name}`,
          severity: "error" as const,
          from: { path: `^packages/${name}/src/` },
          to: {
            path: "node_modules/",
            pathNot: `node_modules/${oneOf([...external, ...keys(optionalPeers), "@satwire"])}/`,
          },
        },
      ],
    ),
  ],
};

const { output }: IReporterOutput = await cruise(["packages", "examples", "interop", "bench"], {
  ruleSet: rules,
  validate: true,
  doNotFollow: { path: "node_modules" },
  exclude: { path: "/dist/" },
  tsPreCompilationDeps: true,
  combinedDependencies: false,
  enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["node", "import"] },
});
if (typeof output === "string") throw new Error(output);
const { totalCruised, violations } = output.summary;
for (const { rule, from, to } of violations) problems.push(`${rule.name}: ${from} → ${to}`);
if (totalCruised < 50) problems.push(`only ${totalCruised} modules were looked at`);

for (const problem of problems) console.error(problem);
console.log(`graph: ${totalCruised} modules, ${problems.length} problems`);
if (problems.length > 0) process.exitCode = 1;
