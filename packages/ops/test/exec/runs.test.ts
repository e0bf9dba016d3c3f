import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { lastRun } from "quorumlock/patterns";
import { tokenId } from "../../src/monitor/locks/token-id.ts";
import { type Ended, ExecBed, isRunning, until } from "./support/exec-bed.ts";

/** Ends with 5 at a signal, and prints `up` when it is ready for that. */
function trapped(signal: string): string {
  return `trap 'exit 5' ${signal}; echo up; while :; do sleep 0.05; done`;
}

/** Runs a command that ignores TERM longer than --max-run. The limit is longer if the command has not come so far that it ignores TERM. */
async function runDeaf(): Promise<Ended> {
  const script = "trap '' TERM; echo deaf; while :; do sleep 1; done";
  for (const limit of ["1s", "5s", "25s"]) {
    const words = ["limit", "--max-run", limit, "--grace", "200ms", "--shared", "--", "sh", "-c", script];
    const end = await bed.run(words);
    if (end.stdout !== "") return end;
  }
  throw new Error("it has not come so far in 25 s");
}

let bed: ExecBed;

beforeAll(async () => {
  bed = await ExecBed.start();
});
afterEach(() => bed.expectNoLeftovers());
afterAll(() => bed[Symbol.asyncDispose]());

test("the exit code is that of the command, nothing is printed, and the environment has the lock", async () => {
  const script = "env | grep ^QUORUMLOCK_ | sort; exit 7";
  const [first, second] = [
    await bed.run(["report", "--", "sh", "-c", script], { env: { QUORUMLOCK_PASSWORD: "secret" } }),
    await bed.run(["report", "--ttl", "9s", "--also", "b", "--", "sh", "-c", script], {
      env: {
        QUORUMLOCK_INSTANCES: `redis://user:secret@nowhere:1,${bed.servers.map(({ url }) => url).join(",")}`,
      },
    }),
  ];
  expect(first).toMatchObject({ code: 7, stderr: "" });
  const read = (text: string): Record<string, string> =>
    Object.fromEntries(
      text
        .trim()
        .split("\n")
        .map((line) => line.split(/=(.*)/s).slice(0, 2)),
    ) as Record<string, string>;
  const [one, two] = [read(first.stdout), read(second.stdout)];
  expect(one).toMatchObject({
    QUORUMLOCK_NAME: "report",
    QUORUMLOCK_NAMES: '["report"]',
    QUORUMLOCK_TTL_MS: "30000",
  });
  expect(one.QUORUMLOCK_LOCK_ID).toMatch(/^[0-9a-f]{8}$/);
  expect(JSON.parse(one.QUORUMLOCK_HELD!)).toEqual([
    { name: "report", id: one.QUORUMLOCK_LOCK_ID, fence: Number(one.QUORUMLOCK_FENCE), prefix: "lock:" },
  ]);
  expect(two).toMatchObject({ QUORUMLOCK_NAMES: '["b","report"]', QUORUMLOCK_TTL_MS: "9000" });
  expect(Number(two.QUORUMLOCK_FENCE)).toBeGreaterThan(Number(one.QUORUMLOCK_FENCE));
  expect(first.stdout + second.stdout).not.toMatch(/secret|QUORUMLOCK_PASSWORD/);
});

test("names and arguments with spaces, quotes and line breaks go as they are", async () => {
  const name = `it's "a"\n b`;
  const words = ["a b", `"quoted" 'too'`, "line\nbreak", "$HOME `id` \\", "", "--ttl", "--"];
  const { stdout, code } = await bed.run([
    name,
    "--",
    "sh",
    "-c",
    'printf "%s|" "$QUORUMLOCK_NAME" "$@"',
    "sh",
    ...words,
  ]);
  expect({ stdout, code }).toEqual({ stdout: [name, ...words, ""].join("|"), code: 0 });
  await using held = await bed.redlock.acquire(name);
  const busy = await bed.run([name, "--wait", "0", "--", "true"]);
  expect(busy.stderr).toMatch(
    /^it's "a"\\n b: held by the-test:1 \(\d.+ left if it is not extended\); not run\n$/,
  );
  expect(held.isHeld).toBe(true);
});

