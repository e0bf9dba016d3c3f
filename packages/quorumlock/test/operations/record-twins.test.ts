import { plant } from "./planted-differences.ts";
import { recordHistory, recordLanguage } from "./record-history.ts";
import { TwinComparison } from "./twin-comparison.ts";

const comparison = await TwinComparison.start({
  history: recordHistory,
  language: recordLanguage,
  observe(step, { replies }, count) {
    if (step.kind !== "ask") return;
    step.asks.forEach(({ operation }, index) => {
      const [status, fence, , , copied] = replies[index]!;
      count(`${operation} ${String(status)}`);
      if (operation === "open" && status === 1) {
        count(fence === 0 ? "opened without a version" : "opened with a version");
        if (copied === 1) count("opened a copy");
      }
    });
  },
});

const OUTCOMES =
  "note 1,note -1,open 1,open 0,open -1,put 1,put 0,put -1,get 1,get -1,copy 1,copy -1,list 1,list -1,bad fence -1,bad body -1," +
  "opened without a version,opened with a version,opened a copy";
comparison.testHistories(new Map(OUTCOMES.split(",").map((what) => [what, 20])));

comparison.testPlanted(
  plant({
    "an open that does not promise": [
      "redis.call('HSET', keys[1], 'p', text_of(fence)) end",
      "local _ = 1 end",
    ],
    "an open that refuses nobody": ["if p > fence then return {0, p} end\n", ""],
    "a put that does not look at the promise": ["if p > fence or f > fence or", "if f > fence or"],
    "a put that does not look at the number": [
      "(f == fence and n > number) then return",
      "(false) then return",
    ],
    "a put of another body with the same number": ["b ~= body then", "false then"],
    "a put that does not promise": [
      "redis.call('HSET', keys[1], 'p', text_of(fence), 'f',",
      "redis.call('HSET', keys[1], 'p', text_of(p), 'f',",
    ],
    "a put that stays a copy": ["if m ~= 0 then redis.call('HDEL', keys[1], 'm') end\n", ""],
    "a put without the time of the record": [", 'c', text_of(since))\nif", ")\nif"],
    "an expiry that moves back": ["if redis.call('PTTL', key) < ms then", "if true then"],
    "a record without an expiry": ["redis.call('PEXPIRE', key, text_of(ms))", "tostring(1)"],
    "a copy that lowers the promise": ["if promise > p then", "if promise ~= p then"],
    "a copy of an older version": ["(fence == f and number > n) then", "(true) then"],
    "a copy that counts as a vote": [", 'm', '1')", ")"],
    "a record of a server that has lost its memory": ["if not id then error", "if false then error"],
    "a loss that is not reported": ["known_since and math.max(0, now - tonumber(known_since)) or -1", "-1"],
    "a note that holds for another memory": ["if noted_id ~= id then", "if not noted_id then"],
    "a note that is not read": ["if noted_id ~= id then", "if true then"],
    "a fencing token that is not exact": ["value <= 9000000000000000 and value", "value"],
    "a body that is too long": ["if #body > 4096 then", "if #body > 8192 then"],
    "a foreign hash that counts as a record": ["or (#all > 0 and not fields['p'])", ""],
  }),
);
