import { plant } from "./planted-differences.ts";
import { slotsHistory, slotsLanguage } from "./slots-history.ts";
import { TwinComparison } from "./twin-comparison.ts";

const isOfFastPath = (message: string): boolean => message.startsWith("fast ");

const comparison = await TwinComparison.start({
  history: slotsHistory,
  language: slotsLanguage,
  isCompared: (message) => !isOfFastPath(message),
  observe(step, { replies, published }, count) {
    for (const message of published) {
      if (isOfFastPath(message)) count(message);
      else if (message.includes(":")) count("published");
    }
    if (step.kind !== "ask") return;
    step.asks.forEach(({ operation }, index) => {
      const [status, detail, third] = replies[index]!;
      const isNone = operation === "release" && detail === 0;
      count(`${operation} ${isNone ? "none" : String(status)}`);
      if (operation === "acquire" && status === 0 && third === "") count("kept out by the line");
      if (operation === "acquire" && status === 1 && String(third).length > 1) count("several slots");
      if (status === -1) count(String(detail).split(" ")[0]!);
    });
  },
});

/** A reply of the fast path is followed by a message. */
const COUNTED = plant({
  all: [
    "if reply then return reply end",
    "if reply then redis.call('PUBLISH', 'fast', ARGV[1]) return reply end",
  ],
})["all"];

comparison.testHistories(
  new Map([
    ...["acquire 1", "acquire 0", "settle 1", "settle 0", "extend 1", "extend 0", "take over 1"].map(
      (what) => [what, 20] as const,
    ),
    ...[
      "commit 0",
      "commit 1",
      "release 1",
      "release none",
      "leave 1",
      "count 1",
      "query 1",
      "renew 0",
      "renew 1",
      "resize 1",
      "read 1",
      "carry 1",
      "restore 1",
    ].map((what) => [what, 20] as const),
    ...["OTHERKIND", "TOOMANY", "NOMARKER", "WRONGTYPE"].map((what) => [what, 5] as const),
    ...["acquire", "extend", "release"].map((operation) => [`fast slots.${operation}`, 20] as const),
    ["published", 20],
    ["kept out by the line", 3],
    ["several slots", 20],
  ]),
  { changes: COUNTED },
);