test("a command that cannot run ends with 126 or 127, without a lock", async () => {
  writeFileSync(bed.path("plain"), "");
  const runs = await Promise.all(
    [["no-such-command"], ["./plain"], ["."], ["/no/such/directory/x"], [""]].map((words) =>
      bed.run(["a", "--", ...words]),
    ),
  );
  expect(runs.map(({ code }) => code)).toEqual([127, 126, 126, 127, 127]);
  expect(runs[0]?.stderr).toBe("no-such-command: command not found; not run\n");
});

const ways = [
  ["unshare", "--mount"],
  ["unshare", "--mount", "--map-root-user"],
] as const;
/** How a process gets a view of the files in which /bin/sh cannot be run. `undefined` if this user may not do that. */
const withoutShell = ways.find(
  ([command, ...flags]) =>
    spawnSync(command, [...flags, "mount", "--bind", "/dev/null", "/bin/sh"]).status === 0,
);
if (withoutShell === undefined) console.log("skipped: this user may not mount a file over /bin/sh");

test.skipIf(withoutShell === undefined)(
  "without a usable /bin/sh there is no guard: the command is not started, exec ends with 125 and releases the lock",
  async () => {
    const [command, ...flags] = withoutShell ?? ["unshare"];
    const hidden = ["sh", "-c", 'mount --bind /dev/null /bin/sh && exec "$@"', "sh"];
    const words = ["exec", "guardless", "--report", "guardless.json", "--", "touch", "ran"];
    const run = bed.spawn(command, [...flags, ...hidden, process.execPath, bed.main, ...words]);
    expect(await run.ended).toMatchObject({
      code: 125,
      stdout: "",
      stderr: expect.stringMatching(/^guardless: the guard needs \/bin\/sh: .*EACCES.*\n$/) as string,
    });
    expect(existsSync(bed.path("ran"))).toBe(false);
    expect(JSON.parse(bed.read("guardless.json"))).toMatchObject({ outcome: "not-started", exitCode: 125 });
    expect((await bed.redlock.query("guardless")).isHeld).toBe(false);
  },
);

test("exec dies by the signal of the command, so shells report 128 + n", async () => {
  const ends = await Promise.all(
    ["TERM", "KILL", "INT", "USR1"].map((signal) =>
      bed.run(["die", "--shared", "--", "sh", "-c", `kill -s ${signal} $$`]),
    ),
  );
  expect(ends.map(({ signal }) => signal)).toEqual(["SIGTERM", "SIGKILL", "SIGINT", "SIGUSR1"]);
  const { stdout } = await bed.shell(
    "$QL exec die -- sh -c 'kill -s ABRT $$'; echo $?; $QL exec die -- sh -c 'kill -s TERM $$'; echo $?",
  ).ended;
  expect(stdout).toBe("134\n143\n");
});

test("--foreground without a terminal: INT is passed on, because no terminal has sent it to the command", async () => {
  const run = bed.exec(["fg", "--foreground", "--", "sh", "-c", trapped("INT")]);
  await run.output(/up/);
  run.kill("SIGINT");
  expect((await run.ended).code).toBe(5);
});

test("--inherit ends the command with 79 when the lock around it is released", async () => {
  const lock = await bed.redlock.acquire("outer");
  const held = [{ name: "outer", id: tokenId(lock.token), fence: lock.fence, prefix: "lock:" }];
  const run = bed.exec(["outer", "--inherit", "--", "sh", "-c", "echo up; exec sleep 999"], {
    env: { QUORUMLOCK_HELD: JSON.stringify(held), QUORUMLOCK_TTL_MS: "3000" },
  });
  await run.output(/up/);
  await lock.release();
  expect(await run.ended).toMatchObject({
    code: 79,
    stderr: "outer: lock lost (the exec around this one has lost or released it); sent TERM\n",
  });
});

