#!/usr/bin/env node
// Checks who imports whom in packages/quorumlock/src, and what packages/ops may know of it, so that a call goes down the
// house and its answer comes up. What is on no floor is an error: a new room has to be given its floor here.
//
//   node scripts/check-layers.mjs [root of the workspace]
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Lowest first. A file imports from its own floor or from those below. A room is a file or a directory of src. */
const FLOORS = [
  { name: "base", rooms: ["base"] },
  { name: "operations", rooms: ["operations", "generated"] },
  { name: "instances", rooms: ["instances"] },
  { name: "members", rooms: ["members"] },
  { name: "quorum", rooms: ["quorum"] },
  { name: "waiting", rooms: ["waiting"] },
  { name: "holding", rooms: ["lockable.ts", "holding"] },
  { name: "acquiring", rooms: ["acquiring"] },
  { name: "primitives", rooms: ["primitives"] },
  { name: "client", rooms: ["client", "redlock.ts"] },
  { name: "policies", rooms: ["policies"] },
  { name: "patterns", rooms: ["patterns"] },
];

/** The public face: it imports from anywhere. */
const FACE = "index.ts";

/** Rooms beside the house. They look in through the face only, apart from what `alsoSees` names; nobody sees them. */
const ONLOOKERS = [
  { room: "observe", alsoSees: [] },
  { room: "integrations", alsoSees: [] },
  // The conformance suite is about the instances and the operations themselves, and virtual time about the clock.
  { room: "testing", alsoSees: ["operations", "instances", "base"] },
];

/** Foreign packages, and the only file that may import them: dynamically, when they are wanted. */
const OPTIONAL_PACKAGES = { file: "instances/url.ts", names: ["ioredis", "redis"] };

const LIBRARY = "packages/quorumlock/src";
const OPS = "packages/ops/src";
const LIBRARY_ENTRIES = ["quorumlock", "quorumlock/testing"];

/**
 * All violations in the workspace at `root`, one sentence each.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function checkLayers(root) {
  const library = join(root, LIBRARY);
  const files = sourcesIn(library).map((path) => ({ path, imports: importsOf(join(library, path)) }));
  return [
    ...unknownRooms(library),
    ...files.flatMap(({ path, imports }) => imports.flatMap((imported) => judge(path, imported))),
    ...circles(files),
    ...opsViolations(root),
  ];
}

function unknownRooms(library) {
  const known = [FACE, ...FLOORS.flatMap(({ rooms }) => rooms), ...ONLOOKERS.map(({ room }) => room)];
  const unknown = readdirSync(library).filter((entry) => !known.includes(entry));
  return unknown.map((entry) => `${entry} is on no floor: give it one in scripts/check-layers.mjs`);
}

/** What is wrong with one import, if anything. */
function judge(path, { specifier, dynamic }) {
  if (specifier === undefined) return [`${path} imports a computed name, which cannot be checked`];
  if (!specifier.startsWith(".")) return judgePackage(path, specifier, dynamic);
  const target = targetOf(path, specifier);
  if (target.startsWith("..")) return [`${path} imports ${specifier}, which is outside of ${LIBRARY}`];
  const [from, to] = [placeOf(path), placeOf(target)];
  if (path === FACE || from.room === to.room || from.kind === "unknown" || to.kind === "unknown") return [];
  const says = `${path} (${describe(from)}) imports ${target} (${describe(to)})`;

  if (to.kind === "onlooker") return [`${says}: nothing looks up at ${to.room}`];
  if (from.kind === "onlooker") {
    if (to.kind === "face" || from.alsoSees.includes(to.room)) return [];
    return [`${says}: ${from.room} looks in only through ${[FACE, ...from.alsoSees].join(", ")}`];
  }
  if (to.kind === "face") return [`${says}: the public face is for users and onlookers only`];
  return to.level > from.level ? [`${says}: that is upwards`] : [];
}

