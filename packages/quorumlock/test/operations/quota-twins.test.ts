import { plant } from "./planted-differences.ts";
import { quotaHistory, quotaLanguage } from "./quota-history.ts";
import { TwinComparison } from "./twin-comparison.ts";

/** A reply of the fast path is followed by a message that begins so. */
const FAST = "fast ";
const COUNTED = plant({
  all: [
    "if reply then return reply end",
    "if reply then redis.call('PUBLISH', 'fast', ARGV[1]) return reply end",
  ],
})["all"];

const comparison = await TwinComparison.start({
  history: quotaHistory,
  language: quotaLanguage,
  isCompared: (message) => !message.startsWith(FAST),
  observe(step, { replies, published }, count) {
    for (const message of published) if (message.startsWith(FAST)) count(message);
    if (step.kind !== "ask") return;
    step.asks.forEach(({ operation, lock }, index) => {
      const [status, , , , , part] = replies[index]!;
      count(`${operation} ${String(status)}`);
      if (operation === "acquire" && status === 1) count(`${lock} granted`);
      if (operation === "acquire" && status === 0)
        count(part === 1 ? "the limit refused" : "the lock refused");
    });
  },
});

comparison.testHistories(
  new Map([
    ...["acquire 1", "acquire 0", "settle 1", "settle 0", "extend 1", "extend 0", "take over 1"].map(
      (what) => [what, 20] as const,
    ),
    ...["commit 0", "commit 1", "convert 0", "convert 1", "release 1", "leave 1", "renew 0", "renew 1"].map(
      (what) => [what, 20] as const,
    ),
    ...["X granted", "S granted", "both granted", "permits granted"].map((what) => [what, 20] as const),
    ...["acquire", "extend", "release"].map((operation) => [`fast quota.${operation}`, 20] as const),
    ["the limit refused", 20],
    ["the lock refused", 20],
  ]),
  { changes: COUNTED },
);