test("what a command leaves behind is ended; a daemon with a session of its own is not", async () => {
  const run = bed.exec([
    "left",
    "--grace",
    "1s",
    "--",
    "sh",
    "-c",
    "trap '' TERM; sleep 998 & sh -c 'trap - TERM; exec sleep 999' & exit 3",
  ]);
  expect(await run.ended).toMatchObject({ code: 3, stderr: "left: 2 processes were left; ended\n" });
  const daemon = bed.exec(["left", "--", "sh", "-c", "(setsid sleep 60 >/dev/null 2>&1 & echo $!)"]);
  const ended = await daemon.ended;
  const pid = Number(ended.stdout);
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  expect(await isRunning(pid)).toBe(true);
  process.kill(pid, "SIGKILL");
});

test("signals reach the whole group, and exec waits for the end of the command", async () => {
  const script =
    "trap 'echo usr1' USR1; trap 'echo term; exit 9' TERM; sh -c 'trap : USR1; trap \"echo inner; exit\" TERM; echo ready; while :; do sleep 0.1; done' & while :; do wait; done";
  const run = bed.exec(["signals", "--", "sh", "-c", script]);
  await run.output(/ready/);
  run.kill("SIGUSR1");
  await run.output(/usr1/);
  expect(run.child.exitCode).toBe(null);
  run.kill("SIGTERM");
  const { code, stdout } = await run.ended;
  expect(code).toBe(9);
  expect(stdout).toContain("inner");
});

test("a command that runs longer than --max-run gets TERM and then KILL, and exec ends with 124", async () => {
  const [polite, deaf] = await Promise.all([
    bed.run(["limit", "--max-run", "300ms", "--shared", "--report", "polite.json", "--", "sleep", "999"]),
    runDeaf(),
  ]);
  expect(polite).toMatchObject({
    code: 124,
    stderr: "limit: still running after 300 ms, the limit of --max-run; sent TERM\n",
  });
  expect(deaf.code).toBe(124);
  expect(deaf.stderr).toMatch(/sent TERM\nlimit: still running .+ after TERM; sent KILL\n$/);
  expect(JSON.parse(bed.read("polite.json"))).toMatchObject({
    outcome: "max-run",
    exitCode: 124,
    signal: "SIGTERM",
  });
});

test("a busy lock ends with 75 and one line that says who holds it, read fresh", async () => {
  const holder = bed.exec(["busy", "--", "sh", "-c", "echo up; exec sleep 999"]);
  await holder.output(/up/);
  await bed.reported(1);
  const [busy, quiet, waited] = await Promise.all([
    bed.run(["busy", "--wait", "0", "--report", "busy.json", "--", "touch", "ran"]),
    bed.run(["busy", "--wait", "0", "--busy-code", "0", "--quiet", "--", "touch", "ran"]),
    // It must have had answers by then.
    bed.run(["busy", "--wait", "3s", "--", "touch", "ran"]),
  ]);
  expect(busy.code).toBe(75);
  expect(busy.stderr).toMatch(new RegExp(`^busy: held by [^ ]+:${holder.pid} for [^\\n]+; not run\\n$`));
  expect(quiet).toMatchObject({ code: 0, stdout: "", stderr: "" });
  expect(waited).toMatchObject({ code: 75 });
  expect(JSON.parse(bed.read("busy.json"))).toMatchObject({
    schema: 1,
    outcome: "busy",
    exitCode: 75,
    fence: null,
    heldMs: 0,
  });
  expect(existsSync(bed.path("ran"))).toBe(false);
  holder.kill("SIGTERM");
  expect((await holder.ended).signal).toBe("SIGTERM");
});

test("--shared commands run beside each other, --permits limits them, and --priority waits in line", async () => {
  const hold = ["--", "sh", "-c", "echo up; read -r line || exec sleep 999"];
  const start = async (words: readonly string[]) => {
    const run = bed.exec([...words, ...hold]);
    await run.output(/up/);
    return run;
  };
  const runs = await Promise.all([
    start(["s", "--shared"]),
    start(["s", "--shared"]),
    start(["p", "--permits", "2"]),
    start(["p", "--permits", "2"]),
    start(["f", "--priority", "-5"]),
  ]);
  await bed.reported(runs.length);
  const [writer, third, line] = await Promise.all([
    bed.run(["s", "--wait", "0", "--", "true"]),
    bed.run(["p", "--permits", "2", "--wait", "0", "--", "true"]),
    bed.run(["f", "--priority", "5", "--wait", "0", "--", "true"]),
  ]);
  expect([writer.code, third.code, line.code]).toEqual([75, 75, 75]);
  expect(writer.stderr).toMatch(/^s: held by .+ for .+, held by .+ for .+; not run\n$/);
  for (const run of runs) run.kill("SIGKILL");
  for (const run of runs) await run.ended;
  // The guards end the commands. The keys end with the leases, which a test need not wait for.
  await until(() => bed.processes().length === 0);
  await bed.clear();
});

