import { expect, test } from "vitest";
import { USED } from "./history-steps.ts";
import { type ModesAsk, modesHistory, modesLanguage, type ModesStep } from "./modes-history.ts";
import { plant } from "./planted-differences.ts";
import { TwinComparison } from "./twin-comparison.ts";

const comparison = await TwinComparison.start({
  history: modesHistory,
  language: modesLanguage,
  observe(step, { replies, published }, count) {
    for (const message of published) {
      count("published");
      const [, ...waiters] = message.split(" ");
      if (waiters.filter((waiter) => /^\w/.test(waiter)).length > 1) count("several named");
      if (waiters.some((waiter) => waiter.startsWith("~"))) count("deputy");
    }
    if (step.kind !== "ask") return;
    step.asks.forEach(({ operation, former, leadMs, client }, index) => {
      const [status, detail, token] = replies[index]!;
      count(`${operation} ${String(status)}`);
      if (operation === "acquire" && status === 0 && token === "") count("kept out by the line");
      if (operation === "acquire" && status === 0 && detail === -1 && token !== "foreign") count("behind");
      if (operation === "acquire" && status === 1 && Number(detail) < 0) count("replaced");
      if (operation === "acquire" && client !== undefined && leadMs > 0) count("leads a line");
      const isRepeated = replies[index]!.length === 3 && Number(token) > 0;
      if (operation === "seize" && status === 1 && isRepeated) count("a repeated theft");
      if (operation === "seize" && replies[index]!.length > 4) count("readers are robbed");
      if (operation === "extend" && status === 1 && former.length > 0) count("extended after a conversion");
    });
  },
});

comparison.testHistories(
  new Map([
    ...["acquire 1", "acquire 0", "acquire -1", "extend 1", "extend 0", "extend -1"].map(
      (what) => [what, 20] as const,
    ),
    ...[
      "commit 0",
      "release 1",
      "leave 1",
      "stay 1",
      "position 1",
      "query 1",
      "renew 0",
      "plain acquire 1",
      "plain acquire 0",
      "seize 1",
    ].map((what) => [what, 20] as const),
    ["commit 1", 6],
    ["renew 1", 6],
    ["bad mode -1", 5],
    ["readers are robbed", 5],
    ["a repeated theft", 3],
    ["published", 40],
    ["several named", 2],
    ["deputy", 10],
    ["leads a line", 10],
    ["kept out by the line", 3],
    ["behind", 10],
    ["replaced", 10],
    ["extended after a conversion", 20],
  ]),
);

