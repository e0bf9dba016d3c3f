import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { ExecBed, until } from "./support/exec-bed.ts";

/** How many times each signal is sent around a grant. More with QUORUMLOCK_EXEC_TRIES. */
const TRIES = Number(process.env.QUORUMLOCK_EXEC_TRIES ?? 6);
const AT_ONCE = 4;
/** How long after the release the last of these signals comes, ms. */
const MAX_DELAY_MS = 60;

let bed: ExecBed;

beforeAll(async () => {
  bed = await ExecBed.start();
});
afterEach(() => bed.expectNoLeftovers());
afterAll(() => bed[Symbol.asyncDispose]());

test.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"] as const)(
  "%s ends the wait, and leaves the line",
  async (signal) => {
    await using held = await bed.redlock.acquire("wait");
    const run = bed.exec(["wait", "--wait", "forever", "--report", "wait.json", "--", "touch", "ran"]);
    await bed.waiting("wait");
    run.kill(signal);
    expect(await run.ended).toMatchObject({ signal, stdout: "", stderr: "" });
    await until(async () => (await bed.redlock.query("wait")).waiters === 0);
    expect(held.isHeld).toBe(true);
    expect(JSON.parse(bed.read("wait.json"))).toMatchObject({ outcome: "interrupted", signal });
    expect(bed.read("ran")).toBe("");
  },
);

test(
  `TERM before the grant: the command never runs, in ${TRIES} tries`,
  async () => {
    const tryOnce = async (index: number): Promise<void> => {
      const name = `grant-${index}`;
      const lock = await bed.redlock.acquire(name);
      const run = bed.exec([name, "--wait", "forever", "--", "sh", "-c", `echo ran >> ${bed.path("ran")}`]);
      await bed.waiting(name);
      run.kill("SIGTERM");
      // The signal is there before the lock is free, so nothing may run, however soon the grant comes.
      await lock.release();
      expect((await run.ended).signal).toBe("SIGTERM");
    };
    await inGroups(TRIES, tryOnce);
    expect(bed.read("ran")).toBe("");
  },
  120_000 + TRIES * 2_000,
);

test(
  `TERM after the grant: the command has got it, or was never started, in ${TRIES} tries`,
  async () => {
    const tryOnce = async (index: number): Promise<void> => {
      const name = `after-${index}`;
      const lock = await bed.redlock.acquire(name);
      const script = "trap 'echo term; exit 3' TERM; echo up; while :; do sleep 0.05; done";
      const run = bed.exec([name, "--wait", "forever", "--", "sh", "-c", script]);
      await bed.waiting(name);
      await lock.release();
      // From before the grant until the command runs.
      await sleep((index * MAX_DELAY_MS) / Math.max(1, TRIES - 1));
      run.kill("SIGTERM");
      const { code, signal, stdout } = await run.ended;
      // It died before its trap was set, or it was never started; otherwise its trap has run.
      expect(stdout).toMatch(code === 3 ? /^(up\n)?term\n$/ : /^$/);
      expect(code === 3 || signal === "SIGTERM").toBe(true);
    };
    await inGroups(TRIES, tryOnce);
  },
  120_000 + TRIES * 2_000,
);

test("too few servers: 69 and one line a server, not 75; a wrong password: 77", async () => {
  const [one, two, three] = bed.servers.map(({ port }) => `127.0.0.1:${port}`);
  const dead = "127.0.0.1:1";
  const none = await bed.run([
    "none",
    "--wait",
    "0",
    "--instances",
    `${one},${dead},localhost:1`,
    "--",
    "touch",
    "ran",
  ]);
  expect(none.code).toBe(69);
  expect(none.stderr).toMatch(
    /^none: 1 of 3 servers voted, 2 are needed; not run\n  127\.0\.0\.1:1: .+\n  localhost:1: .+\n$/,
  );
  // An environment that may be left over from a lock that has ended is no wrong usage.
  const held = JSON.stringify([{ name: "none", id: "0123abcd", fence: 1, prefix: "lock:" }]);
  const unknown = await bed.run(["none", "--instances", `${one},${dead},localhost:1`, "--", "true"], {
    env: { QUORUMLOCK_HELD: held },
  });
  expect(unknown.code).toBe(69);
  expect(unknown.stderr).toMatch(/^none: too few servers answered to know/);
  const refused = await bed.run(["none", "--wait", "0", "--", "true"], {
    env: {
      QUORUMLOCK_INSTANCES: [one, two, three].map((server) => `redis://anna:wrong@${server}`).join(","),
    },
  });
  expect(refused.code).toBe(77);
  expect(refused.stderr).not.toContain("wrong@");
  expect(refused.stderr.trim().split("\n")).toHaveLength(4);
});

async function inGroups(count: number, act: (index: number) => Promise<void>): Promise<void> {
  for (let start = 0; start < count; start += AT_ONCE)
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, count - start) }, (_, index) => act(start + index)),
    );
}
