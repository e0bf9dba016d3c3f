#!/usr/bin/env node
// Checks the imports in packages/quorumlock/src, and in src of the packages around it. The source has floors, and a file imports only from its
// own floor or from lower floors. A room is a file or a directory of src. A new room needs a floor in this script.
//
//   node scripts/check-layers.mjs [root of the workspace]
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** All floors, lowest first. A file imports from its own floor or from lower floors. */
const FLOORS = [
  { name: "base", rooms: ["base"] },
  { name: "diagnostics", rooms: ["diagnostics"] },
  { name: "operations", rooms: ["operations", "generated"] },
  { name: "instances", rooms: ["instances"] },
  { name: "members", rooms: ["members"] },
  { name: "quorum", rooms: ["quorum"] },
  { name: "waiting", rooms: ["waiting"] },
  { name: "holding", rooms: ["lockable.ts", "holding"] },
  { name: "acquiring", rooms: ["acquiring"] },
  { name: "primitives", rooms: ["primitives", "compositions"] },
  { name: "client", rooms: ["client", "mutex-redlock.ts", "redlock.ts"] },
  { name: "policies", rooms: ["policies"] },
  { name: "operator", rooms: ["operator"] },
  { name: "patterns", rooms: ["patterns"] },
  { name: "web-locks compat", rooms: ["web-locks", "compat"] },
  { name: "kubernetes", rooms: ["kubernetes"] },
  { name: "observe", rooms: ["observe"] },
];

/** The public entry. It may import every room. */
const PUBLIC_ENTRY = "index.ts";

/** Rooms outside the floors. They import the public entry and the rooms in `mayImport`. No other room imports them. */
const OUTER_ROOMS = [
  { room: "integrations", mayImport: [] },
  // The conformance suite tests the instances and the operations directly. The servers use the clock.
  { room: "testing", mayImport: ["operations", "instances", "base"] },
];

/**
 * Optional packages, and the only file that may import them. It must use a dynamic import, because they may be missing. The name
 * may be computed, because bundlers must not look for the package.
 */
const OPTIONAL_PACKAGES = { file: "instances/url.ts", names: ["ioredis", "redis"] };

const LIBRARY = "packages/quorumlock/src";
/** The packages that use the library as others do. */
const AROUND = ["packages/ops/src", "packages/nestjs/src"];
const LIBRARY_ENTRIES = [
  "quorumlock",
  "quorumlock/operator",
  "quorumlock/testing",
  "quorumlock/patterns",
  "quorumlock/observe",
  "quorumlock/kubernetes",
  "quorumlock/web-locks",
  "quorumlock/prometheus",
  "quorumlock/opentelemetry",
  "quorumlock/kafka",
  "quorumlock/compat/redlock",
];

/**
 * Finds all violations in the workspace at `root`. Returns one sentence for each.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function checkLayers(root) {
  const library = join(root, LIBRARY);
  const files = sourcesIn(library).map((path) => ({ path, imports: importsOf(join(library, path)) }));
  return [
    ...unknownRooms(library),
    ...files.flatMap(({ path, imports }) => imports.flatMap((imported) => checkImport(path, imported))),
    ...importCycles(files),
    ...AROUND.flatMap((sources) => outsideViolations(root, sources)),
  ];
}

function unknownRooms(library) {
  const known = [
    PUBLIC_ENTRY,
    ...FLOORS.flatMap(({ rooms }) => rooms),
    ...OUTER_ROOMS.map(({ room }) => room),
  ];
  const unknown = readdirSync(library).filter((entry) => !known.includes(entry));
  return unknown.map((entry) => `${entry} has no floor; add it to FLOORS in scripts/check-layers.mjs`);
}

/** The violation of one import, as a list of zero or one sentences. */
function checkImport(path, { specifier, dynamic }) {
  if (specifier === undefined) {
    if (path === OPTIONAL_PACKAGES.file) return [];
    return [`${path} imports a computed name, which this script cannot check; use a string`];
  }
  if (!specifier.startsWith(".")) return checkPackage(path, specifier, dynamic);
  const target = targetOf(path, specifier);
  if (target.startsWith("..")) return [`${path} imports ${specifier}, which is outside ${LIBRARY}`];
  const [from, to] = [placeOf(path), placeOf(target)];
  if (path === PUBLIC_ENTRY || from.room === to.room || from.kind === "unknown" || to.kind === "unknown")
    return [];
  const statement = `${path} (${describe(from)}) imports ${target} (${describe(to)})`;

  if (to.kind === "outer room") return [`${statement}: no other room may import ${to.room}`];
  if (from.kind === "outer room") {
    if (to.kind === "public entry" || from.mayImport.includes(to.room)) return [];
    return [`${statement}: ${from.room} may import only ${[PUBLIC_ENTRY, ...from.mayImport].join(", ")}`];
  }
  if (to.kind === "public entry") return [`${statement}: only users and outer rooms may import it`];
  return to.level > from.level ? [`${statement}: that floor is higher`] : [];
}

