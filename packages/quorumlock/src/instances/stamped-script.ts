import { createHash } from "node:crypto";
import type { Script } from "../operations/request.ts";

/** What a stamped script replied. */
export interface StampedReply {
  /** The `run_id` of the server process that ran the script. "" if the server does not report it. */
  readonly runId: string;
  /** The reply of the script itself. */
  readonly reply: unknown;
}

/** The first character of every reply. A client that reads JSON in replies leaves the text as it is, because this is not JSON. */
const MARK = "=";

/**
 * Before and after the text of a script. The reply is the run id and the reply of the script as JSON, in one string. Client libraries
 * leave it as it is, although they may change numbers, lists and texts that look like JSON.
 */
const HEAD = "local function script()\n";
const TAIL = `
end
local function json(v)
  if type(v) == 'number' then return string.format('%.0f', (v < 0 and math.ceil(v) or math.floor(v)) + 0) end
  if type(v) == 'string' then
    return '"' .. string.gsub(v, '[%c"\\\\]', function(c) return string.format('\\\\u%04x', string.byte(c)) end) .. '"'
  end
  if type(v) ~= 'table' then return v and '1' or 'null' end
  local parts = {}
  for i = 1, #v do parts[i] = json(v[i]) end
  return '[' .. table.concat(parts, ',') .. ']'
end
local reply = json(script())
local info = redis.pcall('INFO', 'server')
return '${MARK}' .. (type(info) == 'string' and string.match(info, 'run_id:(%w+)') or '') .. ' ' .. reply`;

const stamped = new WeakMap<Script, Script>();

/** The script, with the run id of the server in its reply. Made once for each script. */
export function stampedScriptOf(script: Script): Script {
  let made = stamped.get(script);
  if (made === undefined) {
    const text = HEAD + script.text + TAIL;
    made = { text, sha: createHash("sha1").update(text).digest("hex") };
    stamped.set(script, made);
  }
  return made;
}

/** Reads the reply of a stamped script. `undefined` if it is none, such as the text that stands for an aborted request, or a part of one. */
export function readStamped(reply: unknown): StampedReply | undefined {
  const text = Buffer.isBuffer(reply) ? reply.toString() : reply;
  if (typeof text !== "string" || !text.startsWith(MARK)) return undefined;
  const space = text.indexOf(" ");
  if (space < 0) return undefined;
  try {
    return { runId: text.slice(MARK.length, space), reply: JSON.parse(text.slice(space + 1)) as unknown };
  } catch {
    return undefined;
  }
}
