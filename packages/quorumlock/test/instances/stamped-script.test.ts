import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { readStamped, stampedScriptOf } from "../../src/instances/stamped-script.ts";
import { testServers } from "../support/server-access.ts";

const [server] = await testServers(1);

function script(text: string): { readonly text: string; readonly sha: string } {
  return { text, sha: createHash("sha1").update(text).digest("hex") };
}

test.each([
  ["1", 1],
  ["-1", -1],
  ["12.7", 12],
  ["-0.5", 0],
  ["9007199254740991", Number.MAX_SAFE_INTEGER],
  ["'\"quoted\" \\\\ \\n \\t \\127 ü 漢 /'", '"quoted" \\ \n \t \u007f ü 漢 /'],
  ["{1, 'x', {0, '', {}}, true}", [1, "x", [0, "", []], 1]],
  ["'[1, 2]'", "[1, 2]"],
])("the reply %s comes back as the script gave it", async (lua, expected) => {
  const { text, sha } = stampedScriptOf(script(`local reply = ${lua}\nreturn reply`));
  const read = readStamped(await server!.admin.eval(text, 0));
  const [, runId] = /run_id:(\w+)/.exec(await server!.admin.info("server")) ?? [];
  expect(read).toEqual({ runId, reply: expected });
  expect(await server!.admin.evalsha(sha, 0)).toBe(await server!.admin.eval(text, 0));
});

test("an early return of the script is its reply, and its keys and arguments are those of the call", async () => {
  const { text } = stampedScriptOf(script("if #ARGV == 1 then return KEYS[1] .. ARGV[1] end\nreturn 0"));
  expect(readStamped(await server!.admin.eval(text, 1, "k", "v"))?.reply).toBe("kv");
});

test("what is no reply of a stamped script is not read", () => {
  expect(readStamped("Aborted")).toBeUndefined();
  expect(readStamped(null)).toBeUndefined();
  expect(readStamped([1])).toBeUndefined();
  expect(readStamped("=1")).toBeUndefined();
  expect(readStamped("=run [1,")).toBeUndefined();
  expect(readStamped(Buffer.from("= 1"))).toEqual({ runId: "", reply: 1 });
});
