// Shortens Lua for the scripts that servers store and bundles contain. The lines stay, because errors name them.
import { readdirSync, readFileSync } from "node:fs";

const TOKEN = /--[^\n]*|'(?:\\.|[^'\\\n])*'|\n|[A-Za-z_]\w*|\d[\w.]*|\.\.\.?|[=~<>]=|[^\s\w]/g;
const WORD = /^[A-Za-z_]\w*$/;
const WORDS = /^\w|\w$/;
const KEYWORDS = new Set(
  "and break do else elseif end false for function if in local nil not or repeat return then true until while".split(
    " ",
  ),
);

export const operations = new URL("../packages/quorumlock/src/operations/", import.meta.url);

const read = (file) => readFileSync(new URL(file, operations), "utf8");
const allLua = readdirSync(operations).filter((file) => file.endsWith(".lua"));
const shortNames = nameAll(allLua.toSorted().map((file) => tokensOf(read(file))));
const limits = [...read("limits.ts").matchAll(/^export const (\w+) = ([\d_]+);$/gm)].map(
  ([, name, value]) => [name, value.replaceAll("_", "")],
);
const shortened = new Map([...shortNames, ...limits]);

/**
 * Shortens the Lua of operations/*.lua, or any piece of it. Removes comments and spaces. Replaces the names of limits.ts by their
 * numbers. Each local name gets its own short name, the same in all scripts. So two names never become one.
 *
 * The Lua must have no strings in double quotes or brackets, and no fields of tables with names of its own.
 */
export function minify(lua) {
  const tokens = tokensOf(lua);
  let result = "";
  tokens.forEach((token, at) => {
    const word = isField(tokens, at) ? token : (shortened.get(token) ?? token);
    result += needsSpace(result.at(-1) ?? "\n", word) ? ` ${word}` : word;
  });
  return result.replaceAll(/\n+/g, "\n");
}

/** A short name for each local name. The name with the most uses gets the shortest one. */
function nameAll(texts) {
  const uses = new Map(texts.flatMap(declaredIn).map((name) => [name, 0]));
  for (const tokens of texts) {
    tokens.forEach((token, at) => {
      if (uses.has(token) && !isField(tokens, at)) uses.set(token, uses.get(token) + 1);
    });
  }
  const byUse = [...uses].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return new Map(byUse.map(([name], index) => [name, shortName(index)]));
}

function tokensOf(text) {
  return (text.match(TOKEN) ?? []).filter((token) => !token.startsWith("--"));
}

/** The names of local variables, functions, parameters and loop variables. */
function declaredIn(tokens) {
  const names = [];
  const takeList = (at) => {
    for (let next = at; WORD.test(tokens[next] ?? "") && !KEYWORDS.has(tokens[next]); next += 2) {
      names.push(tokens[next]);
      if (tokens[next + 1] !== ",") return;
    }
  };
  tokens.forEach((token, at) => {
    if (token === "for" || (token === "local" && tokens[at + 1] !== "function")) takeList(at + 1);
    if (token !== "function") return;
    if (tokens[at - 1] === "local") names.push(tokens[at + 1]);
    takeList(tokens.indexOf("(", at) + 1);
  });
  return names;
}

/** `redis.call` is a field. In `a .. b`, the dots are another token. */
function isField(tokens, at) {
  return tokens[at - 1] === ".";
}

function needsSpace(before, token) {
  return (WORDS.test(before) && /^\w/.test(token)) || (/\d/.test(before) && token.startsWith(".."));
}

/** a, b, …, z, aa, …, without keywords. */
function shortName(index) {
  const names = [];
  for (let number = 0; names.length <= index; number += 1) {
    const letter = String.fromCodePoint(97 + (number % 26));
    const name = number < 26 ? letter : String.fromCodePoint(96 + Math.floor(number / 26)) + letter;
    if (!KEYWORDS.has(name)) names.push(name);
  }
  return names[index];
}
