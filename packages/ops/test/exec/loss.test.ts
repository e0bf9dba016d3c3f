import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { releaseForOperator } from "quorumlock/operator";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { listProcesses, membersOf } from "../../src/exec/process-table.ts";
import { ExecBed, isRunning, type Started, until } from "./support/exec-bed.ts";

const DEAF = "trap '' TERM; echo $$; while :; do sleep 1; done";
const SHORT = ["--ttl", "4s", "--grace", "1s"];
/** As short as it can be for a lease that survives two seconds in which the machine stands still. */
const SHORT_WITHOUT_GRACE = ["--ttl", "6s", "--grace", "0"];
/** For many guards at once on a machine under load. */
const ROOMY = ["--ttl", "9s", "--grace", "1s"];

/** Ignores TERM, and writes the time since the start of the system, in s, into a file as long as it lives. */
function deafClock(file: string): string {
  return `trap '' TERM; echo $$; while :; do read -r up rest </proc/uptime; echo $up >> ${file}; sleep 0.02; done`;
}

function uptimeMs(): number {
  return Number.parseFloat(readFileSync("/proc/uptime", "utf8")) * 1_000;
}

/** When the command of `deafClock` was alive for the last time, in ms since the start of the system. */
function lastAliveMs(file: string): number {
  return Number(bed.read(file).trim().split("\n").at(-1)) * 1_000;
}

/**
 * Stops all servers but the first one right after an extension, before the next one can begin.
 * @returns when the lease ends, in ms since the start of the system.
 */
async function stopMajority(name: string, ttlMs: number): Promise<number> {
  const majority = bed.servers.slice(1);
  const plain = majority.map(({ port }) => new Redis(port));
  try {
    return await until(async () => {
      const nowMs = uptimeMs();
      const leftMs = Math.min(...(await Promise.all(plain.map((redis) => redis.pttl(`lock:${name}`)))));
      if (leftMs < ttlMs * 0.93) return undefined;
      for (const server of majority) server.pause();
      // An extension begins after a third of the ttl. On a busy machine it can have come first.
      if (uptimeMs() < nowMs + ttlMs / 5) return nowMs + leftMs;
      for (const server of majority) server.resume();
      return undefined;
    });
  } finally {
    for (const redis of plain) redis.disconnect();
  }
}

let bed: ExecBed;

beforeAll(async () => {
  bed = await ExecBed.start();
});
afterAll(() => bed[Symbol.asyncDispose]());

/** The numbers that the command prints when it has begun. */
async function pidsOf(run: Started): Promise<readonly number[]> {
  const [line] = await run.output(/^[\d ]+\n/);
  return line.trim().split(" ").map(Number);
}

/** Which of these processes have not ended. */
async function alive(pids: readonly number[]): Promise<readonly number[]> {
  const rows = await listProcesses();
  return pids.filter((pid) => rows.some((row) => row.pid === pid));
}

/** The guard: a child of exec with a session of its own that is not the command. */
async function guardOf(run: Started, command: number): Promise<number> {
  return until(async () => {
    const rows = await listProcesses();
    return rows.find(({ pid, parent }) => parent === run.pid && pid !== command)?.pid;
  });
}

