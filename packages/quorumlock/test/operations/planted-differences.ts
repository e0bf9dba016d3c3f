import { createHash } from "node:crypto";
import { type Script, SCRIPT } from "../../src/generated/scripts.ts";
import { perform } from "../../src/operations/index.ts";
import type { Store } from "../../src/operations/store.ts";
import type { Perform } from "./twin-pair.ts";

/** The twins, on a store that is not quite what it should be during one operation. */
function onStore(
  operation: string,
  change: (store: Store, args: readonly string[]) => Partial<Store>,
): Perform {
  return (store, request) => {
    if (request.operation !== operation) return perform(store, request);
    const changed = change(store, request.args);
    const off = new Proxy(store, {
      get(target, property) {
        const value: unknown = Reflect.get(property in changed ? changed : target, property);
        return typeof value === "function" ? (value as () => unknown).bind(target) : value;
      },
    });
    return perform(off, request);
  };
}

const isFence = (key: string): boolean => key.endsWith(":fence");

function holds(store: Store, key: string, token: string): boolean {
  try {
    return store.get(key) === token;
  } catch {
    return false;
  }
}

/** Bugs in the twins. */
export const plantedInTwins: Readonly<Record<string, Perform>> = {
  "an extension that forgets to raise the counter": onStore("mutex.extend", (store) => ({
    set: (key, value, ttlMs) => (isFence(key) ? undefined : store.set(key, value, ttlMs)),
  })),
  "an extension that resurrects what a later grant had": onStore("mutex.extend", (store) => ({
    get: (key) => (isFence(key) ? undefined : store.get(key)),
  })),
  "a release that does not compare": onStore("mutex.release", (store, [token]) => ({
    get: (key) => (store.get(key) === undefined ? undefined : token),
  })),
  "a remaining time that is off by a millisecond": onStore("mutex.acquire", (store) => ({
    remaining: (key) => {
      const left = store.remaining(key);
      return left < 0 ? left : left + 1;
    },
  })),
  "a counter that expires with its lock": onStore("mutex.acquire", (store, [, ttl]) => ({
    set: (key, value) => store.set(key, value, Number(ttl)),
  })),
  "a raise that does not ask who holds it": onStore("mutex.raise", (store, [token]) => ({
    get: (key) => (isFence(key) ? store.get(key) : token),
  })),
  "a release that wakes nobody": onStore("mutex.release", () => ({ publish: () => 0 })),
  "a renewal that counts up": (store, request) => {
    const renewal = request.operation === "mutex.acquire" && holds(store, request.keys[0]!, request.args[0]!);
    const reply = perform(store, request);
    return renewal && typeof reply === "number" ? reply + 1 : reply;
  },
  "a lock that a renewal does not prolong": onStore("mutex.acquire", (store, [token]) => ({
    set: (key, value, ttlMs) => (store.get(key) === token ? undefined : store.set(key, value, ttlMs)),
  })),
};

/** Bugs in the script: the text that is there, and what stands in its place. */
const edits: Readonly<Record<string, readonly [from: string, to: string]>> = {
  "alone, a grant that does not look": ["token, 'NX', 'PX'", "token, 'PX'"],
  "alone, a release that does not compare": ["if value ~= token then return 0 end\n", ""],
  "alone, a counter that is not kept alive": [
    "call('PEXPIRE', counter, '604800000')\nreturn fence",
    "return fence",
  ],
  "in company, a release that does not compare": ["if value == args[1] then", "if value then"],
  "in a run, a release that does not compare": [
    "found[2 * i - 1] == ARGV[arg + 1] and",
    "found[2 * i - 1] and",
  ],
  "in a run, a release that frees a lock twice": [" and not freed[lock]", ""],
  "in a run, a release that forgets those who stand in line": ["if found[2 * i] then break end\n", ""],
  "in a run, an extension that does not compare": ["call('GET', lock) ~= token or call", "call"],
  "in a run, an extension that does not look at the counter": [" or call('GET', counter) ~= fence", ""],
  "an extension that takes no equal counter": ["last > fence and", "last >= fence and"],
  "a raise that lowers": [
    "write_fence(keys[i], math.max(read_fence(keys[i]) or 0, fence), ttl)",
    "write_fence(keys[i], fence, ttl)",
  ],
  "the first holder is told, not the last": ["left > remaining)", "left < remaining)"],
  "a grant of several that leaves out the last": [
    "for i = 1, #keys, 2 do\nredis.call('SET'",
    "for i = 1, #keys - 2, 2 do\nredis.call('SET'",
  ],
  "a place in line that ends with a short ttl": ["ttl = math.max(ttl, SHORTEST_STAY)\n", ""],
  "a release that does not tell who is next": ["if known and first ~= '' then rivals = true end\n", ""],
  // The comparison found these, and they stood there until then.
  "of two holders without an expiry, the other": [
    "if not holder or (remaining ~= -1 and (left == -1 or left > remaining)) then",
    "if not holder or left == -1 or (remaining ~= -1 and left > remaining) then",
  ],
  "alone, a counter that was not positive and is counted up": [
    "call(fence > 1 and 'DECR' or 'DEL', counter)",
    "call(fence > 1 and 'DECR' or 'EXISTS', counter)",
  ],
  "alone, a counter too large for a fencing token": [
    "fence > 1 and fence <= 9000000000000000 then",
    "fence > 1 then",
  ],
  "in company, a counter that is no whole number": [
    "string.match(value, '^-?%d+$') and tonumber(value)",
    "tonumber(value)",
  ],
};

export const plantedInScript: Readonly<Record<string, Script>> = Object.fromEntries(
  Object.entries(edits).map(([name, [from, to]]) => {
    if (!SCRIPT.text.includes(from)) throw new Error(`the script has no ${JSON.stringify(from)} to spoil`);
    const text = SCRIPT.text.replace(from, to);
    return [name, { text, sha: createHash("sha1").update(text).digest("hex") }];
  }),
);
