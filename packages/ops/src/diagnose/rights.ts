import { shellQuote } from "./shell-quote.ts";
import type { MissingRight } from "./facts.ts";

/** A command, and arguments with which the server can decide whether the user may run it. `KEY` and `CHANNEL` stand for real ones. */
export interface NeededCommand {
  /** As ACL SETUSER wants it, without the plus: `get`, `config|get`. */
  readonly rule: string;
  readonly args: readonly string[];
  /** Whether no lock works without it. */
  readonly isRequired: boolean;
}

const needed = (isRequired: boolean, ...commands: readonly string[]): readonly NeededCommand[] =>
  commands.map((command) => {
    const [name = "", ...args] = command.split(" ");
    return { rule: name, args: [...name.split("|"), ...args], isRequired };
  });

/** The commands in the ACL of docs/servers.md. A test compares them. */
export const NEEDED_COMMANDS: readonly NeededCommand[] = [
  ...needed(true, "evalsha 0 0", "info", "time", "get KEY", "mget KEY", "set KEY v", "incr KEY", "decr KEY"),
  ...needed(true, "del KEY", "pttl KEY", "pexpire KEY 1"),
  ...needed(false, "config|get appendfsync", "ping", "subscribe CHANNEL", "unsubscribe", "publish CHANNEL m"),
  ...needed(false, "exists KEY", "zadd KEY 1 m", "zcard KEY", "zcount KEY 0 1", "zrem KEY m"),
  ...needed(false, "zremrangebyscore KEY 0 1", "zrevrangebyscore KEY 1 0", "zscore KEY m"),
  ...needed(false, "getrange KEY 0 1", "setrange KEY 0 v", "hget KEY f", "hgetall KEY", "hset KEY f v"),
  ...needed(false, "hdel KEY f", "pexpireat KEY 1", "zrange KEY 0 1", "zrangebyscore KEY 0 1"),
  ...needed(false, "zrevrange KEY 0 1", "scan 0"),
];

/**
 * Asks the server itself what the user may do; nothing is changed. `redis.acl_check_cmd` runs no command. A command that it refuses is
 * then called, to read in the error whether the command, the key or the channel is refused.
 *
 * - ARGV[1]: the commands as JSON, each a list of words
 * - returns for each command "" or the text of the error; or "unsupported" before version 7.0
 */
export const RIGHTS_SCRIPT = `
if not redis.acl_check_cmd then return 'unsupported' end
local texts = {}
for index, words in ipairs(cjson.decode(ARGV[1])) do
  local ok, is_allowed = pcall(redis.acl_check_cmd, unpack(words))
  texts[index] = ''
  if ok and not is_allowed then
    local reply = redis.pcall(unpack(words))
    texts[index] = type(reply) == 'table' and reply.err or 'refused'
  end
end
return texts`;

/** The words of each command, for the script. */
export function wordsOfCommands(prefix: string): readonly (readonly string[])[] {
  const words: Readonly<Record<string, string>> = { KEY: `${prefix}~right`, CHANNEL: `${prefix}~right` };
  return NEEDED_COMMANDS.map(({ args }) => args.map((arg) => words[arg] ?? arg));
}

/** The rules that are missing, from the texts of the script. */
export function missingRights(texts: readonly string[], prefix: string): readonly MissingRight[] {
  const missing = new Map<string, MissingRight>();
  const add = (rule: string, isRequired: boolean): void => {
    if (missing.get(rule)?.isRequired !== true) missing.set(rule, { rule, isRequired });
  };
  NEEDED_COMMANDS.forEach(({ rule, args, isRequired }, index) => {
    const text = texts[index] ?? "";
    if (text === "") return;
    if (/channel/i.test(text)) add(`&${prefix}*`, isRequired);
    else if (/\bkeys?\b/i.test(text)) add(`~${prefix}*`, isRequired);
    else if (/not allowed from script/i.test(text)) {
      // A script cannot call it, so the error does not say what is refused.
      add(`+${rule}`, isRequired);
      if (args.includes("CHANNEL")) add(`&${prefix}*`, isRequired);
    } else add(`+${rule}`, isRequired);
  });
  return [...missing.values()];
}

/** The line that gives a user the rules. */
export function aclLine(cli: string, user: string, rules: readonly string[], prefix: string): string {
  // Without EVAL the server cannot say what else is missing.
  const all = rules.includes("+eval") ? [`~${prefix}*`, "+evalsha", ...rules] : rules;
  return `${cli} ACL SETUSER ${[user, ...new Set(all)].map(shellQuote).join(" ")}`;
}