function checkPackage(path, name, dynamic) {
  if (name.startsWith("node:")) return [];
  if (OPTIONAL_PACKAGES.names.includes(name) && path === OPTIONAL_PACKAGES.file && dynamic) return [];
  const allowed = OPTIONAL_PACKAGES.names.join(" and ");
  const exception = `only ${OPTIONAL_PACKAGES.file} may import ${allowed}, with import()`;
  return [`${path} imports the package ${name}: the library has no dependencies, and ${exception}`];
}

/** The floor, outer room or public entry that a file of the library belongs to. */
function placeOf(path) {
  const [room] = path.split("/");
  if (path === PUBLIC_ENTRY) return { kind: "public entry", room };
  const level = FLOORS.findIndex(({ rooms }) => rooms.includes(room));
  if (level !== -1) return { kind: "floor", room, level };
  const outerRoom = OUTER_ROOMS.find((candidate) => candidate.room === room);
  return outerRoom ? { kind: "outer room", ...outerRoom } : { kind: "unknown", room };
}

function describe({ kind, level }) {
  return kind === "floor" ? `floor ${level}, ${FLOORS[level].name}` : kind;
}

/** All cycles of imports. A depth-first search finds them, and each cycle is reported once. */
function importCycles(files) {
  const graph = new Map(files.map(({ path, imports }) => [path, targetsOf(path, imports)]));
  const found = new Map();
  const finished = new Set();
  const visit = (path, trail) => {
    const start = trail.indexOf(path);
    if (start !== -1) {
      const cycle = trail.slice(start);
      found.set(cycle.toSorted().join(), `import cycle: ${[...cycle, path].join(" → ")}`);
    } else if (!finished.has(path)) {
      for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
      finished.add(path);
    }
  };
  for (const path of graph.keys()) visit(path, []);
  return [...found.values()];
}

function targetsOf(path, imports) {
  const specifiers = imports.map(({ specifier }) => specifier).filter((name) => name?.startsWith("."));
  return specifiers.map((specifier) => targetOf(path, specifier));
}

/** A package around the library may import it only by its package name. */
function outsideViolations(root, sources) {
  const directory = join(root, sources);
  if (!existsSync(directory)) return [];
  const [, name] = sources.split("/");
  return sourcesIn(directory).flatMap((path) =>
    importsOf(join(directory, path)).flatMap(({ specifier = "" }) => {
      const isDeep = specifier.startsWith("quorumlock") && !LIBRARY_ENTRIES.includes(specifier);
      const isOutside = specifier.startsWith(".") && targetOf(path, specifier).startsWith("..");
      if (!isDeep && !isOutside) return [];
      return [
        `${sources}/${path} imports ${specifier}: ${name} may import only ${LIBRARY_ENTRIES.join(" and ")}`,
      ];
    }),
  );
}

function sourcesIn(directory) {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  const sources = entries.filter((entry) => entry.isFile() && /\.[cm]?tsx?$/.test(entry.name));
  const paths = sources.map((entry) => relative(directory, join(entry.parentPath, entry.name)));
  return paths.map((path) => path.split(sep).join("/")).toSorted();
}

/** The path of an imported file, relative to the source directory. */
function targetOf(path, specifier) {
  return posix.join(posix.dirname(path), specifier);
}

/**
 * All imports of a file: import, import type, export … from, import(), and the type import("…").
 *
 * The function needs no parser. It removes comments and replaces each string by its number. After that, a simple pattern finds
 * only imports.
 */
function importsOf(file) {
  const strings = [];
  const stringOrComment =
    /"((?:\\.|[^"\\\n])*)"|'((?:\\.|[^'\\\n])*)'|`(?:\\.|[^`\\])*`|\/\*[^]*?\*\/|\/\/[^\n]*/g;
  const code = readFileSync(file, "utf8").replace(stringOrComment, (match, double, single) => {
    if (match.startsWith("/")) return " ";
    return `"${strings.push(double ?? single) - 1}"`;
  });
  const staticImports = [...code.matchAll(/\b(?:from|import)\s*"(\d+)"/g)];
  const dynamicImports = [...code.matchAll(/\bimport\s*\(\s*(?:"(\d+)")?/g)];
  return [
    ...staticImports.map(([, index]) => ({ specifier: strings[index], dynamic: false })),
    ...dynamicImports.map(([, index]) => ({ specifier: strings[index], dynamic: true })),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), "..");
  const violations = checkLayers(root);
  for (const violation of violations) console.error(violation);
  if (violations.length > 0) process.exit(1);
  console.log("Layers: no import goes to a higher floor.");
}
