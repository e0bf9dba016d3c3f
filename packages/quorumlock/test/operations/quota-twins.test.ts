import { plant } from "./planted-differences.ts";
import { quotaHistory, quotaLanguage } from "./quota-history.ts";
import { TwinComparison } from "./twin-comparison.ts";

const comparison = await TwinComparison.start({
  history: quotaHistory,
  language: quotaLanguage,
  observe(step, { replies }, count) {
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
    ["the limit refused", 20],
    ["the lock refused", 20],
  ]),
);

/** Bugs in the script that the comparison must find. */
comparison.testPlanted(
  plant({
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
);
