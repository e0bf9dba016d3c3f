import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startCommandBed } from "./support/command-bed.ts";
import { directoryWith, runCommand } from "./support/run-command.ts";

const NOT_CHECKED = { status: 0, stderr: "" };

for (const shell of ["bash", "zsh", "fish"]) {
  const isInstalled = spawnSync(shell, ["--version"]).error === undefined;
  if (!isInstalled) console.log(`completion: ${shell} is not installed, so it does not check its script`);

  test(`prints a script for ${shell}`, async () => {
    const { code, stdout } = await runCommand(["completion", shell]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/quorumlock\W+complete/);
    const script = join(directoryWith({ script: stdout }), "script");
    const check = isInstalled ? spawnSync(shell, ["-n", script], { encoding: "utf8" }) : NOT_CHECKED;
    expect([check.status, check.stderr]).toEqual([0, ""]);
  });
}

test("refuses a shell that it does not know", async () => {
  expect(await runCommand(["completion", "tcsh"])).toMatchObject({ code: 64, stdout: "" });
});

test("bash completes verbs and options", async () => {
  const { stdout: script } = await runCommand(["completion", "bash"]);
  const check = spawnSync("bash", ["--norc"], {
    input: `${script}\ncomplete -p quorumlock\n`,
    encoding: "utf8",
  });
  expect(check.stdout).toContain("quorumlock");
  const verbs = (await runCommand(["complete", "--", "a"])).stdout;
  expect(verbs).toMatch(/^alerts\t/m);
  const options = (await runCommand(["complete", "--", "alerts", "check", "--"])).stdout;
  expect(options).toMatch(/^--config\t/m);
});

test("names of locks that cannot be read complete to nothing, without an error", async () => {
  const result = await runCommand(["complete", "--", "inspect", ""], {
    env: { QUORUMLOCK_INSTANCES: "127.0.0.1:1" },
  });
  expect(result).toMatchObject({ code: 0, stderr: "" });
});

test("names of locks that processes report complete, and an open connection does not keep the shell", async () => {
  await using bed = await startCommandBed();
  await bed.reporting("billing-7:3121").acquire("order:42", { ttl: 60_000 });
  const complete = (): ReturnType<typeof runCommand> =>
    runCommand(["complete", "--", "inspect", ""], { env: { QUORUMLOCK_INSTANCES: bed.instances } });
  await expect.poll(async () => (await complete()).stdout).toMatch(/^order:42/m);
  // A server that hangs: the connection stays open, and the command ends all the same.
  for (const server of bed.servers) server.pause();
  expect(await complete()).toMatchObject({ code: 0, stderr: "" });
});

test("a configuration in the present directory is not read for names", async () => {
  await using bed = await startCommandBed(1);
  const cwd = directoryWith({ "quorumlock.yaml": `redis_instances: ["${bed.instances}"]` });
  const connections = async (): Promise<string> => (await bed.plain[0]?.info("stats")) ?? "";
  const count = async (): Promise<string> =>
    /total_connections_received:(\d+)/.exec(await connections())?.[1] ?? "";
  const before = await count();
  expect((await runCommand(["complete", "--", "inspect", ""], { cwd })).code).toBe(0);
  expect(await count()).toBe(before);
});