function judgePackage(path, name, dynamic) {
  if (name.startsWith("node:")) return [];
  if (OPTIONAL_PACKAGES.names.includes(name) && path === OPTIONAL_PACKAGES.file && dynamic) return [];
  const allowed = OPTIONAL_PACKAGES.names.join(" and ");
  const exception = `only ${OPTIONAL_PACKAGES.file} imports ${allowed}, with import()`;
  return [`${path} imports the package ${name}: the library depends on nothing, and ${exception}`];
}

/** Where a file of the library lives. */
function placeOf(path) {
  const [room] = path.split("/");
  if (path === FACE) return { kind: "face", room };
  const level = FLOORS.findIndex(({ rooms }) => rooms.includes(room));
  if (level !== -1) return { kind: "floor", room, level };
  const onlooker = ONLOOKERS.find((candidate) => candidate.room === room);
  return onlooker ? { kind: "onlooker", ...onlooker } : { kind: "unknown", room };
}

function describe({ kind, level }) {
  return kind === "floor" ? `floor ${level}, ${FLOORS[level].name}` : kind;
}

/** Every circle that a walk along the imports comes upon, told once and by path. */
function circles(files) {
  const graph = new Map(files.map(({ path, imports }) => [path, targetsOf(path, imports)]));
  const found = new Map();
  const finished = new Set();
  const visit = (path, trail) => {
    const start = trail.indexOf(path);
    if (start !== -1) {
      const circle = trail.slice(start);
      found.set(circle.toSorted().join(), `circle: ${[...circle, path].join(" → ")}`);
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

/** ops knows the library by its package name only. */
function opsViolations(root) {
  const ops = join(root, OPS);
  if (!existsSync(ops)) return [];
  return sourcesIn(ops).flatMap((path) =>
    importsOf(join(ops, path)).flatMap(({ specifier = "" }) => {
      const deep = specifier.startsWith("quorumlock") && !LIBRARY_ENTRIES.includes(specifier);
      const outside = specifier.startsWith(".") && targetOf(path, specifier).startsWith("..");
      if (!deep && !outside) return [];
      return [`${OPS}/${path} imports ${specifier}: ops knows ${LIBRARY_ENTRIES.join(" and ")} only`];
    }),
  );
}

function sourcesIn(directory) {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  const sources = entries.filter((entry) => entry.isFile() && /\.[cm]?tsx?$/.test(entry.name));
  const paths = sources.map((entry) => relative(directory, join(entry.parentPath, entry.name)));
  return paths.map((path) => path.split(sep).join("/")).toSorted();
}

/** The path, seen from the source directory, of what a file there imports. */
function targetOf(path, specifier) {
  return posix.join(posix.dirname(path), specifier);
}

/**
 * What a file imports in any way: import, import type, export … from, import(), the type import("…"). Without a parser:
 * comments are dropped and each string replaced by its number, after which an import cannot look like anything else.
 */
function importsOf(file) {
  const strings = [];
  const stringOrComment =
    /"((?:\\.|[^"\\\n])*)"|'((?:\\.|[^'\\\n])*)'|`(?:\\.|[^`\\])*`|\/\*[^]*?\*\/|\/\/[^\n]*/g;
  const code = readFileSync(file, "utf8").replace(stringOrComment, (match, double, single) => {
    if (match.startsWith("/")) return " ";
    return `"${strings.push(double ?? single) - 1}"`;
  });
  const fixed = [...code.matchAll(/\b(?:from|import)\s*"(\d+)"/g)];
  const dynamic = [...code.matchAll(/\bimport\s*\(\s*(?:"(\d+)")?/g)];
  return [
    ...fixed.map(([, index]) => ({ specifier: strings[index], dynamic: false })),
    ...dynamic.map(([, index]) => ({ specifier: strings[index], dynamic: true })),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), "..");
  const violations = checkLayers(root);
  for (const violation of violations) console.error(violation);
  if (violations.length > 0) process.exit(1);
  console.log("Layers: every import goes downwards.");
}