test("wrong usage ends with 64 and says what to write", async () => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [["a", "--wait", "5", "--", "true"], /5 has no unit; write 5s or 5ms/],
    [
      ["a", "--ttl", "3s", "--grace", "2s", "--", "true"],
      /--grace: 2s must be at most a third of the ttl of 3s/,
    ],
    [["a", "--ttl", "1s", "--", "true"], /from 3s to 30d/],
    [["a", "--max-run", "25d", "--", "true"], /from 1ms to 24d/],
    [["a", "--shared", "--permits", "2", "--", "true"], /--shared and --permits cannot be used together/],
    [["a", "--also", "a", "--", "true"], /--also: the name is the same/],
    [["a", "--permits", "2", "--also", "b", "--", "true"], /--permits is for one name/],
    [["", "--", "true"], /a name is empty/],
    [["a"], /missing required argument 'command'/],
    [["a", "--lost-code", "256", "--", "true"], /whole number from 0 to 255/],
  ];
  const ends = await Promise.all(cases.map(([words]) => bed.run(words)));
  ends.forEach((end, index) => {
    expect(end.stderr).toMatch(cases[index]![1]);
    expect(end.code).toBe(64);
  });
});

test("a nested exec of the same name ends with 64 at once, of another name runs, and --inherit runs under the lock", async () => {
  const { stdout, stderr, code } = await bed.shell(`
    $QL exec outer -- sh -c '
      $QL exec outer --wait forever -- echo never; echo $?
      $QL exec inner -- sh -c "echo \\$QUORUMLOCK_NAME; \\$QL exec inner --also outer --wait forever -- echo never; echo \\$?"
      $QL exec outer --inherit -- sh -c "echo \\$QUORUMLOCK_FENCE; exit 6"; echo $?
      echo $QUORUMLOCK_FENCE $QUORUMLOCK_LOCK_ID'`).ended;
  const [, , , , , fence = "", id = ""] = stdout.split(/\s/);
  expect(stdout).toBe(`64\ninner\n64\n${fence}\n6\n${fence} ${id}\n`);
  expect(stderr).toContain(
    `outer: is already held by this process tree (id ${id}); use --inherit to run under it\n`,
  );
  expect(code).toBe(0);
  // The environment of a lock that has ended says nothing.
  const held = JSON.stringify([{ name: "outer", id: "0123abcd", fence: 1, prefix: "lock:" }]);
  const stale = await bed.run(["outer", "--inherit", "--", "sh", "-c", "echo $QUORUMLOCK_HELD"], {
    env: { QUORUMLOCK_HELD: held },
  });
  expect(stale.code).toBe(0);
  expect(stale.stdout).not.toContain("0123abcd");
});

test("--report tells apart what has the same exit code, and a path that cannot be written stops the run", async () => {
  await bed.run(["r", "--report", "ran.json", "--", "sh", "-c", "exit 75"]);
  const report = JSON.parse(bed.read("ran.json")) as Record<string, unknown>;
  expect(report).toMatchObject({ schema: 1, outcome: "ran", exitCode: 75, signal: null });
  expect(Object.keys(report)).toEqual([
    "schema",
    "outcome",
    "exitCode",
    "signal",
    "fence",
    "waitedMs",
    "heldMs",
  ]);
  const wrong = await bed.run(["r", "--report", "/no/such/file", "--", "touch", "ran"]);
  expect(wrong).toMatchObject({
    code: 73,
    stderr: expect.stringMatching(/^--report: the file cannot be written: ENOENT/) as string,
  });
  const { stdout } = await bed.shell("$QL exec r --report /dev/stdout -- true | cat").ended;
  expect(JSON.parse(stdout)).toMatchObject({ outcome: "ran", exitCode: 0 });
  expect(existsSync(bed.path("ran"))).toBe(false);
});