/** Bugs in the script that the comparison must find. `fast`: in the fast path only. */
comparison.testPlanted(
  plant({
    "fast: a lock without a place under the limit": [
      "counts and of_permits(k, a, s + 2, n, 'slots.acquire', counts)",
      "counts and {1, count(KEYS[k + 1]), '0', '', ''}",
    ],
    "fast: a place under the limit without a lock": [
      "put('SET', lock, mode == 'X' and token",
      "put('SET', KEYS[k + 9], mode == 'X' and token",
    ],
    "fast: the fencing token of the place, not of the lock": [
      "local counts = (mode == 'X' or mode == 'SIX') and 1 or",
      "local counts = (mode == 'X' or mode == 'SIX') and 0 or",
    ],
    "fast: the fencing token of the place, while others hold one": [
      "if counts then fence = latest_count + counts end",
      "if counts then fence = latest_count end",
    ],
    "fast: a fencing token below the counter of the hash slot": [
      "local latest_count = math.max(base, fence)",
      "local latest_count = fence",
    ],
    "fast: the lock's fencing token in the counters of the slots": [
      "local text = string.format('%016.0f', fence)",
      "local text = string.format('%016.0f', fence + (counts or 0))",
    ],
    "fast: a reader that counts up": [
      "(mode == 'S' or mode == 'IX' or mode == 'IS') and 0",
      "(mode == 'S' or mode == 'IX' or mode == 'IS') and 1",
    ],
    "fast: a counter of 0 that does not count as missing": [
      "if not base or base < 1 or base + 1 >= MAX_FENCE then return nil end",
      "if not base or base + 1 >= MAX_FENCE then return nil end",
    ],
    "fast: a counter that cannot be counted up": [
      "if not base or base < 1 or base + 1 >= MAX_FENCE then return nil end",
      "if not base or base < 1 then return nil end",
    ],
    "fast: a counter that cannot be counted up, while others hold a place": [
      "if counts and latest_count >= MAX_FENCE then return nil end",
      "",
    ],
    "fast: the fencing token of the place, while nobody else holds one": [
      "fence = base + 1 + counts",
      "fence = base + 1",
    ],
    "fast: a lock that is held, and nobody has a place": [
      "call('EXISTS', unpack(KEYS, k + 4, counts and k + 10 or k + 6)) == 0 then",
      "call('EXISTS', unpack(KEYS, k + 4, k + 6)) == 0 then",
    ],
    "fast: a lock that is held, while others hold a place": [
      "call('EXISTS', KEYS[k + 8], KEYS[k + 9], KEYS[k + 10]) ~= 0 then return nil end",
      "call('EXISTS', KEYS[k + 9], KEYS[k + 10]) ~= 0 then return nil end",
    ],
    "fast: a grant that ignores the line of the lock": [
      "call('EXISTS', KEYS[k + 8], KEYS[k + 9], KEYS[k + 10]) ~= 0 then return nil end",
      "call('EXISTS', KEYS[k + 8], KEYS[k + 9]) ~= 0 then return nil end",
    ],
    "fast: a reader's lock in the mode of a writer": [
      "put('SET', lock, mode == 'X' and token or '~s ' .. mode .. ' ' .. token,",
      "put('SET', lock, token,",
    ],
    "fast: an extension of the place alone": [
      "if reply and left < tonumber(ttl) then put('PEXPIRE', lock, ttl) end",
      "",
    ],
    "fast: an extension of the lock alone": [
      "local reply = of_permits(k, a, s + 2, n, 'slots.extend')",
      "local reply = 1",
    ],
    "fast: an extension that moves the expiry of the lock back": [
      "if reply and left < tonumber(ttl) then put('PEXPIRE', lock, ttl) end",
      "if reply then put('PEXPIRE', lock, ttl) end",
    ],
    "fast: an extension of a lock that another token holds": [
      "if call('GET', lock) ~= (mode == 'X' and token or '~s ' .. mode .. ' ' .. token) then return nil end",
      "",
    ],
    "fast: a release of the place alone": ["if reply ~= 2 then put('DEL', lock) end\n", ""],
    "fast: a release of the only place alone": [
      "if given then return call('DEL', KEYS[k], KEYS[k + 8]) == 2 and 2 or nil end",
      "if given then return call('DEL', KEYS[k]) == 1 and 2 or nil end",
    ],
    "fast: a release of the lock alone": [
      "local reply = of_permits(k, a, s + 2, n, 'slots.release', found)",
      "local reply = 1",
    ],
    "fast: a release that ignores the line of the lock": [
      "if not value or found[5] or found[6] then return nil end",
      "if not value or found[6] then return nil end",
    ],
    "fast: a release that ignores the plain line of the lock": [
      "if not value or found[5] or found[6] then return nil end",
      "if not value or found[5] then return nil end",
    ],
    "fast: a release that does not compare": [
      "if value ~= token and string.match(value, '^~s [ISX]+ (.*)$') ~= token then return nil end",
      "",
    ],
    "a permit that is kept although the lock was refused": [
      "if not is_repeated then give_back(",
      "if false then give_back(",
    ],
    "a permit that a repeated request gives back": [
      "if not is_repeated then give_back(",
      "if true then give_back(",
    ],
    "a permit that is kept because its token had one that is over": [
      "return (own_deadline or 0) >= now, permits",
      "return own_deadline, permits",
    ],
    "a refused conversion that loses its permit": [
      "for i = first, #args do\nlocal slots, deadline = find_holder(keys, state, args[i])\nif slots and deadline > now",
      "for i = first, 0 do\nlocal slots, deadline = find_holder(keys, state, args[i])\nif slots and deadline > now",
    ],
    "a caller that was named for nothing, and names nobody": [
      "if #permits == 0 and not is_repeated then",
      "if false then",
    ],
    "a gate that stays after a permit was given back": [
      "permit[3], now) end\nsave(keys, state, now)",
      "permit[3], now) end",
    ],
    "a release of the permit alone": [
      "local lock = operations[args[2]](keys_left, args_left)\nif not is_done",
      "local lock = 0\nif not is_done",
    ],
    "an extension of the permit alone": [
      "if quota ~= 1 then return quota end\nreturn operations[args[2]]",
      "if true then return quota end\nreturn operations[args[2]]",
    ],
    "a renewal for another process of the permit without its lock": [
      "for _, only_checks in ipairs({true, false}) do",
      "for _, only_checks in ipairs({false}) do",
    ],
    "a renewal for another process of the lock alone": [
      "local quota = operations['slots.renew'](quota_keys, quota_args, only_checks)\nif type(quota) ~= 'number' then return quota end",
      "",
    ],
    "a refusal that does not say which part": ["lock[4], lock[5], 2}", "lock[4], lock[5], 1}"],
  }),
  {
    seeds: {
      "fast: a counter that cannot be counted up, while others hold a place": 17,
      "fast: a release that ignores the line of the lock": 12,
      "fast: a grant that ignores the line of the lock": 21,
    },
  },
);