/** Bugs in the script that the comparison must find. */
comparison.testPlanted(
  plant({
    "a shared grant without a gate": [
      "if value ~= SHARED then\nredis.call('SET'",
      "if false then\nredis.call('SET'",
    ],
    "a gate that expires with the latest grant": [
      "if left >= 0 and left < deadline - now then redis.call('PEXPIRE', lock",
      "if left >= 0 then redis.call('PEXPIRE', lock",
    ],
    "a release that deletes the gate while others hold": [
      "local latest = is_member and latest_in(",
      "local latest = false and latest_in(",
    ],
    "S that ignores the gate": [
      "if value and value ~= SHARED then return redis.call('PTTL'",
      "if mode ~= 'S' and value and value ~= SHARED then return redis.call('PTTL'",
    ],
    "S that ignores IX": ["['S'] = {'IX', 'SIX'}", "['S'] = {'SIX'}"],
    "an only holder that clashes with nobody": ["left == -1 or clash(mode, sole_mode)", "left == -1"],
    "a second holder that takes the place of an only one": ["elseif sole then", "elseif false then"],
    "an only holder whose expiry moves back": [
      "redis.call('SET', lock, value, 'PX', deadline - now)",
      "redis.call('SET', lock, value, 'PX', ttl)",
    ],
    "fast: a release of what another token holds": [
      "if value == token or string.match(value, '^~s [ISX]+ (.*)$') == token then\nreturn call(",
      "if value then\nreturn call(",
    ],
    "fast: SIX beside holders": [
      "if mode == 'X' or mode == 'SIX' then return nil end",
      "if mode == 'X' then return nil end",
    ],
    "fast: a holder of IX beside one of S": ["(mode == 'IX' and 3)", "(false)"],
    "fast: a holder of S beside one of IX": ["(mode == 'S' and 2)", "(mode == 'S' and 3)"],
    "fast: a second holder beside an only one that clashes": [
      "(mode ~= held and mode ~= 'IS' and held ~= 'IS')",
      "(false)",
    ],
    "fast: a second holder that takes the place of an only one": [
      "ranks[join[2]] + now + left), holder, score, token) == 2",
      "ranks[join[2]] + now + left), token, score, token) == 1",
    ],
    "fast: an only holder whose deadline changes when another joins": [
      "ranks[join[2]] + now + left)",
      "ranks[join[2]] + now + ms)",
    ],
    "fast: a gate that expires before the second holder": [
      "local longest = math.max(left, ms)",
      "local longest = left",
    ],
    "fast: a gate that expires before the newest holder": [
      "if left < ms then is_done = call('PEXPIRE', lock, ms) == 1 and is_done end",
      "",
    ],
    "fast: a gate that a shorter ttl shortens": [
      "if left < ms then is_done = call('PEXPIRE', lock, ms)",
      "if left >= 0 then is_done = call('PEXPIRE', lock, ms)",
    ],
    "fast: a sorted set that expires before the newest holder": [
      "is_done = call('PEXPIRE', shared, ms) == 1 and is_done",
      "",
    ],
    "fast: dead holders that stay": [
      "call('ZREMRANGEBYSCORE', shared, string.format('%.0f', ranks[mode]), string.format('(%.0f', ranks[mode] + now))",
      "",
    ],
    "fast: a repeated request that counts as new": [
      "if call('ZSCORE', shared, token) then return nil end",
      "",
    ],
    "fast: a free node beside a key of another type": [
      "if call('EXISTS', lock, shared) ~= 0 then return nil end",
      "",
    ],
    "fast: a release that deletes the gate while others hold": [
      "if not latest and members ~= 1 then return nil end",
      "",
    ],
    "fast: a release that leaves the last gate": [
      "if not latest then\nlocks[#locks + 1] = lock",
      "if not latest then",
    ],
    "fast: a release that keeps the deadline of the last holder": [
      "elseif left > latest - now + 1 then\nshortened",
      "elseif false then\nshortened",
    ],
    "fast: a release beside a later holder in another mode": [
      "(latest < now or call('ZCOUNT', shared, low, high) ~= members)",
      "(latest < now)",
    ],
    "fast: an extension of another mode": [
      "(mode == 'X' and token or '~s ' .. mode .. ' ' .. token) then return nil end\nat",
      "found[at] then return nil end\nat",
    ],
    "X that ignores S": ["['X'] = SHARED_MODES", "['X'] = {'IS', 'IX', 'SIX'}"],
    "a repeated request that shortens": [
      "deadline = math.max(deadline, tonumber(score) % BAND)",
      "deadline = deadline",
    ],
    "a token in another mode that counts as held": [
      "if score and math.floor(tonumber(score) / BAND) == RANKS[mode] then",
      "if score then",
    ],
    "a deadline that is read with the rank of its mode": [
      "if tonumber(score) % BAND >= now then",
      "if tonumber(score) >= now then",
    ],
    "a grant that writes one of two counters": [
      "if known[i] ~= fence then write_fence",
      "if i == 1 and known[i] ~= fence then write_fence",
    ],
    "an extension that looks at the first node only": [
      "is_held = is_held and is_held_in(nodes[i], mode, own)",
      "is_held = i > 1 and is_held or is_held_in(nodes[i], mode, own)",
    ],
    "a request that joins no line and names others": [
      "if node.wake then announce_next(node, entries, now) end",
      "announce_next(node, entries, now)",
    ],
    "a shared grant that counts up": ["(mode == 'X' or mode == 'SIX')", "(true)"],
    "a line that keeps nobody out": ["if not entry[7] and blocks(entry[3])", "if false and blocks(entry[3])"],
    "a line that is checked too late": ["if now >= entries.check then", "if false then"],
    "a line that is not checked when a named waiter could be absent": [
      "if entry[5] > 0 then entries.check =",
      "if false then entries.check =",
    ],
    "a line that keeps absent waiters": [
      "if entry[5] > 0 and now - entry[5] > ",
      "if false and now - entry[5] > ",
    ],
    "a line that keeps the other waiters of a client that is gone": [
      "silent[client_of(entry[2])] ~= nil",
      "false",
    ],
    "a waiter that is absent although its client was heard": [
      "if silent[client] and entry[4] - ",
      "if false and entry[4] - ",
    ],
    "a place that a second attempt loses": ["if at and entries[at][6] >= ticket then", "if false then"],
    "a proposed ticket that is always accepted": [
      "return -ticket > known and -ticket <= known +",
      "return 0 * known <=",
    ],
    "a proposed ticket that is never accepted": ["return -ticket > known and", "return false and"],
    "a place that stays although it was taken without a ticket": [
      "if at and entries[at][6] >= ticket then",
      "if at then",
    ],
    "a place that is lost where the lock was granted": [
      "if waiter ~= '' then\nposition = take_place(",
      "if waiter ~= '' and at then\nposition = take_place(",
    ],
    "a line in the order of arrival": [
      "and is_behind(entry_at(entries, at - 1), score, waiter) do",
      "and false do",
    ],
    "a query that reports holders whose time is over": [
      "if left >= 0 then\nreply[at]",
      "if true then\nreply[at]",
    ],
    "a renewal for another process of a holder whose time is over": [
      "== RANKS[mode] and tonumber(score) % BAND >= now",
      "== RANKS[mode]",
    ],
    "a renewal for another process in another mode": [
      "return math.floor(tonumber(score) / BAND) == RANKS[mode] and tonumber(score) % BAND >= now",
      "return tonumber(score) % BAND >= now",
    ],
    "a renewal for another process of the last node alone": [
      "if not is_alive_in(nodes[i], mode, token, now) then",
      "if i == #modes and not is_alive_in(nodes[i], mode, token, now) then",
    ],
    "a line without priorities": ["local score = place - lead", "local score = place"],
    "a deputy of the client that was named": [
      "if not clients[client] then return named, true",
      "if true then return named, true",
    ],
    "a walk that names readers behind a writer": [
      "for other in string.gmatch(CLASHES[mode], '%u+') do going[other] = false end",
      "",
    ],
    "a theft that leaves the readers": [
      "redis.call('DEL', keys[2])\nwrite_fence(keys[3], fence)",
      "write_fence(keys[3], fence)",
    ],
    "a theft that counts nothing": [
      "local fence = last and last + 1 or first_fence(keys[3])\nlocal reply",
      "local fence = last or first_fence(keys[3])\nlocal reply",
    ],
    "a theft whose key expires before the holder would have": [
      "redis.call('SET', keys[1], token, 'PX', math.max(ttl, left))",
      "redis.call('SET', keys[1], token, 'PX', ttl)",
    ],
    "a release that names nobody": [
      "if not is_done then named, can_go = {}, false end",
      "named, can_go = {}, false",
    ],
  }),
  {
    seeds: {
      "fast: dead holders that stay": 20,
      "fast: a repeated request that counts as new": 23,
      "fast: a release beside a later holder in another mode": 16,
      "a request that joins no line and names others": 23,
    },
  },
);

test("the comparison finds in the script: fast: a release of a holder that is dead", async () => {
  const [bug] = Object.values(plant({ it: ["if deadline < now then return nil end", ""] }));
  const pair = await comparison.pair(comparison.observed(bug));
  const ask = (asked: Partial<ModesAsk>): ModesStep => ({
    kind: "ask",
    asks: [
      {
        operation: "acquire",
        names: ["a"],
        modes: ["S", "S"],
        token: "t1",
        former: [],
        ttlMs: 1_000_000,
        ahead: 0,
        isProposed: false,
        leadMs: 0,
        client: undefined,
        ...asked,
      },
    ],
  });
  await pair.take(USED);
  await pair.take(ask({}));
  await pair.take(ask({ token: "t2", ttlMs: 20 }));
  await new Promise((resolve) => setTimeout(resolve, 40));
  const { lua, twin } = await pair.take(ask({ operation: "release", token: "t2" }));
  expect([lua.replies, twin.replies]).toEqual([[[1, 1]], [[1, 0]]]);
});