test("--record keeps the last run, where lastRun() of quorumlock/patterns finds it", async () => {
  await bed.run(["job", "--record", "--", "sh", "-c", "exit 3"]);
  expect(await lastRun(bed.redlock, "job")).toMatchObject({ state: "failed", error: "exit code 3" });
  await bed.run(["job", "--record", "--max-run", "100ms", "--", "sleep", "999"]);
  expect(await lastRun(bed.redlock, "job")).toMatchObject({
    state: "failed",
    error: "still running after 100 ms, the limit of --max-run; ended by SIGTERM",
  });
  const startedAt = Date.now();
  const run = bed.exec(["job", "--record", "--", "true"]);
  await run.ended;
  const last = await lastRun(bed.redlock, "job");
  expect(last).toMatchObject({
    state: "done",
    error: undefined,
    by: expect.stringMatching(new RegExp(`:${run.pid}$`)) as string,
  });
  expect(last!.startedAt).toBeGreaterThanOrEqual(startedAt - 1_000);
});

test("--at-least keeps the lock after the command, also if exec is told to end", async () => {
  await bed.run(["slot", "--at-least", "1s", "--report", "slot.json", "--", "true"]);
  expect((JSON.parse(bed.read("slot.json")) as { heldMs: number }).heldMs).toBeGreaterThanOrEqual(1_000);
  expect((await bed.redlock.query("slot")).isHeld).toBe(false);
  const long = bed.exec(["slot", "--at-least", "60s", "--", "sh", "-c", "echo done"]);
  await long.output(/done/);
  // Only exec is left: the guard has ended, because nothing is left to guard.
  await until(() => bed.processes().length === 1);
  long.kill("SIGTERM");
  expect(await long.ended).toMatchObject({ code: 0, signal: null });
  const { isHeld, holders } = await bed.redlock.query("slot");
  expect(isHeld).toBe(true);
  expect(holders[0]!.remaining).toBeGreaterThan(30_000);
  expect(holders[0]!.remaining).toBeLessThanOrEqual(60_000);
  await bed.clear();
  // A signal while the command runs is remembered.
  const deaf = bed.exec(["told", "--at-least", "60s", "--", "sh", "-c", trapped("TERM")]);
  await deaf.output(/up/);
  deaf.kill("SIGTERM");
  expect(await deaf.ended).toMatchObject({ code: 5 });
  expect((await bed.redlock.query("told")).isHeld).toBe(true);
  await bed.clear();
});

test("pipes: input and output are those of the command, and closed ones do no harm", async () => {
  const big = "x".repeat(200_000);
  const piped = await bed.shell('printf "%s" "$DATA" | $QL exec pipe -- cat | (sleep 0.3; wc -c)', {
    env: { DATA: big.slice(0, 100_000) },
  }).ended;
  expect(piped).toMatchObject({ stderr: "", stdout: expect.stringMatching(/^ *100000\n$/) as string });
  expect((await bed.run(["pipe", "--", "cat"], { input: big })).stdout).toBe(big);
  // 04000 is O_NONBLOCK, which would make the writes of the command fail.
  const flags = await bed.run([
    "pipe",
    "--",
    "sh",
    "-c",
    "cat /proc/self/fdinfo/1 /proc/self/fdinfo/2; ls /proc/self/fd | wc -w",
  ]);
  expect(
    flags.stdout
      .match(/flags:\s+\d+/g)!
      .every((line) => (Number.parseInt(/\d+$/.exec(line)![0], 8) & 0o4000) === 0),
  ).toBe(true);
  // The command has no open file of exec.
  const plain = await bed.spawn("sh", ["-c", "ls /proc/self/fd | wc -w"]).ended;
  expect(/(\d+)\n$/.exec(flags.stdout)![1]).toBe(plain.stdout.trim());
  const closed = await bed.shell(
    '$QL exec pipe -- sh -c "exit 5" <&- >&- 2>&-; echo $?; $QL exec pipe -- yes | head -1',
  ).ended;
  expect(closed.stdout).toBe("5\ny\n");
});
