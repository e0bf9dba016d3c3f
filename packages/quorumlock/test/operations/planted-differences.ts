import { createHash } from "node:crypto";
import {
  MODES_SCRIPT,
  QUOTA_SCRIPT,
  RECORD_SCRIPT,
  SLOTS_SCRIPT,
  MUTEX_SCRIPT,
  OBSERVE_SCRIPT,
  OPERATOR_SCRIPT,
  SERVER_SCRIPT,
} from "../../src/generated/scripts.ts";
import { perform } from "../../src/operations/perform.ts";
import { MAX_FENCE } from "../../src/operations/limits.ts";
import type { Store } from "../../src/operations/store.ts";
import { minifyLua } from "../support/minify-lua.ts";
import type { Perform } from "./twin-pair.ts";

/** The twins, on a store that is not quite what it should be during one operation. */
function onStore(
  operation: string,
  change: (store: Store, args: readonly string[]) => Partial<Store>,
): Perform {
  return (store, request) => {
    if (request.operation.name !== operation) return perform(store, request);
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

const isFence = (key: string): boolean => key.includes("~fence:");

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
  "an extension that overwrites another holder": onStore("mutex.extend", (store, [token]) => ({
    get: (key) => (isFence(key) || store.get(key) === undefined ? store.get(key) : token),
  })),
  "an extension that moves the expiry back": onStore("mutex.extend", (store, [token = ""]) => ({
    remaining: (key) => (holds(store, key, token) ? -2 : store.remaining(key)),
  })),
  "a renewal that moves the expiry back": onStore("mutex.acquire", (store, [token = ""]) => ({
    remaining: (key) => (holds(store, key, token) ? -2 : store.remaining(key)),
  })),
  "a counter that starts again": onStore("mutex.acquire", (store) => ({
    get: (key) => (isFence(key) ? undefined : store.get(key)),
  })),
  "a release that does not compare": onStore("mutex.release", (store, [token]) => ({
    get: (key) => (store.get(key) === undefined || key.includes("~wake:") ? store.get(key) : token),
  })),
  "a remaining time that is off by a millisecond": onStore("mutex.acquire", (store) => ({
    remaining: (key) => {
      const left = store.remaining(key);
      return left < 0 ? left : left + 1;
    },
  })),
  "a counter that expires with its lock": onStore("mutex.acquire", (store, [, ttl]) => ({
    set: (key, value, ttlMs) => store.set(key, value, isFence(key) ? Number(ttl) : ttlMs),
  })),
  "a commit that does not ask who holds it": onStore("mutex.commit", (store, [token]) => ({
    get: (key) => (isFence(key) ? store.get(key) : token),
  })),
  "a release that wakes nobody": onStore("mutex.release", () => ({ publish: () => undefined })),
  "a release that publishes although nobody is in line": (store, request) => {
    const reply = perform(store, request);
    if (request.operation.name === "mutex.release" && reply === 1) store.publish(request.keys[1]!, "");
    return reply;
  },
  "a note that is written at each renewal": (store, request) =>
    perform(
      store,
      request.operation.name === "set.note" ? { ...request, args: request.args.with(3, "-1") } : request,
    ),
  "a note of a former set that stays": (store, request) =>
    perform(
      store,
      request.operation.name === "set.note" ? { ...request, args: request.args.with(1, "") } : request,
    ),
  "a renewal that counts up": (store, request) => {
    const renewal =
      request.operation.name === "mutex.acquire" && holds(store, request.keys[0]!, request.args[0]!);
    const reply = perform(store, request);
    return renewal && typeof reply === "number" ? reply + 1 : reply;
  },
  "a lock that a renewal does not prolong": onStore("mutex.acquire", (store, [token]) => ({
    set: (key, value, ttlMs) => (store.get(key) === token ? undefined : store.set(key, value, ttlMs)),
  })),
};

/** Bugs in the scripts: a piece of their text, and its replacement. `fast`: in the fast path only. */
const edits: Edits = {
  "fast: a grant that does not look": ["ARGV[a], 'NX', 'PX', ARGV[s])", "ARGV[a], 'PX', ARGV[s])"],
  "fast: a counter that starts again": [
    "local fence = call('INCR', key)",
    "call('DEL', key)\nlocal fence = call('INCR', key)",
  ],
  "fast: a take-over from any holder": ["if call('GET', KEYS[k]) ~= ARGV[a + 1] then return nil end\n", ""],
  "fast: a take-over without a minus sign": ["and -fence or nil", "and fence or nil"],
  "fast: an extension that moves the expiry back": ["if left < tonumber(ARGV[s]) and call", "if call"],
  "fast: an extension that overwrites another holder": [
    "if call('GET', KEYS[k]) ~= ARGV[a] then return nil end\nlocal left",
    "call('SET', KEYS[k], ARGV[a], 'KEEPTTL')\nlocal left",
  ],
  "fast: a release that does not compare": ["if found[1] ~= ARGV[a] then return 0 end\n", ""],
  "fast: a release that ignores the line": ["if found.err or found[2] then", "if found.err then"],
  "fast: a run of releases that does not compare": [
    "found[2 * i - 1] == ARGV[a + i - 1] and",
    "found[2 * i - 1] and",
  ],
  "fast: a run of releases that frees a lock twice": [" and not is_freed[lock]", ""],
  "fast: a run of releases that ignores the line": ["if found[2 * i] then break end\n", ""],
  "fast: a missing counter without a look at the marker": [
    "local floor = type(marker) == 'string' and string.match(marker, '^complete .* (%d+)$')\nlocal set",
    "local floor = '1000'\nlocal set",
  ],
  "fast: a counter too large for a fencing token": [
    `fence > 1 and fence <= ${MAX_FENCE} then`,
    "fence > 1 then",
  ],
  "a release that does not compare": [
    "if value == token then\nredis.call('DEL'",
    "if value then\nredis.call('DEL'",
  ],
  "an expiry that moves back": ["if left >= 0 and left < tonumber(ttl) then", "if left >= 0 then"],
  "an extension that overwrites another holder": [
    "if value and value ~= token then return {0, redis.call('PTTL', keys[i]), value} end\n",
    "",
  ],
  "an extension that does not raise the counter": [
    "if has_memory then raise_fence",
    "if false then raise_fence",
  ],
  "an extension that raises the counter of a lock that it holds": [
    "local has_memory = not is_held[i] and",
    "local has_memory =",
  ],
  "a commit that lowers the counter": ["if (present or 0) < fence then", "if true then"],
  "a raised counter that starts below its floor": [
    "if not present then fence = math.max(fence, floor_of(key) or 0) end\n",
    "",
  ],
  "a counter that an extension leaves on a server without memory": [
    "(read_fence(keys[i + 1]) or floor_of(keys[i + 1]))",
    "(true)",
  ],
  "a commit on a server without memory": ["if not read_fence(keys[i]) then first_fence(keys[i]) end\n", ""],
  "a grant on a server without memory": [
    "local floor = floor_of(key)\n",
    "local floor = floor_of(key) or 1000\n",
  ],
  "a marker that is replaced although another client was faster": [
    "if present == expected then",
    "if true then",
  ],
  "a loss without its age": ["now - tonumber(args[2])", "now"],
  "counters that are carried to a server without memory": [
    "return raise(keys, args, first_fence)",
    "return raise(keys, args, tostring)",
  ],
  "a lift that makes counters": [
    "if is_counter and fence then raise_fence",
    "if is_counter then raise_fence",
  ],
  "a counter that starts again": [
    "last and (is_repeated and last or last + 1) or first_fence(keys[i])",
    "first_fence(keys[i])",
  ],
  "a repeated request that counts up": ["is_repeated and last or last + 1", "last + 1"],
  "a counter that expires": [
    "string.format('%.0f', fence))\nend",
    "string.format('%.0f', fence), 'PX', 604800000)\nend",
  ],
  "a counter that is no whole number": [
    "string.match(value, '^-?%d+$') and tonumber(value)",
    "tonumber(value)",
  ],
  "the holder that expires first is named, not the last": ["left > remaining)", "left < remaining)"],
  "of two holders without an expiry, the other is named": [
    "if not holder or (remaining ~= -1 and (left == -1 or left > remaining)) then",
    "if not holder or left == -1 or (remaining ~= -1 and left > remaining) then",
  ],
  "a grant that leaves out the last name": [
    "for i = 1, #keys, stride do\nhold(",
    "for i = 1, #keys - stride, stride do\nhold(",
  ],
  "a place in line that expires with a short ttl": ["ttl = math.max(ttl, 20000)\n", ""],
  "a release that does not report the next client": ["then has_next = true end", "then has_next = false end"],
  "a release that leaves the named client in line": ["if first ~= '' then dequeue(key, first) end\n", ""],
  "a message although nobody waits": ["if not waiting then return false end", "waiting = waiting or ''"],
  "a renewal for another process that takes a free key": [
    "if value ~= args[1] then return {0, redis.call('PTTL', keys[i]), value or ''} end",
    "if value and value ~= args[1] then return {0, redis.call('PTTL', keys[i]), value or ''} end",
  ],
  "a renewal for another process that checks the first name only": [
    "if value ~= args[1] then return {0, redis.call('PTTL', keys[i]), value or ''} end",
    "if i == 1 and value ~= args[1] then return {0, redis.call('PTTL', keys[i]), value or ''} end",
  ],
  "a renewal for another process that replies with the counter of the last name": [
    "fence = math.max(fence, read_fence(keys[i + 1]) or 1)",
    "fence = read_fence(keys[i + 1]) or 1",
  ],
  "a query that renews what it reads": [
    "reply[#reply + 1] = redis.call('PTTL', keys[i])",
    "redis.call('PEXPIRE', keys[i], 777777)\nreply[#reply + 1] = redis.call('PTTL', keys[i])",
  ],
  "a query that reads the line of another name": [
    "read_line(keys[i + 1]) or ''\nend\nreturn reply",
    "read_line(keys[2]) or ''\nend\nreturn reply",
  ],
  "an observer that replaces the line": [
    "string.sub(waiting, 1, 1) ~= '~' and '~ ' .. waiting",
    "string.sub(waiting, 1, 1) ~= '~' and '~'",
  ],
  "an observer that nobody notes": ["pcall(observe, keys[2])\n", ""],
  "a release that keeps the note of observers": [
    "if string.sub(waiting, 1, 1) == '~' then dequeue(key, '~') end\n",
    "",
  ],
  "a release that names the note of observers": ["'[^%s~]%S*'", "'%S+'"],
  "a withdrawn vote that names a client": [
    "if announce(keys[i + 1], client ~= '')",
    "if announce(keys[i + 1], true)",
  ],
};

type Edits = Readonly<Record<string, readonly [from: string, to: string]>>;

/** For each bug, texts and SHA-1s of scripts, and those of the scripts with the bug. */
export function plant(bugs: Edits): Readonly<Record<string, ReadonlyMap<string, string>>> {
  return Object.fromEntries(
    Object.entries(bugs).map(([name, edit]) => {
      const [from = "", to = ""] = edit.map(minifyLua);
      const spoilt = [
        MUTEX_SCRIPT.single,
        MODES_SCRIPT.single,
        SLOTS_SCRIPT.single,
        QUOTA_SCRIPT.single,
        SERVER_SCRIPT.single,
        RECORD_SCRIPT.single,
        OBSERVE_SCRIPT.single,
        OPERATOR_SCRIPT.single,
      ].filter(({ text }) => text.includes(from));
      if (spoilt.length === 0) throw new Error(`no script has ${JSON.stringify(from)} to spoil`);
      const pairs = spoilt.flatMap(({ text, sha }) => {
        const bad = text.replace(from, to);
        return [[text, bad] as const, [sha, createHash("sha1").update(bad).digest("hex")] as const];
      });
      return [name, new Map(pairs)];
    }),
  );
}

export const plantedInScripts = plant(edits);