describe.concurrent("exec is killed", () => {
  afterAll(async () => {
    // Leases and reports end by themselves, which a test need not wait for.
    await bed.clear();
    await bed.expectNoLeftovers();
  });

  test.each([
    ["the command and a process in its background", 2, 1, "sleep 999 & echo $! $$; exec sleep 999"],
    [
      "a command that ignores TERM",
      3,
      1,
      `trap '' TERM; sleep 999 & echo $! $$; while :; do sleep 999; done`,
    ],
    [
      "jobs in groups of their own, and a process with a session of its own",
      3,
      2,
      "set -m; sleep 999 & echo $! $$; setsid --wait sleep 999; :",
    ],
  ])(
    "exec is killed: %s are gone before another process can acquire the lock",
    async (name, processes, sessions, script) => {
      const run = bed.exec([name, ...ROOMY, "--", "sh", "-c", script]);
      const pids = await pidsOf(run);
      const [, shell = 0] = pids;
      // With what the command has started since.
      const members = await until(async () => {
        const rows = membersOf(shell, await listProcesses(), new Set());
        const found = new Set(rows.map(({ session }) => session)).size;
        return rows.length >= processes && found >= sessions && rows.map(({ pid }) => pid);
      });
      const next = bed.redlock.acquire(name, { wait: Infinity });
      run.kill("SIGKILL");
      await using lock = await next;
      expect(await alive([...pids, ...members])).toEqual([]);
      expect(lock.isHeld).toBe(true);
      expect((await run.ended).signal).toBe("SIGKILL");
      await lock.release();
    },
  );

  test("exec and its nested exec: when the outer one is killed, the inner command is gone before the outer lock is free", async () => {
    const script = `$QL exec inner -- sh -c "${DEAF.replaceAll("$$", "\\$\\$")}"`;
    const run = bed.exec(["outer", ...ROOMY, "--", "sh", "-c", script], {
      env: { QL: `${process.execPath} ${bed.main}` },
    });
    const [inner = 0] = await pidsOf(run);
    const next = bed.redlock.acquire("outer", { wait: Infinity });
    run.kill("SIGKILL");
    await using lock = await next;
    expect(await isRunning(inner)).toBe(false);
    await lock.release();
  });

  test("a guard that is killed is replaced, so exec can be killed after it", async () => {
    const run = bed.exec(["guarded", ...ROOMY, "--", "sh", "-c", DEAF]);
    const [pid = 0] = await pidsOf(run);
    const guard = await guardOf(run, pid);
    process.kill(guard, "SIGKILL");
    await until(async () => (await guardOf(run, pid)) !== guard);
    const next = bed.redlock.acquire("guarded", { wait: Infinity });
    run.kill("SIGKILL");
    await using lock = await next;
    expect(await isRunning(pid)).toBe(false);
    await lock.release();
  });
});