/** Bugs in the script that the comparison must find. `fast`: in the fast path only. */
comparison.testPlanted(
  plant({
    "fast: a grant that ignores a changed number": [
      "if found.err or found[2] or call('HGET', KEYS[k + 5], KEYS[k]) then return nil end\nlocal base",
      "if found.err or found[2] then return nil end\nlocal base",
    ],
    "fast: an extension that ignores a changed number": [
      "if not check or call('HGET', KEYS[k + 5], KEYS[k]) then return nil end",
      "if not check then return nil end",
    ],
    "fast: a grant that ignores the line": [
      "if found.err or found[2] or call('HGET', KEYS[k + 5], KEYS[k]) then return nil end\nlocal base",
      "if found.err or call('HGET', KEYS[k + 5], KEYS[k]) then return nil end\nlocal base",
    ],
    "fast: a grant beside a holder that is dead": [
      "if (latest ~= '0' and now > check + 0) or (newest ~= '' and before + 0 < now) then return nil end\nif latest",
      "if latest",
    ],
    "fast: a second grant to a holder": [
      "if latest ~= '0' and call('HGET', KEYS[k + 2], token) then return nil end\n",
      "",
    ],
    "fast: a second grant to the newest holder": [
      "if not check or newest == token then",
      "if not check then",
    ],
    "fast: a slot that is taken": ["elseif byte == 48 then", "elseif true then"],
    "fast: slots in another order": ["slot = (slot + step) % total", "slot = (slot + 1) % total"],
    "fast: a slot before the start of the order, although one behind it is free": [
      "local from, till = start, total",
      "local from, till = 0, start > 0 and start or total",
    ],
    "fast: a grant that does not raise the counter of the hash slot": [
      "if base < fence then put('SET', counter",
      "if false then put('SET', counter",
    ],
    "fast: a counter of another marker": [
      "if call('GETRANGE', KEYS[k + 4], 0, 31) ~= id then return nil end",
      "",
    ],
    "fast: a counter that starts again": [
      "math.max(fence, tonumber(call('GETRANGE', KEYS[k + 4], at, at + 15)) or base)",
      "base",
    ],
    "fast: a counter below what its hash slot was raised to": [
      "fence = base - base % FENCE_GRAIN_US",
      "fence = 0",
    ],
    "fast: counters that expire": ["if not gate then put('PEXPIRE', KEYS[k + 4], KEEP_MS) end", ""],
    "fast: a newest holder that is lost": [
      "put('HSET', KEYS[k + 2], newest, slots)",
      "put('HSET', KEYS[k + 2], newest, '')",
    ],
    "fast: a gate that expires with the newest permit": [
      "latest + 0 > deadline and latest or last, now)",
      "last, now)",
    ],
    "fast: holders that expire before the gate": ["last + 0 > kept + 0 then", "false then"],
    "fast: an extension that shortens": ["if before + 0 >= deadline then return 1 end", ""],
    "fast: an extension of one of several that shortens": ["if score + 0 >= deadline then return 1 end", ""],
    "fast: an extension of other slots": [
      "if slots ~= ARGV[s + 2] then return nil end\nif before",
      "if before",
    ],
    "fast: a release of a newest holder that is dead": [
      "if before + 0 < latest + 0 and before + 0 < clock() then return nil end",
      "",
    ],
    "fast: an extension that leaves the gate": [
      "if latest + 0 >= deadline then return 1 end",
      "if true then return 1 end",
    ],
    "fast: a release that ignores the line": [
      "if found.err or found[2] or found[3] then return nil end\nif not found[1]",
      "if found.err then return nil end\nif not found[1]",
    ],
    "fast: a release that leaves the gate": [
      "return call('DEL', KEYS[k]) == 1 and 1 or nil\nend\nlocal check",
      "return 1\nend\nlocal check",
    ],
    "fast: the last release of several that leaves the gate": [
      "if newest == '' then\nput('DEL', KEYS[k])",
      "if newest == '' then",
    ],
    "fast: a release that deletes the gate while others hold": [
      "'^~p %d+ 0 %d+ [01]* %d+:[%d -]*:'",
      "'^~p %d+ %d+ %d+ [01]* %d+:[%d -]*:'",
    ],
    "fast: a release that keeps the slots": [
      "map = string.sub(map, 1, slot) .. '0' .. string.sub(map, slot + 2)",
      "",
    ],
    "fast: a release that does not shorten the gate": ["if score == latest then", "if false then"],
    "fast: a release of a holder that is dead": [
      "type(score) ~= 'string' or score + 0 < clock() then",
      "type(score) ~= 'string' then",
    ],
    "permits of the dead that stay taken": [
      "redis.call('HDEL', keys[3], token)\nredis.call('ZREM', keys[4], token)\nend\nlocal first",
      "end\nlocal first",
    ],
    "a newest holder that never dies": [
      "if state.token ~= '' and state.deadline < now then",
      "if false then",
    ],
    "a gate that is older than the latest permit": [
      "local last = math.max(state.latest, state.deadline)",
      "local last = state.latest > 0 and state.latest or state.deadline",
    ],
    "a release that deletes the gate while others hold": [
      "if last == 0 then\nredis.call('DEL'",
      "if true then\nredis.call('DEL'",
    ],
    "permits beside a plain lock": [
      "if state.is_other then return state, gate",
      "if false then return state, gate",
    ],
    "a repeated acquire that shortens": ["if state.deadline < deadline then", "if true then"],
    "a repeated acquire of one of several that shortens": [
      "elseif tonumber(redis.call('ZSCORE', keys[4], token)) < deadline then",
      "else",
    ],
    "a map that forgets a taken slot": [
      "= deadline, slots, token, overlay(state.map, slots, TAKEN)",
      "= deadline, slots, token, overlay(state.map, slots, FREE)",
    ],
    "holders that expire before the gate": [
      "local is_renewal = state.latest > 0 and last > state.kept",
      "local is_renewal = false",
    ],
    "fast: holders of an earlier time": ["put('DEL', KEYS[k + 2], KEYS[k + 3])\n", ""],
    "holders of an earlier time": ["if state.latest == 0 then redis.call('DEL', keys[3], keys[4]) end", ""],
    "a settling that keeps the old slots": [
      "local _, before = forget(keys, state, own[i])",
      "local before = false",
    ],
    "an extension that takes what others hold": ["if not are_free(view, slots) then", "if false then"],
    "an extension that keeps strays": ["local _, last = forget(keys, state, each)", "local last = false"],
    "a counter that starts again": [
      "largest_counter(keys, chosen, base or first) + 1",
      "(base or first) + 1",
    ],
    "a counter of another marker": ["if not are_counters_valid(keys) then return base end", ""],
    "counters that stay behind after a commit": [
      "if count < fence or not are_counters_valid(keys) then",
      "if count < fence then",
    ],
    "a counter below what its hash slot was raised to": [
      "local largest = base - base % FENCE_GRAIN_US",
      "local largest = 0",
    ],
    "a size that is older": ["if stamp > (known or 0) then", "if stamp > 0 then"],
    "a size that is not written again": ["elseif known and used + DAY_MS < now then", "elseif false then"],
    "a size that nobody used for days": ["if stamp and tonumber(used) + KEEP_MS + DAY_MS >= now", "if stamp"],
    "old sizes that stay": ["if not parse_size(all[i + 1], now) then", "if all[i] == '' then"],
    "a size that is carried although a newer one is there": [
      "if stamp > (read_size(key, lock, now) or 0) then write_size",
      "if stamp > 0 then write_size",
    ],
    "a resize on a server without its memory": [
      "if not read_fence(keys[2]) then first_fence(keys[2]) end\n  return",
      "return",
    ],
    "a slot that the size excludes": ["last = math.min(last, total - 1)", "last = math.min(last, total)"],
    "a commit of slots that it does not hold": [
      "if find_holder(keys, state, args[1]) ~= slots then",
      "if not find_holder(keys, state, args[1]) then",
    ],
    "a renewal for another process of other slots": [
      "if slots ~= args[3] or deadline < now then",
      "if not slots or deadline < now then",
    ],
    "a renewal for another process of a holder whose time is over": [
      "if slots ~= args[3] or deadline < now then",
      "if slots ~= args[3] then",
    ],
    "a renewal for another process that replies with the counter of the hash slot": [
      "local fence = largest_counter(keys, slots, read_fence(keys[2]) or 1)",
      "local fence = read_fence(keys[2]) or 1",
    ],
    "a query of permits that removes the dead": [
      "local stamp, total = read_size(keys[6], keys[1], now)\nlocal waiters",
      "forget_dead(keys, state, now)\nlocal stamp, total = read_size(keys[6], keys[1], now)\nlocal waiters",
    ],
    "a query of permits that reports holders whose time is over": [
      "if slots and deadline >= now then",
      "if slots then",
    ],
    "a query of permits that reports the newest holder alone": [
      "if due[i] ~= state.token then add(",
      "if due[i] == state.token then add(",
    ],
    "a query of permits that reports waiters whose time is over": [
      "if entry[4] >= now then waiters[#waiters + 1] = entry[2] end",
      "waiters[#waiters + 1] = entry[2]",
    ],
    "a line that keeps nobody out": ["return free < n\n", "return false\n"],
    "waiters that are named although nothing is free": ["return free >= 0\n", "return true\n"],
    "a release that names no slots": [
      "choose(map, tonumber(entry[3]), total, freed",
      "choose(map, tonumber(entry[3]), total, ''",
    ],
  }),
  {
    seeds: {
      "a query of permits that reports waiters whose time is over": 1,
      "fast: a grant that ignores the line": 22,
      "fast: an extension of other slots": 20,
      "counters that stay behind after a commit": 3,
      "a line that keeps nobody out": 15,
    },
  },
);
