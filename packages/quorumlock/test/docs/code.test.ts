import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { locksOn, testServers } from "../support/server-access.ts";
import { type CodeBlock, isProgram, readBlocks, titleOf } from "./blocks.ts";
import { isFragment, Programs } from "./programs.ts";

// The programs of the README and the docs, against servers with the options of compose.yaml.

const SERVER = ["--appendonly", "yes", "--appendfsync", "always"];
const servers = await testServers(4, { args: SERVER });
const programs = new Programs(servers.map(({ server }) => server.url));
afterAll(() => programs[Symbol.dispose]());

const blocks = readBlocks().filter(isProgram);
const isTestFile = ({ code }: CodeBlock): boolean => code.includes('from "vitest"');

/** What a test does with a program that only defines something. */
const CALLS: Readonly<Record<string, string>> = {
  "Serverless functions": `
    const answers = await Promise.all([{ order: 1 }, { order: 2 }].map(handler));
    console.log(answers.map(({ statusCode }) => statusCode).join(" "));
    await redlock.close();`,
};
const PRINTED: Readonly<Record<string, RegExp>> = {
  "Serverless functions": /^200 200\n$/,
  NestJS: /^paid 42, held: true\n$/,
  Metrics: /^redlock_wait_duration_seconds_count\{resource="order:\*"\} 1$[^]*^redlock_instance_up\{.*\} 1$/m,
};
/** The process warnings of programs that show them. */
const WARNED: Readonly<Record<string, RegExp>> = {
  "Diagnostics: a development aid":
    /^\(node:\d+\) \[QUORUMLOCK_LOCK_ORDER\] QuorumlockWarning: locks are nested in different orders: .*\n"account:2" was acquired:\n {2}at transfer \([^]*\)\n(?!.*QuorumlockWarning)/,
};
/** Programs that do not end by themselves. A test below runs each. */
const RUN_BELOW = new Set(["Graceful shutdown"]);

const running = blocks.filter(
  (block) => block.notRun === undefined && !isTestFile(block) && !RUN_BELOW.has(block.heading),
);

describe("programs in the docs", () => {
  test.each(running.map((block) => [titleOf(block), block] as const))("%s runs", async (_, block) => {
    const printed = await programs.run(programs.add(block, CALLS[block.heading]), WARNED[block.heading]);
    expect(anyNumbers(printed)).toBe(anyNumbers(block.output ?? printed));
    expect(printed).toMatch((!isFragment(block) && PRINTED[block.heading]) || /^/);
    for (const server of servers) expect(await locksOn(server)).toEqual([]);
  });

  test("have the expected headings", () => {
    const headings = blocks.map(({ heading }) => heading);
    for (const heading of [...Object.keys({ ...PRINTED, ...WARNED }), ...RUN_BELOW])
      expect(headings).toContain(heading);
  });

  test.each(blocks.filter(isTestFile).map((block) => [titleOf(block), block] as const))(
    "%s passes in Vitest",
    async (_, block) => {
      const printed = await programs.runVitest(programs.add(block));
      expect(printed.match(/✓/g)).toHaveLength(block.code.match(/^test\(/gm)?.length ?? 0);
    },
  );

  test("graceful shutdown: SIGTERM stops the work, releases the lock, and the process ends", async () => {
    const block = blocks.find(({ heading }) => heading === "Graceful shutdown")!;
    const { args, env } = await programs.command(programs.add(block));
    const leader = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => void leader.kill("SIGKILL"));
    let printed = "";
    leader.stdout.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.endsWith("leader\n")) leader.kill("SIGTERM");
    });
    expect(await once(leader, "close")).toEqual([0, null]);
    expect(printed).toBe("this process is the leader\nstopped between two steps\n");
    for (const server of servers) expect(await locksOn(server)).toEqual([]);
  });

  test("compile, also those that cannot run here", async () => {
    for (const block of blocks.filter(({ notRun }) => notRun !== undefined)) {
      console.log(`not run: ${titleOf(block)}: ${block.notRun}`);
      const program = programs.add(block);
      if (block.language === "js") await programs.checkSyntax(program);
    }
    await programs.compile();
  });
});

function anyNumbers(text: string): string {
  return text.replaceAll(/\d+/g, "0");
}