describe("the lock is lost", () => {
  afterEach(() => bed.expectNoLeftovers());

  test("a majority hangs: a command that ignores TERM is dead before the lease ends, and exec ends with 79", async () => {
    const run = bed.exec([
      "hung",
      ...SHORT,
      "--report",
      "hung.json",
      "--record",
      "--",
      "sh",
      "-c",
      deafClock("hung"),
    ]);
    const [pid = 0] = await pidsOf(run);
    const endsMs = await stopMajority("hung", 4_000);
    await until(async () => !(await isRunning(pid)));
    expect(lastAliveMs("hung")).toBeLessThan(endsMs);
    const { code, stderr } = await run.ended;
    expect(code).toBe(79);
    expect(stderr).toMatch(
      /^hung: lock lost \(2 of 3 servers did not answer\); sent TERM\nhung: still running .+ after TERM; sent KILL\n/,
    );
    expect(JSON.parse(bed.read("hung.json"))).toMatchObject({
      outcome: "lost",
      exitCode: 79,
      signal: "SIGKILL",
    });
    for (const server of bed.servers) server.resume();
    // The report of exec could not be removed while the servers hung.
    await bed.clear();
  });

  test("exec is killed while a majority hangs: KILL follows TERM at once, so the command is dead before the lease ends", async () => {
    const run = bed.exec(["both", "--ttl", "6s", "--grace", "2s", "--", "sh", "-c", deafClock("both")]);
    const [pid = 0] = await pidsOf(run);
    const endsMs = await stopMajority("both", 6_000);
    // exec writes `grace 0` at the first extension that fails. Then it is killed, with less than the grace left of the lease.
    await until(() => uptimeMs() > endsMs - 2_300);
    run.kill("SIGKILL");
    await until(async () => !(await isRunning(pid)));
    expect(lastAliveMs("both")).toBeLessThan(endsMs);
    for (const server of bed.servers) server.resume();
    await bed.clear();
  });

  test("an operator releases the lock: the command is ended at once, and exec ends with 79", async () => {
    const run = bed.exec([
      "drained",
      "--ttl",
      "9s",
      "--grace",
      "3s",
      "--lost-code",
      "90",
      "--",
      "sh",
      "-c",
      "trap 'echo term; exit 0' TERM; echo $$; while :; do sleep 0.1; done",
    ]);
    await pidsOf(run);
    const { holders } = await bed.redlock.query("drained");
    const result = await releaseForOperator(bed.redlock, {
      name: "drained",
      token: holders[0]!.token,
      mode: "drain",
      operator: "operator:anna",
    });
    expect(result.released).toBe(true);
    const next = bed.redlock.acquire("drained", { wait: Infinity });
    expect(await run.ended).toMatchObject({
      code: 90,
      stdout: expect.stringMatching(/term\n$/) as string,
      stderr: expect.stringMatching(
        /^drained: lock lost \(released by operator:anna\); sent TERM\n/,
      ) as string,
    });
    await using lock = await next;
    expect(lock.isHeld).toBe(true);
  });

  test("exec was stopped until its lease was over: the command is killed, and exec ends with 79", async () => {
    const run = bed.exec(["stopped", ...SHORT_WITHOUT_GRACE, "--", "sh", "-c", DEAF]);
    const [pid = 0] = await pidsOf(run);
    run.kill("SIGSTOP");
    await using lock = await bed.redlock.acquire("stopped", { wait: Infinity });
    run.kill("SIGCONT");
    const { code, stderr } = await run.ended;
    expect(code).toBe(79);
    // An extension that had begun before the pause has failed, and then that is the reason.
    expect(stderr).toMatch(
      /^stopped: lock lost \((its lease ended while exec was paused|\d of 3 servers did not answer)\); sent KILL\n/,
    );
    expect(await isRunning(pid)).toBe(false);
    expect(lock.isHeld).toBe(true);
  });

  test("TSTP stops the command before exec, so it does not go on without the lock; CONT in time continues both", async () => {
    // In a session of its own, as the command of a nested exec.
    const script = "echo $$; setsid --wait sh -c 'while :; do echo tick >> ticks; sleep 0.05; done'; :";
    const start = async (
      ttl: string,
    ): Promise<{ readonly run: Started; readonly stop: () => Promise<void> }> => {
      const run = bed.exec(["tstp", "--ttl", ttl, "--grace", "0", "--", "sh", "-c", script]);
      const [pid = 0] = await pidsOf(run);
      const stop = async (): Promise<void> => {
        run.kill("SIGTSTP");
        await until(async () => (await stateOf(run.pid)) === "T" && (await stateOf(pid)) === "T");
      };
      return { run, stop };
    };
    const inTime = await start("30s");
    await until(() => bed.read("ticks") !== "");
    await inTime.stop();
    const before = bed.read("ticks").length;
    inTime.run.kill("SIGCONT");
    await until(() => bed.read("ticks").length > before);
    inTime.run.kill("SIGTERM");
    expect(await inTime.run.ended).toMatchObject({ signal: "SIGTERM" });
    const late = await start("6s");
    await late.stop();
    const ticks = bed.read("ticks").length;
    await using lock = await bed.redlock.acquire("tstp", { wait: Infinity });
    late.run.kill("SIGCONT");
    expect(await late.run.ended).toMatchObject({ code: 79 });
    expect(bed.read("ticks").length).toBe(ticks);
    expect(lock.isHeld).toBe(true);
  });

  test("CONT right after TSTP: exec does not stop itself afterwards, and no process of the command stays stopped", async () => {
    const script = "echo $$; while :; do echo tick >> quick; sleep 0.01; done";
    const run = bed.exec(["quick", "--", "sh", "-c", script]);
    const [pid = 0] = await pidsOf(run);
    // exec needs some milliseconds to stop the command before itself.
    for (const pauseMs of [0, 1, 2, 4, 6, 8, 12, 16, 24]) {
      run.kill("SIGTSTP");
      await sleep(pauseMs);
      run.kill("SIGCONT");
      const before = bed.read("quick").length;
      await until(() => bed.read("quick").length > before + 20);
      expect(await stateOf(run.pid)).not.toBe("T");
    }
    expect(await isRunning(pid)).toBe(true);
    run.kill("SIGTERM");
    expect((await run.ended).signal).toBe("SIGTERM");
  });
});

async function stateOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2)[0];
}
